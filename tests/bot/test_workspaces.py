"""A workspace that shuts the bot out: admins hear of it elsewhere, nothing is lost, it goes on."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.cast import ALICE, BOB, DANA
from bot.chat.events import WorkspaceChanged
from storage import people
from storage.people import Identity
from tests.flows.eyes import seen
from tests.house import House, words

LOST = WorkspaceChanged("loopback", "", "1", "lost", "Harbour", "token_revoked")
BACK = WorkspaceChanged("loopback", "", "2", "regained", "Harbour")
ELSEWHERE = "dm:alice-elsewhere"


def moves_in(session: Session) -> None:
    """Alice, the admin, has an account in another workspace too, from which she wrote long ago."""
    session.add(
        Identity(platform="loopback", workspace="labs", account="alice", person_id=ALICE.id or 0,
                 address=ELSEWHERE, heard_at=datetime(2026, 9, 1, tzinfo=UTC))
    )  # fmt: skip


@pytest.fixture
async def company(house: House) -> House:
    await house.database.write(moves_in)
    return house


async def test_admins_are_told_elsewhere_and_once(company: House) -> None:
    await company.hears(LOST)
    await company.hears(LOST)  # the other replica heard it too
    (told,) = company.platform.to(ELSEWHERE)
    assert told.card.title == "Loopback shuts me out"
    assert "I can do nothing in Harbour any more: my token no longer works." in words(told.card)
    assert company.platform.to(f"dm:{BOB.email}") == []


async def test_nothing_is_sent_there_until_it_is_regained_and_then_all_is(company: House) -> None:
    await company.go_to("Wed 18:00")
    before = len(company.platform.messages)
    await company.hears(LOST)
    await company.go_to("Thu 18:00")
    elsewhere = company.platform.to(ELSEWHERE)
    assert len(company.platform.messages) == before + len(elsewhere)
    assert [m.card.title for m in elsewhere][1:] == ["Week 5 check-in"]  # as she has two accounts
    await company.hears(BACK)
    assert company.last(DANA).title == "Week 5 check-in"
    assert company.last(BOB).title == "Week 5 check-in"


async def test_report_says_it_of_people_and_channels(company: House) -> None:
    await company.hears(LOST)
    said = seen(await company.says(ALICE, "report"))
    assert "- I am shut out of the workspace (3): Bob Okafor, Charlie Rao, Dana Weiss" in said
    assert "- Growth, growth: I am shut out of the workspace" in said
    await company.hears(BACK)
    assert "shut out" not in seen(await company.says(ALICE, "report"))


async def test_who_was_out_of_reach_before_stays_so(company: House) -> None:
    def leave(session: Session) -> None:
        (known,) = people.identities(session, [DANA.id or 0])[DANA.id or 0]
        own = people.identity(session, known.id or 0)
        assert own is not None
        own.unreachable = "user_disabled"
        session.add(own)

    await company.database.write(leave)
    await company.hears(LOST)
    await company.hears(BACK)
    said = seen(await company.says(ALICE, "report"))
    assert "the account is switched off (1): Dana Weiss" in said
