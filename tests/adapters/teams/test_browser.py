"""Cards as Microsoft's own renderer draws them, with a Markdown parser that reads all there is."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from adapters.teams import cards, forms
from bot.chat.cards import Card
from bot.flows import flows
from tests.adapters import examples, golden
from tests.adapters.teams.looks import TENANT
from tests.chromium import chromium, needs_chromium

GIVEN = os.environ.get("OKR_NODE_MODULES", "")
SCRIPTS = [
    Path(GIVEN) / "adaptivecards" / "dist" / "adaptivecards.js",
    Path(GIVEN) / "markdown-it" / "dist" / "markdown-it.js",
]
pytestmark = [
    *needs_chromium,
    pytest.mark.skipif(
        not GIVEN or not all(script.is_file() for script in SCRIPTS),
        reason="OKR_NODE_MODULES names no folder with npm's adaptivecards and markdown-it",
    ),
]
DRAW = """card => {
    AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
        result.outputHtml = markdownit({html: true, linkify: true}).render(text);
        result.didProcess = true;
    };
    const drawn = new AdaptiveCards.AdaptiveCard();
    const heard = new AdaptiveCards.SerializationContext();
    drawn.parse(card, heard);
    document.body.replaceChildren(drawn.render());
    const all = selector => [...document.body.querySelectorAll(selector)];
    return {
        read: document.body.textContent,
        typed: all('input, textarea').map(each => each.value),
        means: all('strong, em, code, s, ul, ol, h1, h2, script, img,' +
            ' a[href]:not([href^="https://example.org"])').map(each => each.outerHTML),
        pressed: all('.ac-pushButton').length,
        asked: drawn.getAllInputs().map(each => each.id),
        faults: [...Array(heard.eventCount).keys()].map(at => heard.getEventAt(at).message),
    };
}"""
UNKNOWN = 'Unknown element type "Chart.'


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    async with chromium() as browser:
        page = await browser.new_page()
        await page.set_content("<body></body>")
        for script in SCRIPTS:
            await page.add_script_tag(path=script)
        yield page


async def draw(page: Page, card: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = await page.evaluate(DRAW, card)
    return seen


async def test_what_is_typed_is_never_markup(page: Page) -> None:
    for typed in examples.TYPED:
        shown = cards.draw(examples.typed_everywhere(typed), tenant=TENANT)
        seen = await draw(page, shown.card)
        assert (typed, seen["means"], seen["faults"]) == (typed, [], [])
        assert typed in seen["read"]
        asked = await draw(page, forms.card(examples.asked_everywhere(typed)))
        assert (typed, asked["means"], asked["faults"]) == (typed, [], [])
        assert len(asked["asked"]) == 7
        assert sum(typed.replace("\n", "") in value for value in asked["typed"]) >= 3


async def test_every_example_is_drawn_without_a_complaint(page: Page) -> None:
    for flow in flows():
        for example in golden.examples("de", flow):
            shown = example.shown
            if isinstance(shown, Card):
                seen = await draw(page, cards.draw(shown, tenant=TENANT).card)
            else:
                seen = await draw(page, forms.card(shown))
                assert seen["pressed"]
            faults = [fault for fault in seen["faults"] if not fault.startswith(UNKNOWN)]
            assert (flow, example.name, faults, seen["means"]) == (flow, example.name, [], [])
