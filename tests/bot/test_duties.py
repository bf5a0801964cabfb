"""What recurs: accounts are looked up, and what no platform needs any more is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.cast import DANA
from bot.chat.adapter import Found
from bot.running import Kept
from storage import keeping, people
from storage.people import Identity
from tests.house import EVERYONE, House

A_DAY = timedelta(days=1)


async def test_what_was_kept_for_some_days_is_forgotten_after_them(house: House) -> None:
    kept = Kept(house.database, "slack", house.bot.clock)
    await kept.put("form:1", "half a plan", days=3)
    await kept.put("form:2", "put away")
    await kept.put("url", "https://example.org")
    await kept.drop("form:2")
    for days, there in ((3, "half a plan"), (5, None)):
        await house.go_to(house.now + days * A_DAY)
        await house.bot.duties.rollup()
        assert await kept.get("form:1") == there
    assert await kept.get("url") == "https://example.org"
    rows = await house.database.read(lambda s: s.exec(select(keeping.Kept.key)).all())
    assert not [key for key in rows if key.startswith("form:")]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_platform_that_is_away_is_one_line_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(session: Session) -> None:
        session.execute(delete(Identity))

    async def look_up(email: str) -> Found | None:
        if email != DANA.email:
            raise ConnectionError("Slack is away")
        return await known(email)

    await house.database.write(forget)
    known = house.platform.look_up
    monkeypatch.setattr(house.platform, "look_up", look_up)
    with capture_logs() as logs:
        await house.bot.duties.rollup()
    (line,) = [log for log in logs if log["log_level"] in ("warning", "error")]
    assert line["people"] == len(EVERYONE) - 1
    assert line["why"] == "ConnectionError"
    assert [*await house.database.read(people.identities)] == [DANA.id]
