"""Start the demo, walk the newcomer's way and photograph it."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.chromium import chromium
from tests.demo import demo

HERE = Path(__file__).parent


async def photograph() -> None:
    """A check-in on a phone, and a team's summary on a desk."""
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder)) as address, chromium() as browser:
            phone = await _opened(browser, 390, 844, f"{address}/?me=alice@harbour.example")
            await phone.get_by_role("button", name="Check in", exact=True).last.click()
            await phone.wait_for_timeout(800)
            await phone.screenshot(path=HERE / "checkin.png")
            desk = await _opened(browser, 1280, 800, f"{address}/?me=dana@harbour.example")
            for _ in range(2):
                await desk.get_by_role("button", name="Next day").click()
                await desk.locator(".clock:not(.moving)").wait_for()
                await desk.wait_for_timeout(500)
            await desk.goto(f"{address}/?me=dana@harbour.example&at=channel:scheduling")
            await desk.get_by_text(
                "Scheduling: week 5 of 13", exact=True
            ).scroll_into_view_if_needed()
            await desk.wait_for_timeout(800)
            await desk.screenshot(path=HERE / "summary.png")


async def _opened(browser: Browser, width: int, height: int, where: str) -> Page:
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.goto(where)
    await page.wait_for_timeout(1500)
    return page


if __name__ == "__main__":
    asyncio.run(photograph())
