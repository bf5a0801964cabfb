"""What else must change when something was said: messages that show it, and flags to leads."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.flow import Term
from bot.method import score
from bot.outlook import Outlook
from storage import letters, objectives, people, teams
from storage.letters import Draft, Kind
from storage.people import Person
from storage.teams import Team

EDITABLE_FOR = timedelta(days=21)
FLAGS: tuple[Kind, ...] = ("flag",)
GATHER = timedelta(minutes=5)
"""How long the first flag of a day waits for others to come with it."""


def answered(session: Session, term: Term, now: datetime, person: Person, week: int) -> None:
    """Somebody's week is settled: nothing more is asked, and what shows it is edited."""
    letters.cancel(
        session,
        reason="answered",
        person_id=person.id,
        cycle_id=term.cycle_id,
        week=week,
        kinds=("ask", "reminder", "reply"),
    )
    shown(session, term, now, [person.id or 0], week)


def shown(
    session: Session, term: Term, now: datetime, person_ids: Iterable[int], week: int
) -> None:
    """Edit every message that shows their week: their own, their teams' and their leads'."""
    ids = list(person_ids)
    known, team_ids = showing(session, term, ids)
    lead_ids = {lead for i in team_ids if i in known and (lead := known[i].lead_id)}
    targets = letters.about(session, term.cycle_id, week, person_ids=ids, team_ids=team_ids)
    targets += letters.about(session, term.cycle_id, week, person_ids=lead_ids, kinds=FLAGS)
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)


def blocked(session: Session, term: Term, now: datetime, person_id: int, since: int) -> None:
    """Edit every message that shows somebody's blocker: until it is solved, each week's does."""
    _, team_ids = showing(session, term, [person_id])
    targets = letters.about(session, term.cycle_id, since, team_ids=team_ids, onwards=True)
    targets += letters.about(session, term.cycle_id, since, person_ids=[person_id])
    letters.renew_edits(session, targets, due_at=now, expires_at=now + EDITABLE_FOR)


def showing(
    session: Session, term: Term, person_ids: Iterable[int]
) -> tuple[dict[int, Team], set[int]]:
    """The teams by number, and those that show these people: theirs, where they own key results,
    and all above.
    """
    ids = set(person_ids)
    known = {team.id or 0: team for team in teams.all_teams(session)}
    direct = set(teams.members(session, person_ids=ids))
    climbing = direct | objectives.teams_of_owners(session, term.cycle_id, ids)
    found: set[int] = set()
    while climbing:
        found |= climbing
        above = {known[i].parent_id for i in climbing if i in known}
        climbing = {i for i in above if i is not None} - found
    return known, found


def flag(
    session: Session,
    term: Term,
    now: datetime,
    lead: Person,
) -> None:
    """Tell a lead the same day; what comes later that day joins the same message."""
    if term.organisation.running not in ("on", "pilot"):
        return
    zone = term.zone_of(lead)
    day = now.astimezone(ZoneInfo(zone)).date()
    where = reach(session, lead)
    if where is None:
        return
    key = f"flag:{lead.id}:{day.isoformat()}"
    letters.plan(
        session,
        [
            Draft(
                key=key,
                flow="flag",
                subject=day.isoformat(),
                kind="flag",
                person_id=lead.id,
                cycle_id=term.cycle_id,
                week=term.week,
                platform=where[0],
                workspace=where[1],
                address=where[2],
                due_at=now + GATHER,
                expires_at=now + timedelta(hours=20),
            )
        ],
    )
    letters.revive(session, key, due_at=now + GATHER, expires_at=now + timedelta(hours=20))
    sent = letters.by_key(session, key)
    if sent is not None and sent.state == "sent" and sent.id is not None:
        letters.renew_edits(session, [sent.id], due_at=now, expires_at=now + EDITABLE_FOR)


def reach(session: Session, person: Person) -> tuple[str, str, str] | None:
    """Where somebody last wrote from."""
    identities = people.identities(session, [person.id or 0])
    where = Outlook.first_reachable(identities.get(person.id or 0, ()))
    return None if where is None else (where.platform, where.workspace, where.address)


def flagged(before: int | None, now: int | None) -> bool:
    """Whether a confidence is news for the lead."""
    return now is not None and score.flagged(before, now) and now != before
