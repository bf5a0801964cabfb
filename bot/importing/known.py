"""What the database holds, as records."""

from collections.abc import Iterable

from sqlmodel import Session

from bot.importing.records import (
    ChannelRecord,
    Company,
    KeyResultRecord,
    KpiRecord,
    MilestoneRecord,
    ObjectiveRecord,
    PersonRecord,
    TeamRecord,
)
from bot.kpis.definition import columns_of
from storage import bulk
from storage.kpis import Kpi
from storage.objectives import KeyResult, Milestone, Objective
from storage.people import Person
from storage.teams import Channel, Team


def known(session: Session, cycle_id: int | None) -> Company:
    """All people, teams and KPIs, and the objectives of a cycle."""
    rows = bulk.everything(session, cycle_id)
    emails = {row.id: row.email for row in rows.people}
    slugs = {row.id: row.slug for row in rows.teams}
    members: dict[int, list[str]] = {}
    for member in rows.memberships:
        members.setdefault(member.team_id, []).append(emails[member.person_id])
    channels: dict[int, list[Channel]] = {}
    for channel in rows.channels:
        channels.setdefault(channel.team_id, []).append(channel)
    steps: dict[int, list[Milestone]] = {}
    for step in rows.milestones:
        steps.setdefault(step.key_result_id, []).append(step)
    teams = [
        _team(row, slugs, emails, members.get(row.id or 0, ()), channels.get(row.id or 0, ()))
        for row in rows.teams
    ]
    key_results = [_key_result(row, emails, steps.get(row.id or 0, ())) for row in rows.key_results]
    return Company(
        people={row.email: _person(row, emails) for row in rows.people},
        teams={team.slug: team for team in teams},
        objectives={token(row.id): _objective(row, slugs, emails) for row in rows.objectives},
        key_results={kr.token: kr for kr in key_results},
        kpis={row.slug: _kpi(row, slugs, emails) for row in rows.kpis},
    )


def token(id: int | None) -> str:  # noqa: A002 the tables' own word
    """What a row of the database is pointed to by."""
    return f"#{id}"


def _person(row: Person, emails: dict[int | None, str]) -> PersonRecord:
    return PersonRecord(
        email=row.email,
        name=row.name,
        zone=row.zone,
        locale=row.locale,
        country=row.country,
        manager=emails[row.manager_id] if row.manager_id else None,
        admin=row.admin,
        digest=row.digest,
        active=row.active,
        id=row.id,
    )


def _team(
    row: Team,
    slugs: dict[int | None, str],
    emails: dict[int | None, str],
    members: Iterable[str],
    channels: Iterable[Channel],
) -> TeamRecord:
    places = [ChannelRecord(c.platform, c.workspace, c.address) for c in channels]
    return TeamRecord(
        slug=row.slug,
        name=row.name,
        level=row.level,
        parent=slugs[row.parent_id] if row.parent_id else None,
        lead=emails[row.lead_id] if row.lead_id else None,
        members=tuple(sorted(members)),
        channels=tuple(sorted(places, key=lambda c: (c.platform, c.workspace))),
        zone=row.zone,
        locale=row.locale,
        country=row.country,
        short_form=row.short_form,
        id=row.id,
    )


def _objective(
    row: Objective, slugs: dict[int | None, str], emails: dict[int | None, str]
) -> ObjectiveRecord:
    return ObjectiveRecord(
        token=token(row.id),
        team=slugs[row.team_id],
        title=row.title,
        reference=row.reference,
        owner=emails[row.owner_id] if row.owner_id else None,
        commitment=row.commitment,
        parent=token(row.parent_id) if row.parent_id else None,
        id=row.id,
    )


def _key_result(
    row: KeyResult, emails: dict[int | None, str], steps: Iterable[Milestone]
) -> KeyResultRecord:
    return KeyResultRecord(
        token=token(row.id),
        objective=token(row.objective_id),
        title=row.title,
        due=row.due,
        reference=row.reference,
        owner=emails[row.owner_id] if row.owner_id else None,
        kind=row.kind,
        unit=row.unit,
        baseline=row.baseline,
        target=row.target,
        low=row.low,
        high=row.high,
        weight=row.weight,
        curve=row.curve,
        milestones=tuple(
            MilestoneRecord(s.title, s.position, s.weight, s.due, s.done_on, s.id) for s in steps
        ),
        id=row.id,
    )


def _kpi(row: Kpi, slugs: dict[int | None, str], emails: dict[int | None, str]) -> KpiRecord:
    return KpiRecord(
        slug=row.slug,
        **columns_of(row),
        owner=emails[row.owner_id] if row.owner_id else None,
        team=slugs[row.team_id] if row.team_id else None,
        id=row.id,
    )
