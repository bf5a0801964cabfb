"""Long messages in parts, threads, and what is kept of them."""

import pytest

from bot.chat.adapter import Sent, TryLater, Undeliverable
from bot.chat.cards import Card, Text, Words
from bot.chat.who import Destination
from tests.adapters.stages import Ear
from tests.adapters.teams.bench import Bench
from tests.adapters.teams.loopback import Fate
from tests.adapters.teams.world import TENANT

GROUP = "19:chat@thread.v2"


def long(paragraphs: int, word: str = "word ") -> Card:
    """A card of so many paragraphs of three thousand signs."""
    return Card("Long", tuple(Text((Words(f"{n}. {word * 600}"),)) for n in range(paragraphs)))


async def sent(office: Bench, to: Destination, card: Card, key: str, **how: str) -> str:
    outcome = await office.adapter.send(to, card, key=key, **how)
    assert isinstance(outcome, Sent), outcome
    return outcome.id


@pytest.mark.parametrize("in_channel", [False, True], ids=["personal", "channel"])
async def test_parts_follow_and_change_with_their_message(office: Bench, in_channel: bool) -> None:
    to = office.channel if in_channel else office.home
    first = await sent(office, to, long(14), "k")
    shown = "".join(await office.alice.reads(to))
    assert all(f"{n}. word" in shown for n in range(14))
    before = len(office.alice.sees(to))
    assert before > 1
    if in_channel:
        assert len({m["root"] for m in office.alice.sees(to)}) == 1, "one thread"
    assert await sent(office, to, long(20, "more "), "e1", replaces=first) == first
    assert len(office.alice.sees(to)) > before
    shown = "".join(await office.alice.reads(to))
    assert all(f"{n}. more" in shown for n in range(20))
    assert "word word" not in shown
    assert await sent(office, to, Card("Short"), "e2", replaces=first) == first
    assert [text.strip() for text in await office.alice.reads(to)] == ["Short"]


@pytest.mark.parametrize("fate", ["drop before", (429, 1), 503])
async def test_part_that_failed_is_brought_later_and_nothing_twice(
    office: Bench, fate: Fate
) -> None:
    office.teams.does("post", "well", fate)
    outcome = await office.adapter.send(office.home, long(14), key="k")
    assert isinstance(outcome, TryLater)
    await sent(office, office.home, long(14), "k")
    messages = await office.alice.reads(office.home)
    assert len(messages) == len(set(messages))
    assert all(f"{n}. word" in "".join(messages) for n in range(14))


async def test_group_chat_is_written_to_without_threads(office: Bench) -> None:
    office.teams.world.open(GROUP, "groupChat", office.alice.account)
    to = Destination("teams", TENANT, GROUP)
    first = await sent(office, to, Card("One"), "k1")
    await sent(office, to, Card("Two"), "k2", under=first)
    await sent(office, to, Card("Three"), "k3", replaces=first)
    assert [text.strip() for text in await office.alice.reads(to)] == ["Three", "Two"]


async def test_key_that_was_sent_is_not_sent_again(office: Bench) -> None:
    first = await sent(office, office.home, Card("One"), "k")
    assert await sent(office, office.home, Card("One"), "k") == first
    assert len(office.alice.sees(office.home)) == 1


async def test_other_tenant_s_people_are_not_written_to(office: Bench, ear: Ear) -> None:
    elsewhere = Destination("teams", "another-tenant", office.home.address)
    outcome = await office.adapter.send(elsewhere, Card("One"), key="k")
    assert isinstance(outcome, Undeliverable)
    assert outcome.reason == "no_workspace"
    assert await office.alice.reads(office.home) == []
