"""The page in a real browser."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from adapters.web.adapter import Web
from adapters.web.company import place
from adapters.web.settings import Settings
from bot.chat.adapter import Sent
from bot.chat.cards import Button, Card, Column, Table, Text
from bot.chat.events import Clicked, Event, Opened, Submitted, Typed
from bot.chat.replies import Fix, Open, Quiet, Reply, Say, Unsaved
from bot.chat.stage import Face
from tests.adapters import examples
from tests.adapters.stages import NOT_SAVED, Ear, Memory, Still
from tests.chromium import chromium, needs_chromium
from tests.ports import free_port

pytestmark = needs_chromium

ALICE = place("dm:alice@example.org")
GROWTH = place("channel:growth")
ASKED = Card(
    "Your check-in",
    (examples.BLOCKS["meter"], examples.BLOCKS["facts"]),
    (
        Button("Update", "checkin:open", "primary", opens_form=True),
        Button("Skip", "checkin:skip", confirm="Really skip this week?"),
    ),
)
ANSWERED = Card("Thank you", (Text(examples.say("1,300 and a note.")),))


class Bot(Ear):
    """Asks once, wants a number, and forgets its store when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.page: Web | None = None
        self.message = ""
        self.is_away = False
        self.wait = 0.0

    async def __call__(self, event: Event) -> Reply:
        self.heard.append(event)
        await asyncio.sleep(self.wait)
        if self.is_away:
            raise Unsaved(NOT_SAVED)
        match event:
            case Opened():
                return Say(Card("Your week", (), ASKED.buttons))
            case Clicked(action="checkin:open"):
                return Open(examples.FORM)
            case Submitted(values=values) if values["value:42"] != "1,300":
                return Fix(examples.FORM, examples.PROBLEMS[:1])
            case Submitted() if self.page:
                await self.page.send(ALICE, ANSWERED, key="answered", replaces=self.message)
                return Quiet()
            case Typed(text="plan"):
                return Open(examples.LONG_FORM)
            case Typed(text=text):
                return Say(Card(f"You said {text}"))
            case _:
                return Quiet()


EXPECTED = re.compile("503|ERR_INTERNET_DISCONNECTED")
"""What the browser itself notes of a refused or lost request."""

Visit = Callable[[str], Awaitable[Page]]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def served(bot: Bot, tmp_path: Path) -> AsyncIterator[str]:
    port = free_port()
    stage = Still()
    stage.cast.append(Face("emil@example.org", "Emil Vogt", "Platform", locale="de"))
    bot.page = Web(stage, Settings(port=port, store=tmp_path / "web.db"))
    sent = await bot.page.send(ALICE, ASKED, key="asked")
    assert isinstance(sent, Sent)
    bot.message = sent.id
    running = asyncio.create_task(bot.page.run(bot, Memory()))
    yield f"http://127.0.0.1:{port}"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def visit(browser: Browser, served: str) -> AsyncIterator[Visit]:
    """Opens the page; afterwards no console error and no breach of the policy was seen."""
    complaints: list[str] = []

    async def visit(where: str) -> Page:
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: (
                complaints.append(line.text)
                if line.type == "error" and not EXPECTED.search(line.text)
                else None
            ),
        )
        await page.goto(f"{served}{where}")
        return page

    yield visit
    assert complaints == []


