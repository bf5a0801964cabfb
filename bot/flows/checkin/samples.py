"""Examples of every card and form of the check-in."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot import cast
from bot.chat.forms import Form, Somebody
from bot.chat.stage import Example
from bot.flows.checkin import cards, form
from bot.flows.checkin.sheet import Sheet
from bot.offer import with_people
from bot.texts import Voice
from storage.checkins import Checkin, Commitment


def _unsaid(meant: Sequence[Commitment]) -> list[Commitment]:
    return [c.model_copy(update={"done": None}) for c in meant]


def examples(voice: Voice) -> Iterable[Example]:
    """Bob owns four key results, Dana none."""
    people = (Somebody("1", "Alice Brandt"), Somebody("3", "Charlie Rao"))
    opened = int(cast.FRIDAY.timestamp())
    open_sheet = Sheet(cast.BOB, cast.WEEK, cast.standings(), None, _unsaid(cast.MEANT))
    answered = Sheet(
        cast.BOB,
        cast.WEEK,
        cast.standings(answered=True),
        cast.CHECKIN,
        cast.MEANT,
        cast.NEXT,
        cast.BLOCKER,
        cast.CHARLIE,
    )
    short = Sheet(cast.DANA, cast.WEEK)
    short_said = Sheet(
        cast.DANA,
        cast.WEEK,
        checkin=Checkin(
            cycle_id=1,
            week=5,
            person_id=4,
            state="answered",
            line="Two interviews",
            seconds=12,
        ),
        commitments=cast.NEXT,
    )
    skipped = Sheet(
        cast.DANA,
        cast.WEEK,
        checkin=Checkin(cycle_id=1, week=5, person_id=4, state="skipped"),
    )
    hostile = Sheet(
        cast.DANA,
        cast.WEEK,
        checkin=Checkin(cycle_id=1, week=5, person_id=4, state="answered", line=cast.HOSTILE),
    )
    late = cast.BLOCKER.model_copy(update={"week": 3, "by": date(2026, 10, 28)})
    helping = late.model_copy(update={"id": 8, "person_id": 3, "helper_id": 2})
    taken = helping.model_copy(update={"id": 9, "taken_by_id": 2, "text": cast.HOSTILE})
    chased = replace(open_sheet, overdue=(late, helping, taken, late), blocked={3: cast.CHARLIE})
    shown = (
        ("asked, with what is overdue", cards.ask(voice, 1, chased)),
        ("asked", cards.ask(voice, 1, open_sheet)),
        ("asked late", cards.ask(voice, 1, open_sheet, late=True)),
        ("asked, short form", cards.ask(voice, 1, short)),
        ("reminder", cards.remind(voice, 1, open_sheet)),
        ("reminder, answered", cards.reminded(voice, answered)),
        ("answered", cards.said(voice, 1, answered)),
        ("answered, short form", cards.said(voice, 1, short_said)),
        ("answered with hostile text", cards.said(voice, 1, hostile)),
        ("skipped", cards.said(voice, 1, skipped)),
        ("form", form.form(voice, 1, open_sheet, cast.FRIDAY.date(), opened, opened)),
        ("form, short", form.form(voice, 1, short, cast.FRIDAY.date(), opened, opened)),
        (
            "form, answered before",
            form.form(voice, 1, answered, cast.FRIDAY.date(), opened, opened),
        ),
    )
    return (
        Example("checkin", name, with_people(card, people) if isinstance(card, Form) else card)
        for name, card in shown
    )
