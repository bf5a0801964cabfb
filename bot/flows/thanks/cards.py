"""The form, the reply, and what the thanked are told."""

from collections.abc import Mapping, Sequence

from bot.chat.cards import Block, Card, Text
from bot.chat.forms import Form, LongText, Page, Person, ShortText
from bot.flow import action, named
from bot.flows.thanks.reading import Meant
from bot.texts import Voice
from storage.kudos import Thanks
from storage.people import Person as Somebody

LONGEST = 500
MOST = 20


def form(voice: Voice, meant: Meant, key: str) -> Form:
    """Whom, for what, and which key result; filled with what was understood."""
    kr = meant.unread or (str(meant.kr.id) if meant.kr else "")
    questions = (
        Person(
            id="whom",
            label=voice.line("thanks.whom"),
            value=str(meant.whom.id) if meant.whom else "",
            required=True,
            others=True,
        ),
        LongText(
            id="text",
            label=voice.line("thanks.what"),
            hint=voice.line("thanks.what_hint"),
            value=meant.text,
            required=True,
            longest=LONGEST,
        ),
        ShortText(
            id="key-result",
            label=voice.line("thanks.key_result"),
            hint=voice.line("thanks.key_result_hint"),
            value=kr,
        ),
    )
    title = voice.line("thanks.form_title")
    page = Page("", questions)
    submit = voice.line("thanks.submit")
    return Form(title, action("thanks", "save", key), (page,), submit, voice.locale)


def said(voice: Voice, whom: Somebody, title: str, text: str, *, reached: bool) -> Card:
    """What becomes of it."""
    blocks: list[Block] = []
    if text:
        blocks.append(Text(voice.spans("thanks.words", text=text), "quote"))
    if title:
        blocks.append(voice.text("thanks.moved", title=title))
    name = whom.name.split()[0] if whom.name.strip() else "?"
    blocks.append(voice.text("thanks.kept", name=name, reached=reached))
    return Card(voice.line("thanks.kept_title"), tuple(blocks))


def told(voice: Voice, found: Sequence[Thanks], known: Mapping[int, Somebody]) -> Card:
    """Who thanks them, for what."""
    blocks: list[Block] = [
        voice.text(
            "thanks.one",
            who=named(known.get(each.kudos.from_id)),
            text=each.kudos.text,
            title=each.title,
        )
        for each in found[:MOST]
    ]
    if len(found) > MOST:
        blocks.append(Text(voice.spans("digest.more", count=len(found) - MOST), "quiet"))
    return Card(voice.line("thanks.told_title", count=len(found)), tuple(blocks))
