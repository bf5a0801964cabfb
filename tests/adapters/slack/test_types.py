"""What we draw, held against Slack's own types: no unknown field, no wrong type, no wrong word.

For it `OKR_NODE_MODULES` names a folder of its own with Slack's types and a compiler in it:
`npm install --prefix <folder> @slack/types@3.2.0 typescript`, then `<folder>/node_modules`.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.home import home
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.flows import flows
from bot.texts import Voice
from tests.adapters import examples
from tests.adapters.slack import shown

Json = dict[str, Any]
MODULES = os.environ.get("OKR_NODE_MODULES", "")
TOOLS = ("typescript/bin/tsc", "@slack/types/package.json")
missing = not shutil.which("node") or not all((Path(MODULES) / tool).is_file() for tool in TOOLS)
pytestmark = pytest.mark.skipif(
    missing, reason="OKR_NODE_MODULES names no folder with @slack/types and typescript, or no node"
)
WRONG = {"type": "header", "text": {"type": "plain_text", "text": "x", "colour": "red"}}
TYPES = """
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
type Modal = Omit<ModalView, 'blocks'> & { blocks: KnownBlock[] };
type Home = Omit<HomeView, 'blocks'> & { blocks: KnownBlock[] };
type Message = { text: string; blocks: KnownBlock[] };
"""


def drawn() -> list[tuple[str, Json]]:
    """Every example, in both languages, by the type that it must be."""
    every = [
        example.shown
        for locale in ("en", "de-DE")
        for flow in flows().values()
        for example in flow.examples(Voice(locale, "Europe/Berlin"))
    ]
    cards = [card for card in (*every, examples.CARD) if isinstance(card, Card)]
    forms = [form for form in (*every, examples.FORM) if isinstance(form, Form)]
    messages = [part for card in cards for part in shown.messages(card)]
    return [
        *(("Message", {"text": part.text, "blocks": part.blocks}) for part in messages),
        *(("Home", home(card)) for card in cards[:20]),
        *(("Modal", view) for form in forms for view in shown.modals(form)),
    ]


def compiled(folder: Path, things: list[tuple[str, Json]]) -> str:
    """What the compiler has against these, or ""."""
    lines = [
        f"export const n{n}: {kind} = {json.dumps(_modelled(each))};"
        for n, (kind, each) in enumerate(things)
    ]
    (folder / "drawn.ts").write_text(TYPES + "\n".join(lines), "utf-8")
    (folder / "node_modules").symlink_to(Path(MODULES).resolve())
    tsc = ["node", f"{MODULES}/{TOOLS[0]}", "--strict", "--noEmit", "--skipLibCheck", "drawn.ts"]
    done = subprocess.run(tsc, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _modelled(each: Json) -> Json:
    """Without charts, which the types do not know yet."""
    known = [block for block in each["blocks"] if block["type"] != "data_visualization"]
    return {**each, "blocks": known}


def test_slacks_types_know_all_that_is_drawn(tmp_path: Path) -> None:
    assert compiled(tmp_path, drawn()) == ""


def test_a_field_that_slack_does_not_know_is_found(tmp_path: Path) -> None:
    assert '"colour"' in compiled(tmp_path, [("Message", {"text": "x", "blocks": [WRONG]})])
