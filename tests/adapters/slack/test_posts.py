"""What is sent, edited and found again, whatever Slack does."""

import asyncio

import pytest

from adapters.slack import rates, workspace
from adapters.slack.adapter import Slack as Adapter
from bot.chat.adapter import Outcome, Sent, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card, Mention, Text, Words
from bot.chat.who import Actor, Destination
from tests.adapters import examples
from tests.adapters.slack.bench import ALICE, BOB, GROWTH, Bench
from tests.adapters.slack.loopback import BOT_TOKEN
from tests.adapters.slack.world import BOT, TEAM, Json

ONE = Card("One", (examples.BLOCKS["text"],))
CHART = Card("Summary", (examples.BLOCKS["line"], examples.BLOCKS["table"]))
POST, UPDATE = "chat.postMessage", "chat.update"


def long(blocks: int, word: str = "line") -> Card:
    """A card of more blocks than one message holds."""
    return Card("Long", tuple(Text((Words(f"{word} {n}."),)) for n in range(blocks)))


async def sent(office: Bench, card: Card, key: str = "k", **how: str) -> str:
    outcome = await office.adapter.send(office.home, card, key=key, **how)
    assert isinstance(outcome, Sent), outcome
    return outcome.id


async def thread(office: Bench, id: str) -> list[str]:
    return await office.thread(office.home, id)


def kinds(message: Json) -> set[str]:
    return {block["type"] for block in message["blocks"]}


async def test_message_carries_its_key_and_its_whole_text_and_unfurls_nothing(
    office: Bench,
) -> None:
    name = await sent(office, CHART, "letter-1")
    (asked,) = office.slack.called(POST)
    assert name == f"D{ALICE[1:]}:{office.alice.sees(office.home)[-1]['ts']}"
    assert asked["channel"] == ALICE
    assert asked["metadata"]["event_type"] == "okr_letter"
    assert asked["metadata"]["event_payload"]["key"] == "letter-1"
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)
    assert "Growth is at 41% in week 7" in asked["text"]
    assert "Weekly active teams" in asked["text"]


async def test_person_is_mentioned_in_their_own_workspace_only(office: Bench) -> None:
    here, there = Actor("slack", TEAM, BOB), Actor("slack", "T0OTHER", "U0ELSE")
    await sent(office, Card("Hi", (Text((Words("See "), Mention("Bob", (there, here)))),)))
    assert f"'user_id': '{BOB}'" in str(office.slack.called(POST)[0])
    assert "U0ELSE" not in str(office.slack.called(POST)[0])


async def test_chart_that_slack_does_not_take_is_sent_as_text(office: Bench) -> None:
    office.slack.world.native = False
    await sent(office, CHART)
    (message,) = office.alice.sees(office.home)
    assert not kinds(message) & {"data_visualization", "table"}
    assert "Growth is at 41% in week 7" in str(message["blocks"])
    await sent(office, CHART, "k2")
    assert len(office.slack.called(POST)) == 3, "by then it is known that charts are not taken"


@pytest.mark.parametrize("why", ["invalid_blocks", "msg_blocks_too_long"])
async def test_card_whose_look_slack_refuses_is_said_without_it(office: Bench, why: str) -> None:
    office.slack.does(POST, why, why)
    first = await sent(office, CHART)
    (message,) = office.alice.sees(office.home)
    assert message["blocks"] == []
    assert "Growth is at 41% in week 7" in message["text"]
    office.slack.does("chat.update", why)
    assert await sent(office, ONE, "k2", replaces=first) == first
    assert office.alice.sees(office.home)[0]["blocks"] == []


async def test_message_that_slack_never_takes_is_no_fault_of_its_reader(office: Bench) -> None:
    office.slack.does(POST, *["invalid_blocks"] * 2)
    outcome = await office.adapter.send(office.home, ONE, key="k")
    assert isinstance(outcome, Undeliverable)
    assert "invalid_blocks" in outcome.reason
    assert outcome.by_itself
    office.slack.does(POST, "user_not_found")
    outcome = await office.adapter.send(office.home, ONE, key="k")
    assert isinstance(outcome, Undeliverable)
    assert not outcome.by_itself


async def test_long_card_goes_on_in_its_thread_and_is_edited_with_all_its_parts(
    office: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "A_CHANNEL", 0.01)
    first = await sent(office, long(120))
    assert len(await office.posted(office.home)) == 1
    assert len(await thread(office, first)) == 2
    assert "line 119." in (await thread(office, first))[-1]
    assert await office.adapter.find(office.home, "k") == first

    assert await sent(office, long(120, "word"), "k2", replaces=first) == first
    assert "line" not in str(await thread(office, first))
    assert "word 119." in str(await thread(office, first))

    assert await sent(office, ONE, "k3", replaces=first) == first
    assert await thread(office, first) == []

    assert await sent(office, long(60), "k4", replaces=first) == first
    assert "line 59." in str(await thread(office, first))
    await sent(office, ONE, "k5", replaces=first)
    assert await thread(office, first) == []
    assert len(await office.posted(office.home)) == 1


async def test_long_card_that_broke_off_is_finished_and_not_doubled(office: Bench) -> None:
    async def failing(adapter: Adapter) -> Outcome:
        return await adapter.send(office.home, long(120), key="k")

    sound = office.slack.fates.setdefault(POST, [])
    sound += ["", "drop before"]  # "" is no fate at all
    assert isinstance(await failing(office.adapter), Unknown)
    assert await office.adapter.find(office.home, "k") is None
    first = await sent(office, long(120))
    assert len(await office.posted(office.home)) == 1
    assert len(await thread(office, first)) == 2
    assert await office.adapter.find(office.home, "k") == first


