"""Examples of every card and form of setup."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot import cast
from bot.chat.cards import Card
from bot.chat.stage import Example
from bot.flow import action
from bot.flows.setup import calendar, cards, change, holidays, links, rules
from bot.flows.setup.holidays import Said
from bot.flows.setup.state import Coming, State
from bot.texts import Voice
from storage.daysoff import Holiday
from storage.people import Identity

_EVE = date(2026, 12, 24)


def examples(voice: Voice) -> Iterable[Example]:
    """From not started to paused, and every change."""
    organisation = cast.TERM.organisation
    thursday = cast.FRIDAY + timedelta(days=6)
    coming = (Coming("ask", thursday, 14, True), Coming("summary", thursday, 1))

    def at(running: str, **more: object) -> State:
        team = cast.GROWTH if running == "pilot" else None
        ours = {"running": running, "pilot_team_id": team and team.id}
        term = replace(cast.TERM, organisation=organisation.model_copy(update=ours))
        known = State(term, 14, (), (), team.name if team else "", coming, 14)
        return replace(known, **more)  # type: ignore[arg-type] # the fields of State

    bare = replace(at("waiting").term, cycle=None, week=None)

    def said(text: str, **values: object) -> Card:
        return Card(
            voice.line(f"setup.{text}_title", **values), voice.blocks(f"setup.{text}", **values)
        )

    tuesday = cards.cycle_wrong(
        voice, _EVE, "cycle_not_monday", day=voice.day(_EVE - timedelta(days=2))
    )
    moved = voice.spans(
        "setup.change", what=voice.line("setup.unasked_per_week"), before="2", after="3"
    )
    own = [Holiday(country="DE", day=_EVE, name=cast.HOSTILE)]
    meaning = action("setup", "link", "", "", "")
    zoe = Identity(
        id=9, platform="x", workspace="T1", account="U012AB3CD", person_id=2, heard_at=cast.FRIDAY
    )
    bad = zoe.model_copy(update={"account": cast.HOSTILE})
    shown = (
        ("not started", cards.state(voice, at("waiting", lost=[cast.DANA]))),
        ("not started, no cycle", cards.state(voice, at("waiting", term=bare))),
        ("pilot", cards.state(voice, at("pilot", without_channel=[cast.GROWTH]))),
        ("on", cards.state(voice, at("on"))),
        ("paused", cards.state(voice, at("paused"))),
        ("start?", cards.look(voice, at("on"))),
        ("start with a team?", cards.look(voice, at("pilot", reached=1))),
        ("start, nothing due?", cards.look(voice, at("on", coming=(), reached=0))),
        ("started", cards.started(voice, at("on"))),
        ("started, nothing due", cards.started(voice, at("pilot", coming=()))),
        ("started, no cycle", cards.started(voice, at("waiting", term=bare))),
        ("pause", said("paused")),
        ("pilot form", cards.pilot_form(voice, [cast.COMPANY, cast.GROWTH])),
        ("calendar form", calendar.form(voice, cast.TERM.calendar)),
        ("rules form", rules.form(voice, organisation)),
        ("a change", change.preview(voice, "rules", (moved,), 12, "e30")),
        ("holiday", holidays.changed(voice, Said(_EVE, "off", "DE", cast.HOSTILE))),
        ("holidays", holidays.listed(voice, own, "DE", cast.FRIDAY.date())),
        ("cycle", cards.cycle_opened(voice, cast.CYCLE, cast.TERM.calendar)),
        ("cycle, not a Monday", tuesday),
        ("admin", said("admin", name=cast.BOB.name)),
        ("the last admin", said("admin_last", name=cast.ALICE.name)),
        ("link form", links.asked(voice, meaning, ("loopback/T1",), "", "U012AB3CD", 2)),
        ("linked", links.linked(voice, zoe, cast.BOB)),
        ("linked, hostile", links.linked(voice, bad, cast.BOB)),
        ("link taken back", said("unlinked", account="U012AB3CD")),
        ("unknown part", said("unknown", typed=cast.HOSTILE)),
    )  # fmt: skip
    return (Example("setup", name, card) for name, card in shown)
