"""Examples of every card and form of KPIs: Growth's time to first answer, in every state."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot import cast
from bot.chat.cards import Card
from bot.chat.forms import Form, Somebody
from bot.chat.stage import Example
from bot.flow import action
from bot.flows.kpi import cards, define, giving, propose
from bot.flows.kpi.cards import Detail
from bot.flows.kpi.define import Values
from bot.flows.kpi.propose import Wish
from bot.kpis import watch
from bot.kpis.readings import Asked
from bot.kpis.suggestions import Suggestion
from bot.kpis.watch import Look
from bot.offer import with_people
from bot.texts import Voice
from storage.kpis import Dot, Episode, Kpi, Running
from storage.objectives import Objective

ANSWER = Kpi(
    id=1, slug="support-time", name="Time to first answer", unit="h", direction="lower", high=4,
    warn_high=3.5, question="Do clinics get help when they need it?", team_id=2, owner_id=3,
    definition="Median of the hours between a question and our first answer, over a week",
    serves="Clinics trust us",
)  # fmt: skip
SHOWS = Kpi(
    id=2, slug="no-shows", name="Patients who do not show up", unit="%", direction="lower",
    follows=4, team_id=2, owner_id=2, cadence="daily",
)  # fmt: skip
HOSTILE = ANSWER.model_copy(
    update={
        "id": 3, "name": cast.HOSTILE[:60], "question": cast.HOSTILE, "definition": cast.HOSTILE,
        "unit": "<b>", "serves": cast.HOSTILE,
    }
)  # fmt: skip
UNHEALTHY = (3.2, 3.6, 3.9, 4.6, 5.5)


def look(
    values: Sequence[float],
    kpi: Kpi = ANSWER,
    episode: str = "",
    *,
    ago: int = 0,
    proposal: str = "",
) -> Look:
    """A KPI after these weekly readings, the last one some days ago."""
    last = cast.FRIDAY.date() - timedelta(days=ago)
    days = [last - timedelta(weeks=n) for n in reversed(range(len(values)))]
    running: list[Running] = []
    if episode:
        row = Episode(
            id=1, kpi_id=kpi.id or 0, began=days[-2], worst=max(values), state=episode,
            changed_at=cast.FRIDAY, proposal=proposal, cycle_id=1,
            ended=days[-1] if episode == "recovered" else None, reason="First the move is over",
            until=date(2026, 12, 1) if proposal == "put_off" else None,
        )  # fmt: skip
        made = Objective(id=9, cycle_id=1, team_id=2, title="Answers come in time")
        running.append(Running(row, made if episode == "recovering" else None))
    dots = [Dot(day, value) for day, value in zip(days, values, strict=True)]
    return watch.seen(cast.TERM, kpi, dots, running, [cast.STARTS])


def states() -> Iterator[Look]:
    """Each state that there is."""
    yield look(())
    yield look((3.0, 3.1), ago=30)
    yield look((3.0,), Kpi(id=4, slug="calls", name="Calls"))
    yield look((3.0, 4.6), episode="breached")
    yield look(UNHEALTHY, episode="unhealthy")
    yield look((3.0, 3.6))
    yield look((3.3, 3.0))
    yield look((5.5, 4.4, 4.2), episode="recovering")
    yield look((5.5, 3.2, 3.1, 3.0), episode="recovered")
    yield look((3.0, 4.8), episode="relapsed")
    yield look((9.0, 8.5, 8.7, 8.2, 8.1), SHOWS)


def examples(voice: Voice) -> Iterable[Example]:
    """The board, one KPI, readings, definitions, suggestions."""
    for name, shown in (*_looked(voice), *_read(voice), *_defined(voice), *_suggested(voice)):
        people = (Somebody("2", "Bob Okafor"), Somebody("3", "Charlie Rao"))
        offered = with_people(shown, people) if isinstance(shown, Form) else shown
        yield Example("kpi", name, offered)


def _looked(voice: Voice) -> Iterator[tuple[str, Card | Form]]:
    every = list(states())
    held = Suggestion(every[4], _episode(every[4]), 5.5, 4)
    mine = {"owner": cast.CHARLIE, "team": "Growth", "gives": True, "changes": True}
    yield "board", cards.board(voice, [("Growth", every[4:7])], [held], due=1, adds=True)
    yield "board, planning", cards.board(voice, [("Growth", every[4:5])], [held], plans=True)
    yield "board, one", cards.board(voice, [("Growth", every[6:7])])
    yield "board, empty", cards.board(voice, [], adds=True)
    many = [look((3, n / 5), ANSWER.model_copy(update={"id": n + 9})) for n in range(15)]
    yield "board, many", cards.board(voice, [("Growth", many[:8]), ("Harbour", many[8:])])
    for each in every[:-1]:
        yield f"one, {each.state}", cards.one(voice, Detail(each, **mine))  # type: ignore[arg-type] # as above
    yield "one, follows its past", cards.one(voice, Detail(every[-1], cast.BOB, "Growth"))
    yield "one, moves", cards.one(voice, Detail(every[6], moves=[cast.CHURN, cast.NPS]))
    held_here = Detail(every[4], cast.CHARLIE, "Growth", (), held, held=True, plans=True)
    yield "one, suggested", cards.one(voice, held_here)
    again = look((3.2, 4.6, 5.5, 3.0), episode="unhealthy", proposal="held")
    back = Suggestion(again, _episode(again), 5.5, 4)
    watched = Detail(again, cast.CHARLIE, "Growth", (), back, held=True)
    yield "one, inside again", cards.one(voice, watched)
    planned = replace(watched, plans=True)
    yield "one, inside again, planning", cards.one(voice, planned)
    put_off = look(UNHEALTHY, episode="unhealthy", proposal="put_off")
    yield "one, put off", cards.one(voice, Detail(put_off, cast.CHARLIE, "Growth"))
    dropped = look((3.0,), ANSWER.model_copy(update={"active": False}))
    yield "one, dropped", cards.kept(voice, Detail(dropped, changes=True), "kpi.dropped_title")
    yield "one, hostile", cards.one(voice, Detail(look(UNHEALTHY, HOSTILE, "unhealthy"), **mine))  # type: ignore[arg-type] # as above
    yield "unknown", cards.unknown(voice, "suport", [ANSWER, SHOWS])
    yield "unknown, hostile", cards.unknown(voice, cast.HOSTILE, [])


def _read(voice: Voice) -> Iterator[tuple[str, Card | Form]]:
    day = cast.FRIDAY.date()
    last, now = Dot(day - timedelta(days=7), 3.6), Dot(day, 4.6)
    breached, healthy = look((3.0, 4.6), episode="breached"), look((3.3, 3.0))
    asked = [Asked(ANSWER, day, last), Asked(SHOWS, day, None)]
    looks = {1: breached}
    yield "asked", cards.ask(voice, cast.BOB, asked, {})
    half = [Asked(ANSWER, day, last, now), Asked(SHOWS, day, None)]
    yield "asked, half given", cards.ask(voice, cast.BOB, half, looks)
    yield "asked, given", cards.ask(voice, cast.BOB, half[:1], looks)
    yield "asked, hostile", cards.ask(voice, cast.BOB, [Asked(HOSTILE, day, last)], {})
    yield "saved", cards.saved(voice, healthy, 3.0, day, None)
    yield "saved, outside", cards.saved(voice, breached, 4.6, day, None)
    yield "saved, corrected", cards.saved(voice, breached, 4.6, day, 46.0)
    earlier = day - timedelta(days=3)
    yield "saved, an earlier day", cards.saved(voice, healthy, 3.1, earlier, None)
    yield "saved, several", cards.saved_many(voice, [healthy, breached])
    yield "saved, none", cards.saved_many(voice, [])
    yield "form, one", giving.reading(voice, asked[0])
    yield "form, first reading", giving.reading(voice, asked[1])
    yield "form, due", giving.due_of(voice, asked)
    yield "form, due, hostile", giving.due_of(voice, [Asked(HOSTILE, day, last)])


def _defined(voice: Voice) -> Iterator[tuple[str, Card | Form]]:
    teams, add = [cast.COMPANY, cast.GROWTH], action("kpi", "add", "k1")
    made = Detail(look(()), cast.CHARLIE, "Growth", gives=True, changes=True)
    yield "made", cards.kept(voice, made, "kpi.made_title")
    title = voice.line("kpi.add_title")
    yield "form, new", define.form(voice, title, add, Values(owner_id=1), teams)
    title, edit = voice.line("kpi.edit_title"), action("kpi", "edit", 1)
    yield "form, edit", define.form(voice, title, edit, Values.of(ANSWER), teams)
    yield "form, edit, hostile", define.form(voice, title, edit, Values.of(HOSTILE), teams)


def _suggested(voice: Voice) -> Iterator[tuple[str, Card | Form]]:
    unhealthy = look(UNHEALTHY, episode="unhealthy", proposal="held")
    suggestion = Suggestion(unhealthy, _episode(unhealthy), 5.5, 4)
    wish = Wish(
        voice.line("kpi.objective", name=ANSWER.name),
        voice.line(
            "kpi.key_result",
            name=ANSWER.name,
            worst=voice.number(5.5, "h"),
            bound=voice.number(4, "h"),
        ),
        4,
        date(2027, 1, 1),
        3,
    )
    yield "form, change", propose.changing(voice, suggestion, wish, date(2027, 1, 3))
    yield "form, put off", propose.later_form(voice, suggestion, cast.FRIDAY.date())


def _episode(seen: Look) -> Episode:
    if seen.episode is None:
        raise ValueError("it is in no episode")
    return seen.episode
