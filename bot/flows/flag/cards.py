"""What fell and what left its range, as one message."""

from collections.abc import Sequence
from datetime import date

from bot.chat.cards import Block, Button, Buttons, Card
from bot.flow import LONGEST_ABOUT, action, named
from bot.flows.flag.falls import Fall
from bot.kpis import left
from bot.kpis.left import News
from bot.method import score
from bot.picture import Standing
from bot.texts import Voice


def card(
    voice: Voice, falls: Sequence[Fall], news: Sequence[News] = (), since: date | None = None
) -> Card:
    """Who believes less in what, each with a way to the detail; since when, if not today."""
    blocks: list[Block] = []
    if falls:
        blocks += voice.blocks("flag.intro", since="" if since is None else voice.day(since))
    for fall in falls:
        blocks.append(voice.text("flag.fall", **_said(voice, fall)))
        blocks.append(Buttons((_detail(voice, fall.standing),)))
    blocks += left.blocks(voice, news)
    return Card(voice.line("flag.title", count=len(falls), kpis=len(news)), tuple(blocks))


def cleared(voice: Voice) -> Card:
    """What was flagged was changed since."""
    return Card(voice.line("flag.cleared_title"), voice.blocks("flag.cleared"))


def _said(voice: Voice, fall: Fall) -> dict[str, object]:
    now = fall.said.confidence or 0
    return {
        "title": fall.standing.kr.title,
        "before": fall.before or 0,
        "now": now,
        "band": voice.line(f"picture.{score.band(now)}"),
        "note": fall.said.note,
        "who": named(fall.who) if fall.who else "",
    }


def _detail(voice: Voice, standing: Standing) -> Button:
    return Button(
        voice.line("flag.detail"),
        action("why", "show", standing.id),
        about=standing.kr.title[:LONGEST_ABOUT],
    )
