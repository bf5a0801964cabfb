"""A newcomer's first minutes: the demo in a real browser, from the first question to a summary."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.chromium import chromium, needs_chromium
from tests.demo import demo

pytestmark = [*needs_chromium, pytest.mark.timeout(180)]

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


async def opened(browser: Browser, where: str, size: str, complaints: list[str]) -> Page:
    """A page of this size; what the browser complains of is kept."""
    width, height = SIZES[size]
    page = await browser.new_page(viewport={"width": width, "height": height})
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    await page.goto(where)
    return page


def cards(page: Page, title: str | re.Pattern[str]) -> Locator:
    """The cards of this title that can be seen."""
    return page.locator(".card", has=page.get_by_text(title, exact=True))


async def jump(page: Page, how: str) -> None:
    """Press a button of the clock bar, and wait until time has passed."""
    before = await page.locator(".clock .said").inner_text()
    await page.get_by_role("button", name=how).click()
    said = page.locator(".clock .said")
    await expect(said).not_to_have_text(re.compile(f"^({re.escape(before)}|Time is passing…)$"))


async def test_the_first_minutes(tmp_path: Path) -> None:
    complaints: list[str] = []
    async with demo(tmp_path) as address, chromium() as browser:
        page = await opened(browser, f"{address}/?me=alice@harbour.example", "desktop", complaints)

        await cards(page, "Week 5 check-in").get_by_role("button", name="Check in").click()
        form = page.get_by_role("dialog")
        value = form.get_by_label("Value now (%)").first
        await value.fill("lots")
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_text("I can't read “lots” as a number")).to_be_visible()
        await value.fill("44.5")
        await form.get_by_label("What changed?").first.fill("<b>larger type</b> works")
        await form.get_by_role("button", name="Send").click()
        said = cards(page, "Week 5: what you said")
        await expect(said).to_contain_text("44.5%, target 55%")
        await expect(said).to_contain_text("“<b>larger type</b> works”")

        await said.get_by_role("button", name="Change my answer").click()
        await value.fill("45")
        await form.get_by_role("button", name="Send").click()
        await expect(said).to_contain_text("45%, target 55%")

        bob = await opened(browser, f"{address}/?me=bob@harbour.example", "phone", complaints)
        await jump(bob, "Next day")
        await jump(bob, "Next day")

        growth = await opened(
            browser, f"{address}/?me=nora@harbour.example&at=channel:growth", "desktop", complaints
        )
        summary = cards(growth, "Growth: week 5 of 13")
        await expect(summary).to_contain_text("Still open: Bob Okafor")

        late = cards(bob, "Week 5 check-in").last
        await late.get_by_role("button", name="No change at all").click()
        await expect(cards(bob, "Week 5: what you said")).to_be_visible()
        await expect(summary).to_contain_text("1 of them late")
        await expect(summary).to_contain_text("updated")
        await expect(summary).not_to_contain_text("Still open")

        scheduling = await opened(
            browser, f"{address}/?me=bob@harbour.example&at=channel:scheduling", "phone", complaints
        )
        await expect(cards(scheduling, "Scheduling: week 5 of 13")).to_contain_text(
            "<b>larger type</b> works"
        )
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await scheduling.evaluate(too_wide)
    assert complaints == []


async def test_what_happened_is_still_there_after_a_restart(tmp_path: Path) -> None:
    complaints: list[str] = []
    async with demo(tmp_path) as address, chromium() as browser:
        page = await opened(browser, f"{address}/?me=alice@harbour.example", "desktop", complaints)
        await cards(page, "Week 5 check-in").get_by_role("button", name="No change at all").click()
        await expect(cards(page, "Week 5: what you said")).to_be_visible()
    async with demo(tmp_path, "--keep") as address, chromium() as browser:
        page = await opened(browser, f"{address}/?me=alice@harbour.example", "desktop", complaints)
        await expect(cards(page, "Week 5: what you said")).to_be_visible()
        change = page.get_by_role("button", name="Change my answer").last
        await change.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
