"""Which summaries and digests the days ahead need."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import cadence
from bot.outlook import Outlook
from storage.letters import Draft, Letter

SUMMARY_FOR = timedelta(days=3)


def summaries(outlook: Outlook, week: int) -> Iterable[Draft]:
    """One summary for each team and channel, where anybody is asked or anything measured."""
    for number, team in outlook.teams.items():
        due = outlook.summary_at(team, week)
        if due is None or not (number in outlook.measured or outlook.asked_of.get(number)):
            continue
        subject = f"summary:{outlook.term.cycle_id}:{week}:{team.id}"
        yield from outlook.post("digest", subject, team, week, due, due + SUMMARY_FOR)


def digests(outlook: Outlook, week: int) -> Iterable[Draft]:
    """On Monday, about the week before, for those who lead more than a team or asked for it."""
    if not cadence.asks_checkin(outlook.term.calendar, week - 1):
        return
    leads = {team.lead_id for team in outlook.teams.values() if team.level != "team"}
    for number, person in outlook.people.items():
        if not (person.digest or number in leads):
            continue
        zone = outlook.term.zone_of(person)
        works = outlook.calendars.of_person(person).works
        due = cadence.digest_at(outlook.term.calendar, outlook.monday(week), zone, works)
        if due is not None:
            tomorrow = due.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
            expires = cadence.instant(tomorrow, time.min, zone)
            subject = f"company:{outlook.term.cycle_id}:{week}:{person.id}"
            yield from outlook.letter("digest", subject, "digest", person, week, due, expires)


def details(summary: Letter, now: datetime) -> Draft:
    """The answers, in the thread of a summary that has arrived.

    Its key holds no row's number: after a backup is put back, another letter may have that.
    """
    return Draft(
        key=summary.key.replace(":summary:", ":details:", 1),
        flow="digest",
        subject=f"details:{summary.cycle_id}:{summary.week}:{summary.team_id}",
        kind="notice",
        due_at=now,
        expires_at=now + SUMMARY_FOR,
        team_id=summary.team_id,
        cycle_id=summary.cycle_id,
        week=summary.week,
        platform=summary.platform,
        workspace=summary.workspace,
        address=summary.address,
        under=summary.id,
    )
