"""Letters for tests, all of them due on a fixed Friday."""

from datetime import UTC, datetime, timedelta

from storage.letters import Draft, Kind
from storage.outbox import Bucket

FRIDAY = datetime(2026, 2, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE = Bucket("web", "acme")


def draft(
    key: str,
    *,
    kind: Kind = "ask",
    due: datetime = FRIDAY,
    expires: datetime = FRIDAY + 48 * HOUR,
    flow: str = "checkin",
    subject: str = "1:5",
    person: int | None = 1,
    team: int | None = None,
    workspace: str = "acme",
) -> Draft:
    return Draft(
        key=key,
        flow=flow,
        subject=subject,
        kind=kind,
        due_at=due,
        expires_at=expires,
        person_id=person,
        team_id=team,
        cycle_id=1,
        week=5,
        platform="web",
        workspace=workspace,
        address="dm:1",
    )
