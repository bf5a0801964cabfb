"""A KPI outside its range: opened, told once, watched until it has recovered or fallen back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot import ripples
from bot.flow import Term
from bot.kpis import watch
from bot.kpis.watch import cycle
from bot.method import health
from bot.method.health import Judged, Point, Spell
from bot.ripples import EDITABLE_FOR
from storage import audit, cycles, kpis, people, teams
from storage.kpis import Dot, Episode, Kpi, Running
from storage.people import Person


def advance(
    session: Session,
    term: Term,
    wanted: Sequence[Kpi],
    dots: Mapping[int, Sequence[Dot]],
    *,
    by: int | None,
    now: datetime,
) -> None:
    """Bring the episodes of these KPIs in step with all their readings, late and corrected ones.

    `by` is who gave a reading and sees at once what it means: they need no message.
    """
    known = kpis.episodes(session, [kpi.id or 0 for kpi in wanted])
    starts = cycles.beginnings(session)
    news: list[tuple[Kpi, Episode]] = []
    shown: list[tuple[Kpi, Episode]] = []
    for kpi in wanted:
        judged = list(health.judge(kpi, (Point(*dot) for dot in dots.get(kpi.id or 0, ()))))
        for episode in _in_step(
            session, term, kpi, judged, known.get(kpi.id or 0, ()), starts, now
        ):
            shown.append((kpi, episode))
            if _is_news(term, kpi, episode, judged):
                news.append((kpi, episode))
    session.flush()
    since = now - EDITABLE_FOR
    told = [(kpi, row) for kpi, row in shown if row.told_at is not None and row.told_at >= since]
    _renew(session, term, told, now)
    _tell(session, term, news, by, now)


def _in_step(
    session: Session,
    term: Term,
    kpi: Kpi,
    judged: Sequence[Judged],
    known: Sequence[Running],
    starts: Sequence[date],
    now: datetime,
) -> Iterator[Episode]:
    """The episodes, each as its readings tell it; those that they tell no more of are over."""
    rest = list(known)
    found = health.spells(judged)
    for n, spell in enumerate(found):
        mine = next((run for run in rest if _same(run.episode, spell)), None)
        earlier = found[n - 1] if n else None
        relapse = earlier is not None and _falls_back(earlier, spell, starts)
        if mine is not None:
            rest.remove(mine)
            runs = watch.runs(term, mine.objective)
            yield _kept(session, mine.episode, spell, _state(spell, relapse, runs), term, now)
        elif n == len(found) - 1 and (spell.ended is None or _counts(term, spell.ended, starts)):
            row = Episode(kpi_id=kpi.id or 0, began=spell.began, worst=spell.worst, changed_at=now)
            yield _kept(session, row, spell, _state(spell, relapse, runs=False), term, now)
    for run in rest:
        yield _ended(session, run.episode, judged, now)


def _same(episode: Episode, spell: Spell) -> bool:
    """Whether both are of one time: they have days in common."""
    starts_before = spell.ended is None or episode.began <= spell.ended
    return starts_before and (episode.ended is None or spell.began <= episode.ended)


def _falls_back(earlier: Spell, spell: Spell, starts: Sequence[date]) -> bool:
    ended = earlier.ended
    return ended is not None and health.relapsed(ended, spell.began, lambda d: cycle(starts, d))


def _counts(term: Term, ended: date, starts: Sequence[date]) -> bool:
    """Whether falling back today would be a relapse."""
    return health.relapsed(ended, term.today, lambda day: cycle(starts, day))


def _state(spell: Spell, relapse: bool, runs: bool) -> str:
    if spell.ended is not None:
        return "recovered"
    if runs:
        return "recovering"
    if relapse:
        return "relapsed"
    return "unhealthy" if spell.unhealthy else "breached"


def _kept(
    session: Session, row: Episode, spell: Spell, state: str, term: Term, now: datetime
) -> Episode:
    before = audit.fields(row) if row.id is not None else None
    row.began, row.worst, row.ended = spell.began, spell.worst, spell.ended
    row.cycle_id = (row.cycle_id or term.cycle_id or None) if spell.ended is not None else None
    row.state = state
    if spell.unhealthy and spell.ended is None and not row.proposal:
        row.proposal = "held"
    _note(session, row, before, now)
    return row


def _ended(session: Session, row: Episode, judged: Sequence[Judged], now: datetime) -> Episode:
    """It never was: the readings that told of it were corrected."""
    before = audit.fields(row)
    row.state = "over"
    row.ended = row.ended or (judged[-1].day if judged else row.began)
    row.proposal = "" if row.proposal == "held" else row.proposal
    _note(session, row, before, now)
    return row


def _note(session: Session, row: Episode, before: dict[str, object] | None, now: datetime) -> None:
    if before is not None and audit.fields(row) == before:
        return
    row.changed_at = now
    session.add(row)
    session.flush()
    after = audit.fields(row)
    audit.note(session, now, "kpi_episode", row.id, how="clock", before=before, after=after)


def _is_news(term: Term, kpi: Kpi, episode: Episode, judged: Sequence[Judged]) -> bool:
    """Whether nobody was told of it yet, and it is so today."""
    if episode.told_at is not None or episode.ended is not None or not judged or not kpi.active:
        return False
    newest = judged[-1]
    fresh = (term.today - newest.day).days <= health.stale_after(kpi)
    return newest.place == "outside" and fresh


def concerned(session: Session, wanted: Iterable[Kpi]) -> dict[int, list[Person]]:
    """The owner and the lead of each of these KPIs, in two statements."""
    own = list(wanted)
    known = teams.teams(session, {kpi.team_id for kpi in own if kpi.team_id})
    both = {
        kpi.id or 0: {
            kpi.owner_id,
            known[kpi.team_id].lead_id if kpi.team_id in known else None,
        }
        for kpi in own
    }
    found = people.people(session, {i for ids in both.values() for i in ids if i})
    return {
        number: [found[i] for i in sorted(i or 0 for i in ids) if i in found and found[i].active]
        for number, ids in both.items()
    }


def _tell(
    session: Session,
    term: Term,
    news: Sequence[tuple[Kpi, Episode]],
    by: int | None,
    now: datetime,
) -> None:
    """Owner and lead, once for each time outside; what comes later that day joins the message."""
    if not news or term.organisation.running not in ("on", "pilot"):
        return
    both = concerned(session, [kpi for kpi, _ in news])
    told = {person.id or 0: person for own in both.values() for person in own if person.id != by}
    for _, episode in news:
        episode.told_at = now
        session.add(episode)
    session.flush()
    ripples.flag(session, term, now, told.values())


def _renew(
    session: Session, term: Term, told: Sequence[tuple[Kpi, Episode]], now: datetime
) -> None:
    """The messages that told of these show how they stand now."""
    if not told:
        return
    both = concerned(session, [kpi for kpi, _ in told])
    seen = [
        (person, episode.told_at)
        for kpi, episode in told
        for person in both[kpi.id or 0]
        if episode.told_at is not None
    ]
    ripples.renew_flags(session, term, now, seen)
