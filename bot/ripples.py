"""What else must change when something was said: messages that show it, and flags to leads."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias

from sqlmodel import Session

from bot import cadence, leads, outlook
from bot.chat.events import WorkspaceChanged
from bot.flow import Term
from bot.method import score
from bot.outlook import Outlook
from storage import letters, objectives, people, teams
from storage.letters import POSTED, Draft, Kind, Letter
from storage.people import Person
from storage.showing import showing

EDITABLE_FOR = timedelta(days=21)
POSTS: tuple[Kind, ...] = ("summary",)
GATHER = timedelta(minutes=5)
"""How long the first flag of a day waits for others to come with it."""
SAME_DAY = timedelta(hours=20)
"""How long it may still be told."""

Weight: TypeAlias = Literal["news", "decision", "answer"]


def answered(session: Session, term: Term, now: datetime, person: Person, week: int) -> bool:
    """Somebody's week is settled: nothing more is asked, and what shows it is edited.

    Says whether they have a message that will show it.
    """
    number = person.id or 0
    letters.cancel(
        session,
        reason="answered",
        person_id=number,
        cycle_id=term.cycle_id,
        week=week,
        kinds=("ask", "reminder", "reply"),
    )
    return number in shown(session, term, now, [number], week)


def shown(
    session: Session, term: Term, now: datetime, person_ids: Iterable[int], week: int
) -> set[int]:
    """Edit every message that shows their week: their own, their teams' and their leads'.

    Says which of these people have a message of their own that shows it.
    """
    ids = set(person_ids)
    session.flush()
    targets = showing(session, term.cycle_id, week, ids)
    letters.renew_edits(session, list(targets), due_at=now, expires_at=now + EDITABLE_FOR)
    return {person for person in targets.values() if person in ids}


def blocked(
    session: Session,
    term: Term,
    now: datetime,
    person_id: int,
    since: int,
    helpers: Iterable[int] = (),
) -> None:
    """Edit every message that shows somebody's blocker: until it is solved, each week's does.

    Those who help with it may have been asked about it too.
    """
    team_ids = objectives.teams_showing(session, term.cycle_id, [person_id]).keys()
    targets = letters.about(
        session, term.cycle_id, since, team_ids=team_ids, kinds=POSTED, onwards=True
    )
    asked = {person_id, *helpers}
    targets += letters.about(session, term.cycle_id, since, person_ids=asked, onwards=True)
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)


def of_team(
    session: Session, term: Term, now: datetime, team_ids: Iterable[int], week: int
) -> None:
    """Edit what was posted of these teams' week."""
    session.flush()
    own = list(team_ids)
    targets = letters.about(session, term.cycle_id, week, team_ids=own, kinds=POSTS)
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)


def flag(session: Session, term: Term, now: datetime, readers: Iterable[Person]) -> None:
    """Tell these the same day, or when they work again; what comes until then joins it.

    So does what comes later on the day on which they were told.
    """
    known = {person.id or 0: person for person in readers}
    off = outlook.days_ahead(session, term, now, list(known))
    last = letters.newest_to(session, "flag", known, term.cycle_id)
    wanted = []
    for number, person in known.items():
        day, before = term.day_of(person, now), last.get(number)
        if before is not None:
            told = before.sent_at is not None and term.day_of(person, before.sent_at) == day
            if told or before.state in ("planned", "claimed"):
                day = date.fromisoformat(before.subject)
        wanted.append((person, day, off.free_at(person, now) + GATHER))
    _gather(session, term, now, wanted)


def renew_flags(
    session: Session, term: Term, now: datetime, told: Iterable[tuple[Person, datetime]]
) -> None:
    """The flags by which these people were told of something at these moments are written anew."""
    days = {(person.id or 0, term.day_of(person, at).isoformat()) for person, at in told}
    sent = letters.sent_to(session, "flag", {number for number, _ in days}, now - EDITABLE_FOR)
    targets = {
        next((own for own, whom, first in sent if whom == number and first <= day), 0)
        for number, day in days
    }
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)


def _gather(
    session: Session, term: Term, now: datetime, wanted: Sequence[tuple[Person, date, datetime]]
) -> None:
    """One flag to each, of this day on and when it is due."""
    if term.organisation.running not in ("on", "pilot"):
        return
    where = people.identities(session, {person.id or 0 for person, *_ in wanted})
    drafts = [
        Draft(
            key=f"flag:{person.id}:{day.isoformat()}",
            flow="flag",
            subject=day.isoformat(),
            kind="flag",
            person_id=person.id,
            cycle_id=term.cycle_id or None,
            week=term.week,
            platform=to.platform,
            workspace=to.workspace,
            address=to.address,
            due_at=due,
            expires_at=due + SAME_DAY,
        )
        for person, day, due in wanted
        if (to := Outlook.first_reachable(where.get(person.id or 0, ()))) is not None
    ]
    if not drafts:
        return
    letters.plan(session, drafts)
    for draft in drafts:
        letters.revive(session, draft.key, due_at=draft.due_at, expires_at=draft.expires_at)
    known = letters.numbers(session, {draft.key for draft in drafts})
    letters.renew_edits(session, known, due_at=now, expires_at=now + EDITABLE_FOR)


