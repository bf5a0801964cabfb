"""The form that asks for a moment, and what is replied."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot import cast
from bot.chat.cards import Card
from bot.chat.forms import Choice, Form, Option, Page
from bot.chat.stage import Example
from bot.flow import action
from bot.texts import Voice


def form(voice: Voice, cycle_id: int, week: int, offered: Mapping[str, datetime]) -> Form:
    """The moments to choose from, the soonest first."""
    options = tuple(
        Option(name, voice.line(f"snooze.{name}", at=at)) for name, at in offered.items()
    )
    return Form(
        voice.line("snooze.form_title"),
        action("snooze", "save", cycle_id, week),
        (
            Page(
                "",
                (
                    Choice(
                        id="when",
                        label=voice.line("snooze.when"),
                        options=options,
                        value=options[0].value if options else "",
                        required=True,
                    ),
                ),
            ),
        ),
        voice.line("snooze.submit"),
        voice.locale,
    )


def examples(voice: Voice) -> Iterable[Example]:
    """Bob puts off week 5."""
    now = cast.FRIDAY
    offered = {
        "hour": now + timedelta(hours=1),
        "afternoon": now + timedelta(hours=6),
        "morning": now + timedelta(days=3),
    }

    def said(title: str, text: str, **values: object) -> Card:
        return Card(voice.line(f"snooze.{title}"), voice.blocks(f"snooze.{text}", **values))

    shown = (
        ("form", form(voice, 1, cast.WEEK, offered)),
        ("again", said("again_title", "again", at=offered["afternoon"])),
        ("answered", said("answered_title", "answered", week=cast.WEEK)),
        ("nothing open", said("nothing_title", "next", at=offered["morning"])),
        ("nothing planned", said("nothing_title", "nothing")),
        ("unreadable", said("unread_title", "unread", typed=cast.HOSTILE)),
        ("too late", said("unread_title", "outside", closes=offered["morning"])),
        ("unreachable", said("unreachable_title", "unreachable")),
    )
    return (Example("snooze", name, card) for name, card in shown)
