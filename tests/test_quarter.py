"""A whole quarter by hand: from planning to the next planning, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.chromium import chromium, needs_chromium
from tests.demo import demo
from tests.test_newcomer import cards, jump, opened

pytestmark = [*needs_chromium, pytest.mark.timeout(300)]

ALICE = "me=alice@harbour.example"
CHANNEL = "at=channel:scheduling"


async def weeks(page: Page, count: int) -> None:
    """So many weeks later, at the same hour."""
    for _ in range(count):
        await jump(page, "Next week")


async def press(card: Locator, label: str) -> None:
    """Press the first button of this label, whatever it is about."""
    await card.get_by_role("button", name=re.compile(rf"^{re.escape(label)}\b")).first.click()


async def sent(page: Page, **answers: str) -> None:
    """Fill in the open form and send it; it closes when all is well."""
    form = page.get_by_role("dialog")
    for name, text in answers.items():
        await form.locator(f'[name="{name}"]').first.fill(text)
    await form.locator(".foot .primary").click()
    await expect(form).to_be_hidden()


async def chosen(page: Page, name: str, value: str) -> None:
    """Choose one of a question's options in the open form."""
    form = page.get_by_role("dialog")
    where = form.locator(f'[name="{name}"]')
    if await where.first.evaluate("node => node.tagName") == "SELECT":
        await where.select_option(value)
    else:
        await form.locator(f'[name="{name}"][value="{value}"]').evaluate("node => node.click()")


async def test_from_planning_to_the_next_planning(tmp_path: Path) -> None:
    complaints: list[str] = []
    async with demo(tmp_path, "--week", "1") as address, chromium() as browser:
        page = await opened(browser, f"{address}/?{ALICE}", "desktop", complaints)

        # Planning: a draft that is a task, what the lint says of it, and a lead's word.
        await jump(page, "Next day")
        await jump(page, "Next day")
        plan = cards(page, "Plan the quarter: Scheduling")
        await expect(plan).to_contain_text("Harbour wants:")
        await press(plan, "New objective")
        await sent(page, title="Launch the waiting list")
        await expect(cards(page, "Added: an objective")).to_contain_text("Launch the waiting list")
        await expect(plan).to_contain_text("Launch the waiting list")
        await press(plan, "Approve all 3")
        await expect(plan).to_contain_text("Approved:")
        await jump(page, "Next day")
        await jump(page, "Next day")
        await jump(page, "Next day")
        posted = await opened(browser, f"{address}/?{ALICE}&{CHANNEL}", "phone", complaints)
        tree = cards(posted, re.compile("^Scheduling: what we want by"))
        await expect(tree).to_contain_text("Patients book without having to phone")
        await posted.close()

        # Execution: a check-in, a reading.
        await weeks(page, 1)
        await press(cards(page, "Week 2 check-in"), "No change at all")
        await expect(cards(page, "Week 2: what you said")).to_be_visible()
        await page.locator("#line").fill("kpi no-shows 9.1")
        await page.locator("#line").press("Enter")
        await expect(page.locator(".card").last).to_contain_text("9.1%")

        # Half time: a new target, to which the lead above agrees.
        await weeks(page, 5)
        await press(cards(page, "Week 7: mid-quarter review"), "Check in")
        form = page.get_by_role("dialog")
        number = (await form.locator('[name^="decision-"]').first.get_attribute("name") or "")[9:]
        await chosen(page, f"decision-{number}", "adjust")
        await form.locator('[name^="value-"]').last.fill("12")
        given = {"value": "43", "target": "52", "reason": "Older patients phone"}
        await sent(page, **{f"{name}-{number}": text for name, text in given.items()})
        said = cards(page, "Week 7: what you said")
        await expect(said).to_contain_text("waits for Elif Kaya")
        await weeks(page, 1)  # hers is full: she is asked on Monday, before her digest
        await expect(said).to_contain_text("approved by Elif Kaya")
        await expect(cards(page, "The new target counts")).to_be_visible()

        # The close: grades, the survey, what is decided.
        await weeks(page, 4)
        for _ in range(7):
            await jump(page, "Next day")
        await press(cards(page, "Grade your key results"), "Grade")
        form = page.get_by_role("dialog")
        await form.locator('[name^="cause-"]').first.wait_for()
        for name in await form.locator('[name^="cause-"]').evaluate_all(
            "nodes => [...new Set(nodes.map(node => node.name))]"
        ):
            number = name.removeprefix("cause-")
            await chosen(page, name, "dependency")
            await chosen(page, f"carry-{number}", "keep")
            await form.locator(f'[name="why-{number}"]').fill("It goes on")
        await sent(page)
        await expect(cards(page, "Your grades")).to_contain_text(
            "for the first target the figures say"
        )
        await press(cards(page, "How did the quarter go?"), "Answer")
        await sent(page, achieved="Half of all bookings are online")
        await expect(cards(page, "Received, thank you")).to_be_visible()
        await jump(page, "Next day")
        posted = await opened(browser, f"{address}/?{ALICE}&{CHANNEL}", "phone", complaints)
        results = cards(posted, "Looking back: Scheduling")
        await expect(results).to_contain_text("4 of 4 answered, without names")
        await expect(results).to_contain_text("Half of all bookings are online")
        await press(results, "Add a decision")
        await (
            posted.get_by_role("dialog")
            .locator('[name="owner"]')
            .select_option(label="Alice Brandt")
        )
        await sent(posted, text="Test with patients over 65 first")
        await expect(results.first).to_contain_text("Test with patients over 65 first")
        await posted.close()

        # The next planning begins with what was decided and what was left over.
        await weeks(page, 1)
        await page.locator("#line").fill("plan")
        await page.locator("#line").press("Enter")
        now = page.locator(".card").last
        await expect(now).to_contain_text("Left over from last quarter")
        await expect(now).to_contain_text("Test with patients over 65 first")
    assert complaints == []