def tell(
    session: Session,
    term: Term,
    now: datetime,
    flow: str,
    subject: str,
    person: Person,
    waits: timedelta = EDITABLE_FOR,
    weight: Weight = "news",
) -> bool:
    """Tell somebody in their working hours, once for each subject; whether they can be reached.

    News is a part of what they may be sent in a week, and waits on their home where it does not
    fit. A decision that others wait for comes before news and digests, next week where this one
    is full. An answer to what they asked counts for nothing. Nobody is told before the bot is on.
    """
    where = reach(session, person)
    if where is None or term.organisation.running not in ("on", "pilot"):
        return False
    off = outlook.days_ahead(session, term, now, [person.id or 0])
    due = off.at_work(person, now)
    full = weight != "answer" and _full(session, term, person, due, weight)
    if full and weight == "decision":
        monday = cadence.next_monday(term.day_of(person, due))
        due = off.at_work(person, cadence.instant(monday, time(), term.zone_of(person)))
    draft = Draft(
        key=f"{flow}:{subject}",
        flow=flow,
        subject=subject,
        kind="notice",
        due_at=due,
        expires_at=due + waits,
        person_id=person.id,
        cycle_id=term.cycle_id,
        week=None if weight == "answer" else _week(term, person, due),
        platform=where[0],
        workspace=where[1],
        address=where[2],
    )
    new = letters.plan(session, [draft], "budget" if full and weight == "news" else "")
    if new and weight == "decision":  # a digest may have to give way
        session.info["replan"] = True
    return True


def _full(session: Session, term: Term, person: Person, due: datetime, weight: Weight) -> bool:
    """Whether a week has no room for it beside what has gone and what comes before it."""
    week = _week(term, person, due)
    before: tuple[Kind, ...] = ("ask", "notice", *(("digest",) if weight == "news" else ()))
    taken = letters.taken(session, person.id or 0, term.cycle_id, week or 0, before)
    return week is not None and taken >= term.organisation.unasked_per_week


def _week(term: Term, person: Person, at: datetime) -> int | None:
    if term.cycle is None:
        return None
    return cadence.week_of(term.cycle.starts, term.calendar.weeks, term.day_of(person, at))


def renew(session: Session, now: datetime, flow: str, *subjects: str) -> bool:
    """What was said of these subjects is written anew, wherever it stands; whether anything was."""
    targets = letters.of_subjects(session, flow, subjects)
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)
    return bool(targets)


def planned(session: Session, term: Term, now: datetime, team_ids: Iterable[int]) -> None:
    """What these teams plan has changed: every message of planning that shows it is edited.

    That is the messages of their members, of their leads and the next above, of the leads below,
    who see it as what they work towards, and what was posted.
    """
    session.info["replan"] = True
    session.flush()
    tree, own = leads.lines(session), set(team_ids)
    up = {team.id or 0 for number in own for team in tree.up(number)}
    near = {number for each in own for number in tree.below(each)} | up
    told = {i for some in teams.members(session, own).values() for i in some}
    told |= {team.lead_id for i in near if (team := tree.teams.get(i)) and team.lead_id}
    targets = letters.of_flow(session, "plan", term.cycle_id, told, up)
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)


def graded(session: Session, now: datetime, cycle_id: int, team_ids: Iterable[int]) -> None:
    """Results that were posted already show a grade that came after them."""
    subjects = [f"result:{cycle_id}:{number}" for number in sorted(team_ids)]
    subjects += [f"company:{cycle_id}:{team.id}" for team in teams.companies(session)]
    renew(session, now, "retro", *subjects)


def perhaps_lost(session: Session, term: Term, now: datetime, summary: Letter) -> None:
    """Tell lead and admins of a summary of which nobody can say whether it was posted."""
    if term.organisation.running not in ("on", "pilot"):
        return
    team = teams.team(session, summary.team_id or 0)
    lead = people.person(session, team.lead_id or 0) if team else None
    told = [*people.admins(session), *([lead] if lead and lead.active else ())]
    key, week = f"report:perhaps:{summary.key}", (summary.cycle_id, summary.week)
    _notices(session, told, now, key, str(summary.id), week)


def shut_out(session: Session, term: Term, now: datetime, event: WorkspaceChanged) -> None:
    """Tell those admins who can be reached elsewhere of a workspace that shuts the bot out."""
    subject = "/".join(("lost", event.platform, event.reason, event.name or event.workspace))
    key = f"report:lost:{event.platform}:{event.workspace}:{now.isoformat(timespec='seconds')}"
    session.flush()
    _notices(session, people.admins(session), now, key, subject, (term.cycle_id or None, None))


def _notices(
    session: Session,
    told: Iterable[Person],
    now: datetime,
    key: str,
    subject: str,
    week: tuple[int | None, int | None],
) -> None:
    """One notice of the report to each of these who can be reached."""
    numbers = {person.id for person in told if person.id}
    where = people.identities(session, numbers)
    drafts = [
        Draft(
            key=f"{key}:{number}",
            flow="report",
            subject=subject,
            kind="notice",
            person_id=number,
            cycle_id=week[0],
            week=week[1],
            platform=to.platform,
            workspace=to.workspace,
            address=to.address,
            due_at=now,
            expires_at=now + EDITABLE_FOR,
        )
        for number in sorted(numbers)
        if (to := Outlook.first_reachable(where.get(number, ()))) is not None
    ]
    letters.plan(session, drafts)


def reach(session: Session, person: Person) -> tuple[str, str, str] | None:
    """Where somebody last wrote from."""
    identities = people.identities(session, [person.id or 0])
    where = Outlook.first_reachable(identities.get(person.id or 0, ()))
    return None if where is None else (where.platform, where.workspace, where.address)


def flagged(before: int | None, now: int | None) -> bool:
    """Whether a confidence is news for the lead."""
    return now is not None and score.flagged(before, now) and now != before