async def test_answering_with_the_mouse(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=bob@example.org")
    await page.get_by_role("link", name="Alice Berg").click()
    await expect(page.locator(".my-name")).to_have_text("Alice Berg")
    await page.get_by_role("button", name="Update").click()
    form = page.get_by_role("dialog", name="Check-in of week 7")
    number = form.get_by_role("textbox", name="Weekly active teams")
    await expect(number).to_be_focused()
    await number.fill("a lot")
    await form.get_by_role("radio", name="9").check()
    await form.get_by_label("In one line").fill("<b>kept</b>")
    await form.get_by_role("button", name="Send").click()
    await expect(number).to_have_attribute("aria-invalid", "true")
    await expect(number).to_be_focused()
    await expect(number).to_have_accessible_description(
        "Last week 1,180. “a lot” is not a number I can read."
    )
    await expect(form.get_by_label("In one line")).to_have_value("<b>kept</b>")
    await expect(form.get_by_role("radio", name="9")).to_be_checked()
    await number.fill("1,300")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    card = page.locator(".message", has_text="Thank you")
    await expect(card).to_contain_text("edited")
    await expect(page.locator(".message")).to_have_count(1)
    last = bot.heard[-1]
    assert isinstance(last, Submitted)
    assert last.values["confidence"] == "9"
    assert last.values["done"] == ("on", "off")


async def test_answering_with_the_keyboard_alone(visit: Visit) -> None:
    page = await visit("/?me=alice@example.org")
    await expect(page.locator(".message")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to the conversation")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#line")).to_be_focused()
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("You said hello")
    await expect(page.locator("#line")).to_have_value("")
    await page.get_by_role("button", name="Update").focus()
    await page.keyboard.press("Enter")
    form = page.locator("#form")
    await expect(form.get_by_role("textbox").first).to_be_focused()
    await page.keyboard.type("1,300 or so")
    await page.keyboard.press("Escape")
    await expect(page.locator("#ask")).to_contain_text("Close without sending?")
    await page.keyboard.press("Escape")
    await expect(form).to_be_visible()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("1,300")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message").first).to_contain_text("Thank you")
    await expect(form).to_be_hidden()