async def test_another_replica_finds_what_this_one_sent(office: Bench) -> None:
    first = await sent(office, long(60))
    answer = await sent(office, ONE, "k2", under=first)
    replica = Adapter(office.config)
    try:
        assert await replica.find(office.home, "k") == first
        assert await replica.find(office.home, "k2") == answer
        assert await replica.find(office.home, "k3") is None
    finally:
        await replica.close()


async def test_open_channel_is_joined(office: Bench) -> None:
    everyone = Destination("slack", TEAM, "C0ALL")
    outcome = await office.adapter.send(everyone, ONE, key="k")
    assert isinstance(outcome, Sent)
    assert BOT in office.slack.world.channels["C0ALL"].members


async def test_closed_channel_asks_for_an_invitation(office: Bench) -> None:
    closed = office.slack.world.open("C0CLOSED", "closed", ALICE, is_private=True)
    at = Destination("slack", TEAM, closed.id)
    outcome = await office.adapter.send(at, ONE, key="k")
    assert isinstance(outcome, Undeliverable)
    assert outcome.reason == "invite"
    office.slack.world.channels["C0ALL"].members.discard(BOT)
    office.slack.tokens[BOT_TOKEN] = "chat:write"
    outcome = await office.adapter.send(Destination("slack", TEAM, "C0ALL"), ONE, key="k")
    assert isinstance(outcome, Undeliverable)
    assert outcome.reason == "invite"


@pytest.mark.parametrize(
    ("fate", "outcome"),
    [
        ("drop before", Unknown),
        ("drop after", Unknown),
        (502, Unknown),
        (503, Unknown),
        (200, Unknown),
        ("internal_error", Unknown),
        ("fatal_error", Unknown),
        ("ratelimited", TryLater),
        ("service_unavailable", TryLater),
        ("message_limit_exceeded", TryLater),
        ("missing_scope", TryLater),
        ("token_expired", TryLater),
        ("is_archived", Undeliverable),
        ("user_not_found", Undeliverable),
        ("cannot_dm_bot", Undeliverable),
        ("messages_tab_disabled", Undeliverable),
        ("restricted_action", Undeliverable),
        ("restricted_action_thread_only_channel", Undeliverable),
        ("msg_too_long", Undeliverable),
        ("no_text", Undeliverable),
        ("some_word_of_next_year", Undeliverable),
    ],
)
async def test_every_answer_means_one_outcome(
    office: Bench, fate: str | int, outcome: type[Outcome]
) -> None:
    office.slack.does(POST, fate)
    assert isinstance(await office.adapter.send(office.home, ONE, key="k"), outcome)
    assert len(office.slack.called(POST)) == 1, "the outbox tries again, never the adapter"


async def test_slack_out_of_reach_is_tried_later(office: Bench) -> None:
    config = type(office.config)(office.config.accesses, api_url="http://127.0.0.1:9/api/")
    adapter = Adapter(config)
    try:
        assert isinstance(await adapter.send(office.home, ONE, key="k"), TryLater)
    finally:
        await adapter.close()


async def test_pause_that_slack_asks_for_is_kept_without_asking_again(office: Bench) -> None:
    office.slack.does(POST, ("busy", 30))
    assert await office.adapter.send(office.home, ONE, key="k") == TryLater(30)
    again = await office.adapter.send(office.channel, ONE, key="k2")
    assert isinstance(again, TryLater)
    assert 25 < again.after < 31
    assert len(office.slack.called(POST)) == 1


async def test_workspace_that_shut_us_out_is_left_alone_until_it_lets_us_in(
    office: Bench,
) -> None:
    await sent(office, ONE)
    office.slack.revoked[BOT_TOKEN] = "account_inactive"
    for n in range(3):
        outcome = await office.adapter.send(office.home, ONE, key=f"n{n}")
        assert isinstance(outcome, TryLater), "nothing is given up: an admin will see to it"
        assert outcome.after > 500
    assert len(office.slack.called(POST)) == 2
    assert any(f.level == "bad" and f.remedy for f in await office.adapter.check())
    office.slack.revoked.clear()
    assert not any(f.level == "bad" for f in await office.adapter.check())
    await sent(office, ONE, "back")


async def test_edits_in_a_wave_keep_their_own_pace(office: Bench) -> None:
    ids = [await sent(office, ONE, f"k{n}") for n in range(2)]
    edits = [
        await office.adapter.send(office.home, ONE, key=f"e{n}", replaces=ids[n % 2])
        for n in range(8)
    ]
    assert all(isinstance(edit, Sent) for edit in edits)


async def test_messages_in_one_channel_are_put_off_beyond_its_pace(
    office: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "SHORT", 0.2)
    outcomes = await asyncio.gather(
        *(office.adapter.send(office.channel, ONE, key=f"k{n}") for n in range(40))
    )
    later = [outcome for outcome in outcomes if isinstance(outcome, TryLater)]
    assert len(office.slack.world.channels[GROWTH].messages) == 40 - len(later)
    assert 25 <= len(later) <= 32
    assert all(0.2 < each.after <= 32 for each in later)