async def test_not_saved_keeps_everything_and_is_one_event(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=alice@example.org")
    bot.is_away = True
    line = page.locator("#line")
    await line.fill("kr 12 40")
    await line.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Not saved yet. Please press again.")
    await expect(line).to_have_value("kr 12 40")
    bot.is_away = False
    await line.press("Enter")
    await expect(line).to_have_value("")
    first, second = bot.heard
    assert first == second
    await page.get_by_role("button", name="Update").click()
    await page.get_by_role("textbox", name="Weekly active teams").fill("1,300")
    bot.is_away = True
    await page.get_by_role("button", name="Send").last.click()
    await expect(page.locator(".verdict")).to_contain_text("Not saved yet")
    await expect(page.get_by_role("textbox", name="Weekly active teams")).to_have_value("1,300")
    bot.is_away = False
    await page.get_by_role("button", name="Send").last.click()
    await expect(page.locator(".message").first).to_contain_text("Thank you")
    assert bot.heard[-1] == bot.heard[-2]


async def test_double_click_is_one_event(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=alice@example.org")
    bot.wait = 0.3
    await page.get_by_role("button", name="Update").dblclick()
    await expect(page.locator("#form")).to_be_visible()
    assert len(bot.heard) == 1


async def test_a_button_may_ask_first(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=alice@example.org")
    await page.get_by_role("button", name="Skip").click()
    await expect(page.locator("#ask")).to_contain_text("Really skip this week?")
    await page.get_by_role("button", name="Cancel").click()
    assert bot.heard == []
    await page.get_by_role("button", name="Skip").click()
    await page.locator("#ask").get_by_role("button", name="Skip").click()
    await expect(page.locator("#ask")).to_be_hidden()
    await page.wait_for_timeout(100)
    assert len(bot.heard) == 1


async def test_steps_lead_to_the_end(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=alice@example.org")
    await page.locator("#line").fill("plan")
    await page.locator("#line").press("Enter")
    form = page.locator("#form")
    await expect(form.get_by_text("Objective 1").last).to_be_visible()
    await form.get_by_role("button", name="Next").click()
    await expect(form.locator("[aria-current=step]")).to_have_text("Objective 2")
    await form.get_by_role("button", name="Back").click()
    await form.get_by_role("button", name="Next").click()
    await form.get_by_role("button", name="Next").click()
    await expect(form.get_by_role("button", name="Send the plan")).to_be_visible()
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()


async def test_nothing_is_typed_before_the_page_knows_whose_it_is(visit: Visit, bot: Bot) -> None:
    page, known = await visit("/?me=alice@example.org"), asyncio.Event()

    async def later(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await page.route(re.compile("/api/world"), later)
    await page.reload(wait_until="domcontentloaded")
    await expect(page.locator("#line")).to_be_disabled()
    known.set()
    await page.locator("#line").fill("plan")
    await page.locator("#line").press("Enter")
    await expect(page.locator("#form").get_by_text("Objective 1").last).to_be_visible()


async def test_two_people_in_two_tabs(visit: Visit, bot: Bot) -> None:
    alice = await visit("/?me=alice@example.org&at=channel:growth")
    bob = await visit("/?me=bob@example.org&at=channel:growth")
    await alice.locator("#line").fill("Lunch, <b>@Bob</b>?")
    await alice.locator("#line").press("Enter")
    await expect(bob.locator(".message")).to_contain_text("Lunch, <b>@Bob</b>?")
    assert bot.page
    sent = await bot.page.send(GROWTH, Card("Summary"), key="s1")
    assert isinstance(sent, Sent)
    for key in ("s2", "s3"):
        await bot.page.send(GROWTH, Card(f"Detail {key}"), key=key, under=sent.id)
    await expect(bob.get_by_text("2 replies")).to_be_visible()
    await expect(bob.get_by_text("Detail s2")).to_be_hidden()
    await bob.get_by_text("2 replies").click()
    await expect(bob.get_by_text("Detail s2")).to_be_visible()
    await bot.page.send(place("dm:charlie@example.org"), ASKED, key="c")
    charlie = bob.get_by_role("link", name="Charlie Adu")
    await expect(charlie).to_contain_text("new messages")
    await charlie.click()
    # The place before may still be shown for a moment, with its own cards.
    await expect(bob.locator(".card", has_text="Your check-in")).to_be_visible()
    await expect(bob.locator(".card")).to_have_count(1)
    await expect(charlie).not_to_contain_text("new messages")


async def test_clock_says_what_happened(visit: Visit) -> None:
    page = await visit("/?me=alice@example.org")
    await expect(page.locator(".now")).to_have_text("Fri, 13 Feb 2026 09:00")
    await page.get_by_role("button", name="Next day").click()
    await expect(page.locator(".clock .said")).to_have_text("Moved on by one day.")
    await expect(page.locator(".now")).to_have_text("Sat, 14 Feb 2026 09:00")


async def test_a_lost_connection_loses_nothing(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=alice@example.org")
    await expect(page.locator(".message")).to_have_count(1)
    assert bot.page
    await bot.page.send(ALICE, Card("Before"), key="before")
    await expect(page.locator(".message")).to_have_count(2)
    await page.context.set_offline(True)
    await bot.page.send(ALICE, Card("Meanwhile"), key="meanwhile")
    await page.locator("#line").fill("hello")
    await page.locator("#line").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
    await expect(page.locator("#line")).to_have_value("hello")
    await page.context.set_offline(False)
    await page.locator("#line").press("Enter")
    await expect(page.get_by_text("You said hello")).to_be_visible(timeout=15_000)
    await expect(page.get_by_text("Meanwhile")).to_be_visible(timeout=15_000)


async def test_the_answer_is_in_sight_also_below_a_long_message(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=alice@example.org")
    await page.set_viewport_size({"width": 390, "height": 844})
    long = Card("Long", tuple(Text(examples.say(f"Line {n}")) for n in range(60)))
    assert bot.page
    await bot.page.send(ALICE, long, key="long")
    await expect(page.get_by_text("Line 59")).to_be_attached()
    await page.reload()
    await expect(page.get_by_text("Line 0", exact=True)).to_be_in_viewport()
    await page.locator("#line").fill("mine")
    await page.locator("#line").press("Enter")
    await expect(page.get_by_text("You said mine")).to_be_attached()
    await page.evaluate("document.querySelector('.log').scrollTop = 0")
    await bot.page.send(ALICE, Card("It took a moment"), key="late")
    await expect(page.get_by_text("It took a moment")).to_be_in_viewport()


async def test_the_page_speaks_german_with_whoever_does(visit: Visit, bot: Bot) -> None:
    page = await visit("/?me=emil@example.org")
    await expect(page.locator("#place-about")).to_have_text("Zwischen Emil Vogt und dem Bot")
    await expect(page.locator("#line")).to_have_attribute("placeholder", "Schreib an okr")
    await page.locator("#line").fill("plan")
    await page.get_by_role("button", name="Senden").click()
    await expect(page.locator("#form")).to_be_visible()
    await expect(page.get_by_role("navigation", include_hidden=True)).to_have_attribute(
        "aria-label", "Personen und Orte"
    )
    await expect(page.locator("[data-theme-toggle]")).to_have_text("Hell oder dunkel")
    await page.goto(page.url.split("?")[0] + "?me=bob@example.org")
    await expect(page.get_by_role("button", name="Next day")).to_be_attached()
    await expect(page.locator("#place-about")).to_have_text("Between Bob Chen and the bot")
    await page.goto(page.url.split("?")[0] + "?me=emil@example.org")
    await page.get_by_role("link", name="Galerie").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Galerie")


async def test_home_leads_on(visit: Visit) -> None:
    page = await visit("/?me=alice@example.org&at=home")
    await expect(page.locator(".home")).to_contain_text("Your week")
    await page.get_by_role("button", name="Update").click()
    await expect(page.locator("#form")).to_be_visible()


async def test_a_phone_shows_the_newest_figures_and_every_cell_of_a_row(
    visit: Visit, bot: Bot
) -> None:
    weeks = (Column("Team"), *(Column(f"W{n}", number=True) for n in range(1, 14)))
    shown = (Column("Key result"), Column("Progress", number=True), Column("Pace"))
    figures = (examples.say("Growth"), *(examples.say(f"{n} ✓") for n in range(101, 114)))
    facts = (examples.say("Churn in the first 90 days"), examples.say("62%"), examples.say("late"))
    card = Card("Tables", (Table("Heat", weeks, (figures,)), Table("All", shown, (facts,))))
    page = await visit("/?me=alice@example.org")
    await page.set_viewport_size({"width": 390, "height": 844})
    assert bot.page
    await bot.page.send(ALICE, card, key="tables")
    heat = page.get_by_role("region", name="Heat")
    for text in ("Heat", "Growth", "W13", "113 ✓"):
        await expect(heat.get_by_text(text, exact=True)).to_be_in_viewport(ratio=1)
    await expect(heat.get_by_text("W1", exact=True)).not_to_be_in_viewport()
    await heat.evaluate("region => region.scrollLeft = -region.scrollWidth")
    for text in ("Heat", "Growth"):
        await expect(heat.get_by_text(text, exact=True)).to_be_in_viewport(ratio=1)
    every = page.get_by_role("region", name="All")
    assert await every.evaluate("region => region.scrollWidth <= region.clientWidth")
    await expect(every.get_by_text("late")).to_have_css("display", "flex")
    assert (
        await every.get_by_text("late").evaluate(
            "cell => getComputedStyle(cell, '::before').content"
        )
        == '"Pace"'
    )


async def test_nothing_scrolls_sideways_on_a_phone(visit: Visit, served: str) -> None:
    page = await visit("/?me=alice@example.org")
    await page.set_viewport_size({"width": 390, "height": 844})
    for where in ("/?me=alice@example.org", "/?at=channel:growth", "/?at=home", "/gallery"):
        await page.goto(f"{served}{where}")
        await page.wait_for_timeout(150)
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await page.goto(f"{served}/?me=alice@example.org")
    await page.get_by_role("button", name="People and places").click()
    await page.get_by_role("link", name="Bob Chen").click()
    await expect(page.locator(".side")).to_be_hidden()
    await expect(page.locator("#place-about")).to_have_text("Between Bob Chen and the bot")
