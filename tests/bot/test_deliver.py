"""No letter is lost, and none is sent twice where its platform can be asked."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from bot import courier, deliver
from bot.chat.adapter import Outcome, Sent, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.flows import flows
from storage import leases, letters, outbox, people, teams
from storage.database import Database, Unavailable
from storage.letters import Letter
from storage.outbox import Bucket
from tests.bot.post import HOUR, NOW, Killed, Post, Trouble, ask
from tests.house import words
from tests.loopback import Fate, Loopback

DANA = "checkin:ask:1:5:4"
EDITS = NOW + timedelta(days=7)

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine can tell apart."""


@pytest.fixture
async def post(database: Database) -> Post:
    return await Post.open(database)


def fates(*outcomes: Outcome | BaseException | None) -> Any:
    """What happens to one attempt after another; the platform is well afterwards."""
    left = list(outcomes)

    def fate(platform: Loopback, to: Destination, card: Card, key: str) -> Outcome | None:
        outcome = left.pop(0) if left else None
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return fate


def took_it_and(outcome: Outcome | BaseException) -> Any:
    """The first message arrives, and then this happens."""
    left = [outcome]

    def fate(platform: Loopback, to: Destination, card: Card, key: str) -> Outcome | None:
        if not left:
            return None
        platform.take(to, card, key)
        last = left.pop()
        if isinstance(last, BaseException):
            raise last
        return last

    return fate


async def until_quiet(post: Post, rounds: int = 5) -> None:
    for _ in range(rounds):
        await post.time_passes()
        await post.deliver()


async def arrival(post: Post) -> None:
    """Until something arrives, long before delivery would look by itself."""
    here = asyncio.Event()
    post.platform.fate = partial(_ring, here, post.platform.fate)
    async with asyncio.timeout(deliver.TICK - 5):
        await here.wait()
    await post.delivery.quiet()


def _ring(here: asyncio.Event, fate: Fate | None, *about: Any) -> Outcome | None:
    outcome = fate(*about) if fate else None
    if outcome is None:
        here.set()
    return outcome


async def test_what_is_due_goes_out_once_with_the_card_it_keeps(post: Post) -> None:
    await post.plan(ask(4), ask(3), ask(1, due=NOW + HOUR))
    assert await post.deliver() == 2
    assert await post.deliver() == 0
    assert sorted(m.to for m in post.messages) == [
        "dm:charlie@harbour.example",
        "dm:dana@harbour.example",
    ]
    sent = await post.the(DANA)
    assert (sent.state, sent.message_id, sent.sent_at) == ("sent", post.messages[0].id, NOW) or (
        sent.message_id == post.messages[1].id
    )
    assert sent.card is not None
    assert "Week 5 check-in" in sent.card


@pytest.mark.parametrize("end", [Unknown(), RuntimeError("the line broke"), TimeoutError()])
async def test_accepted_and_then_dropped_is_looked_up(
    post: Post, end: Outcome | BaseException
) -> None:
    post.platform.fate = took_it_and(end)
    await post.plan(ask(4))
    assert await post.deliver() == 0
    assert (await post.the(DANA)).tries == 1
    assert await post.deliver() == 0  # not before its time
    await post.time_passes()
    assert await post.deliver() == 1
    assert len(post.messages) == post.platform.attempts == 1
    assert (await post.the(DANA)).message_id == post.messages[0].id


@on_sqlite
@pytest.mark.parametrize("end", [Unknown(), RuntimeError("the line broke")])
async def test_dropped_before_it_was_taken_is_sent_again(
    post: Post, end: Outcome | BaseException
) -> None:
    post.platform.fate = fates(end, end)
    await post.plan(ask(4))
    await until_quiet(post)
    assert (len(post.messages), post.platform.attempts) == (1, 3)
    assert (await post.the(DANA)).state == "sent"


async def test_try_later_waits_and_counts_as_untried(post: Post) -> None:
    post.platform.fate = fates(TryLater(30))
    await post.plan(ask(4))
    await post.deliver()
    waiting = await post.the(DANA)
    assert (waiting.state, waiting.tries) == ("planned", 0)
    assert 20 < waiting.not_before - time.time() < 31
    await post.time_passes()
    assert await post.deliver() == 1


@on_sqlite
async def test_delivery_wakes_when_a_pause_is_over(post: Post) -> None:
    post.platform.fate = fates(TryLater(0.01))
    await post.plan(ask(4))
    running = asyncio.create_task(post.delivery.run())
    post.delivery.wake()
    await arrival(post)
    running.cancel()
    await post.delivery.quiet()


async def test_undeliverable_is_dead_and_nobody_writes_there_until_heard_from(post: Post) -> None:
    post.platform.fate = fates(Undeliverable("account_inactive"))
    await post.plan(ask(4))
    await until_quiet(post)
    dead = await post.the(DANA)
    assert (dead.state, dead.reason, post.platform.attempts) == ("dead", "account_inactive", 1)
    found = await post.database.read(lambda s: people.identities(s, [4]))
    assert found[4][0].unreachable == "account_inactive"


@on_sqlite
async def test_a_channel_that_takes_nothing_is_marked(post: Post) -> None:
    post.platform.fate = fates(Undeliverable("is_archived"))
    await post.plan(
        ask(4, key="s", kind="summary", address="channel:growth", person_id=4, team_id=2)
    )
    await post.deliver()
    channels = await post.database.read(lambda s: teams.channels(s, [2]))
    assert channels[2][0].unreachable == "is_archived"


@on_sqlite
async def test_an_edit_that_fails_says_nothing_about_its_reader(post: Post) -> None:
    await post.plan(ask(4))
    await post.deliver()
    await edit(post)
    post.platform.messages.clear()
    await until_quiet(post, 2)
    assert (await post.the(f"edit:{(await post.the(DANA)).id}")).state == "dead"
    found = await post.database.read(lambda s: people.identities(s, [4]))
    assert found[4][0].unreachable is None


# Where nobody can be asked


@on_sqlite
async def test_an_ask_that_may_have_arrived_is_asked_once_more_after_five_minutes(
    post: Post,
) -> None:
    post.platform.looks_up = False
    post.platform.fate = fates(Unknown(), Unknown())
    await post.plan(ask(4))
    await post.deliver()
    waiting = await post.the(DANA)
    assert waiting.state == "planned"
    assert 290 < waiting.not_before - time.time() < 301
    await until_quiet(post)
    assert post.platform.attempts == 2
    assert (await post.the(DANA)).state == "unknown"


@on_sqlite
async def test_an_ask_that_may_have_arrived_and_is_recalled_still_counts(post: Post) -> None:
    post.platform.looks_up = False
    post.platform.fate = took_it_and(Unknown())
    await post.plan(ask(4))
    await post.deliver()
    await post.database.write(lambda s: letters.cancel(s, reason="away", keys=[DANA]))
    await until_quiet(post)
    assert (len(post.messages), (await post.the(DANA)).state) == (1, "unknown")
    assert await post.database.read(lambda s: letters.taken(s, 4, 1, 5)) == 1


@on_sqlite
async def test_a_summary_that_may_have_arrived_is_not_sent_again(post: Post) -> None:
    post.platform.looks_up = False
    post.platform.fate = took_it_and(Unknown())
    await post.plan(ask(4, key="s", kind="summary"))
    with capture_logs() as said:
        await until_quiet(post)
    assert ({"event": "letter.unknown", "key": "s", "log_level": "warning"}) in said
    assert (len(post.messages), (await post.the("s")).state) == (1, "unknown")


@on_sqlite
@pytest.mark.parametrize(
    "before", [[TryLater(1)], [Unknown(), TryLater(1)], [TryLater(1), Unknown()]]
)
async def test_what_was_certainly_not_created_is_tried_again(
    post: Post, before: Sequence[Outcome]
) -> None:
    post.platform.looks_up = False
    post.platform.fate = fates(*before)
    await post.plan(ask(4))
    await until_quiet(post)
    assert (len(post.messages), (await post.the(DANA)).state) == (1, "sent")
    assert post.platform.attempts == len(before) + 1


@on_sqlite
async def test_where_the_look_up_fails_nothing_is_sent_blindly(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> str:
        raise RuntimeError("history is not to be had")

    post.platform.fate = took_it_and(Unknown())
    await post.plan(ask(4))
    with monkeypatch.context() as patch:
        patch.setattr(post.platform, "find", broken, raising=False)
        await until_quiet(post)
        assert post.platform.attempts == 1
        assert (await post.the(DANA)).state == "planned"
    await until_quiet(post, 1)
    assert (len(post.messages), (await post.the(DANA)).state) == (1, "sent")


@on_sqlite
async def test_looking_up_ends_a_day_after_it_was_too_late(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> str:
        raise RuntimeError("history is not to be had")

    monkeypatch.setattr(post.platform, "find", broken, raising=False)
    post.platform.fate = took_it_and(Unknown())
    await post.plan(ask(4))
    await until_quiet(post)
    post.now = NOW + 49 * HOUR
    await until_quiet(post, 1)
    assert (await post.the(DANA)).state == "unknown"


# Death and trouble at every point


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_worker_may_die_at_any_touch_of_the_database(post: Post, *, after: bool) -> None:
    number = 0
    while True:
        number += 1
        keys = [f"{number}a", f"{number}b"]
        await post.plan(*(ask(4, key=key, kind="reply") for key in keys))
        trouble = Trouble(post.database, number, after=after, for_good=True)
        try:
            await post.worker(f"dying {number}", lease=-1, on=trouble).deliver()
        except Killed:
            assert trouble.over
        await post.time_passes()
        await post.deliver()
        await post.time_passes()
        await post.deliver()
        assert sorted(m.key for m in post.messages if m.key in keys) == keys, number
        assert {(await post.states())[key] for key in keys} == {"sent"}, number
        if not trouble.over:
            break
    assert number > 10  # claim, write, fence and mark were among them


@on_sqlite
@pytest.mark.parametrize("taken", [False, True], ids=["before it was taken", "after"])
async def test_a_worker_may_die_while_it_sends(post: Post, *, taken: bool) -> None:
    post.platform.fate = took_it_and(Killed()) if taken else fates(Killed())
    await post.plan(ask(4), ask(3))
    with pytest.raises(Killed):
        await post.worker("dying", lease=-1).deliver()
    await until_quiet(post, 2)
    assert sorted(m.to for m in post.messages) == [
        "dm:charlie@harbour.example",
        "dm:dana@harbour.example",
    ]


@pytest.mark.parametrize("looks_up", [True, False])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_the_database_may_be_away_at_any_touch(
    post: Post, monkeypatch: pytest.MonkeyPatch, *, after: bool, looks_up: bool
) -> None:
    monkeypatch.setattr(courier, "PAUSE", 0)
    post.platform.looks_up = looks_up
    number = 0
    while True:
        number += 1
        keys = [f"{number}a", f"{number}b"]
        await post.plan(*(ask(4, key=key, kind="ask") for key in keys))
        trouble = Trouble(post.database, number, after=after, for_good=False)
        delivery = post.worker(f"worker {number}", on=trouble)
        for _ in range(2):
            try:
                await delivery.deliver()
            except Unavailable:
                assert trouble.over
        assert sorted(m.key for m in post.messages if m.key in keys) == keys, number
        assert {(await post.states())[key] for key in keys} == {"sent"}, number
        await post.time_passes()  # the next worker is another
        if not trouble.over:
            break
    assert number > 12


@on_sqlite
async def test_delivery_goes_on_when_the_database_is_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "PAUSE", 0.01)
    await post.plan(ask(4))
    delivery = post.worker("one", on=Trouble(post.database, 2, after=False, for_good=False))
    running = asyncio.create_task(delivery.run())
    delivery.wake()
    await arrival(post)
    running.cancel()
    await delivery.quiet()


async def test_two_at_once_send_each_letter_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "take", lambda *_: True)  # both believe it is theirs to send
    await post.plan(*(ask(4, key=str(n), kind="reply", workspace=str(n % 3)) for n in range(60)))
    one, two = post.worker("one"), post.worker("two")
    post.platform.rate = 1.0  # so that a claim takes five
    monkeypatch.setattr(deliver.Delivery, "_pace", unhurried)
    both = await asyncio.gather(one.deliver(), two.deliver())
    assert min(both) > 0
    assert sum(both) == 60
    assert sorted(m.key for m in post.messages) == sorted(map(str, range(60)))


async def unhurried(*_: object) -> None:
    await asyncio.sleep(0)


@on_sqlite
async def test_a_worker_that_hung_after_its_fence_sends_nothing_that_another_has_sent(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = post.platform.find
    hangs = [True]

    async def find(to: Destination, key: str) -> str | None:
        found = await right(to, key)
        if hangs:
            hangs.clear()
            await post.time_passes()
            assert await post.worker("two").deliver() == 1
            time.sleep(0.25)  # noqa: ASYNC251 it hangs, and its time-outs with it
        return found

    monkeypatch.setattr(courier, "PATIENCE", 0.2)
    monkeypatch.setattr(post.platform, "find", find, raising=False)
    post.platform.fate = fates(Unknown())
    await post.plan(ask(4))
    await post.deliver()
    await until_quiet(post)
    assert not hangs
    assert (len(post.messages), (await post.the(DANA)).state) == (1, "sent")


@on_sqlite
async def test_one_sender_a_workspace_keeps_its_rate(post: Post) -> None:
    await post.plan(ask(4), ask(3, workspace="other"))
    held = Bucket("loopback", "")
    name = f"send:{held.platform}/{held.workspace}"
    await post.database.write(lambda s: leases.take(s, name, "another", 60))
    assert await post.deliver() == 1
    assert [m.to for m in post.messages] == ["dm:charlie@harbour.example"]
    await post.database.write(lambda s: leases.release(s, name, "another"))
    assert await post.deliver() == 1


# Answers that come meanwhile


async def edit(post: Post, key: str = DANA) -> None:
    letter = await post.the(key)
    await post.database.write(
        lambda s: letters.renew_edits(s, [letter.id or 0], due_at=post.now, expires_at=EDITS)
    )


def called(session: Session, name: str) -> None:
    dana = people.person(session, 4)
    assert dana is not None
    dana.name = name
    session.add(dana)


async def test_cancelled_while_it_is_being_sent_becomes_an_edit(post: Post) -> None:
    def answered(*_: object) -> None:
        post.platform.fate = None
        post.database.write_now(lambda s: letters.cancel(s, reason="answered", keys=[DANA]))

    post.platform.fate = answered
    await post.plan(ask(4))
    await until_quiet(post, 2)
    (message,) = post.messages
    assert message.edits == 1
    assert (await post.the(DANA)).state == "sent"


@on_sqlite
async def test_cancelled_before_its_fence_is_not_sent(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.plan(ask(4))

    async def answered(*_: object) -> None:
        await post.database.write(lambda s: letters.cancel(s, reason="answered", keys=[DANA]))

    monkeypatch.setattr(post.delivery, "_pace", answered)
    assert await post.deliver() == 0
    assert post.messages == []


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_may_have_arrived_and_was_answered_is_looked_up(
    post: Post, *, arrived: bool
) -> None:
    """If it did arrive its card must not ask any more; if not, it must not come now."""
    post.platform.fate = took_it_and(Unknown()) if arrived else fates(Unknown())
    await post.plan(ask(4))
    await post.deliver()
    await post.database.write(lambda s: letters.cancel(s, reason="answered", keys=[DANA]))
    await until_quiet(post, 3)
    assert [message.edits for message in post.messages] == ([1] if arrived else [])
    assert (await post.the(DANA)).state == ("sent" if arrived else "cancelled")


async def test_edits_coalesce_and_the_newest_wins(post: Post) -> None:
    await post.plan(ask(4))
    await post.deliver()
    for name in ("Dora Weiss", "Dita Weiss"):
        await post.database.write(partial(called, name=name))
        await edit(post)
    assert await post.deliver() == 1
    (message,) = post.messages
    assert message.edits == 1
    assert "Dita" in words(message.card)


@on_sqlite
async def test_a_message_can_be_edited_again_and_again(post: Post) -> None:
    """Each edit has a key of its own: a platform that remembers keys takes no two for one."""
    keys: list[str] = []

    def remember(_: Loopback, to: Destination, card: Card, key: str) -> Outcome | None:
        keys.append(key)
        return Sent("m1") if key in keys[:-1] else None

    post.platform.fate = remember
    await post.plan(ask(4))
    await post.deliver()
    for name in ("Dora Weiss", "Dita Weiss"):
        await post.database.write(partial(called, name=name))
        await edit(post)
        await post.deliver()
    assert len(set(keys)) == 3
    assert "Dita" in words(post.messages[0].card)


@on_sqlite
async def test_an_edit_that_is_renewed_while_it_is_made_is_made_again(post: Post) -> None:
    await post.plan(ask(4))
    await post.deliver()
    number = (await post.the(DANA)).id or 0

    def meanwhile(*_: object) -> None:
        post.platform.fate = None
        post.database.write_now(lambda s: called(s, "Dita Weiss"))
        post.database.write_now(
            lambda s: letters.renew_edits(s, [number], due_at=NOW, expires_at=EDITS)
        )

    post.platform.fate = meanwhile
    await edit(post)
    await post.deliver()
    (message,) = post.messages
    assert message.edits == 2
    assert "Dita" in words(message.card)


async def test_an_edit_waits_for_its_message(post: Post) -> None:
    await post.plan(ask(4))
    (held,) = await post.database.write(
        lambda s: outbox.claim(
            s, worker="other", bucket=Bucket("loopback", ""), limit=1, now=NOW, lease=60
        )
    )
    await edit(post)
    assert await post.deliver() == 0
    assert (await post.the(f"edit:{held.id}")).state == "planned"
    post.platform.take(Destination("loopback", "", "dm:dana"), Card("Old"), DANA)
    await post.database.write(
        lambda s: outbox.mark_sent(s, "other", held, message_id="m1", now=NOW)
    )
    await post.change(f"edit:{held.id}", not_before=0.0)
    assert await post.deliver() == 1
    assert (post.messages[0].card.title, post.messages[0].edits) == ("Week 5 check-in", 1)


@on_sqlite
async def test_an_edit_of_what_never_arrived_is_given_up(post: Post) -> None:
    await post.plan(ask(4))
    await post.deliver()
    await edit(post)
    await post.change(DANA, state="unknown", message_id=None)
    await post.deliver()
    assert (await post.the(f"edit:{(await post.the(DANA)).id}")).state == "dead"


# Late


@on_sqlite
async def test_what_is_too_late_is_told_and_not_sent(post: Post) -> None:
    await post.plan(ask(4, due=NOW - 9 * HOUR, expires=NOW))
    with capture_logs() as said:
        await post.deliver()
    assert post.messages == []
    assert (await post.the(DANA)).state == "expired"
    told = {"event": "letter.expired", "key": DANA, "why": "late", "log_level": "warning"}
    assert told in said


@on_sqlite
async def test_what_was_tried_and_is_too_late_expires_if_it_did_not_arrive(post: Post) -> None:
    post.platform.fate = fates(Unknown())
    await post.plan(ask(4))
    await post.deliver()
    post.now = NOW + 25 * HOUR
    with capture_logs() as said:
        await until_quiet(post, 1)
    assert (post.messages, (await post.the(DANA)).state) == ([], "expired")
    assert "letter.expired" in {line["event"] for line in said}


async def test_after_a_silence_one_question_with_a_word_of_apology(post: Post) -> None:
    await post.plan(
        ask(4, week=4, due=NOW - 7 * 24 * HOUR),
        ask(4, due=NOW - 3 * HOUR),
        ask(4, kind="reminder", due=NOW - HOUR),
        ask(3, due=NOW - HOUR),
    )
    with capture_logs() as said:
        await post.deliver()
    titles = {m.to.split(":")[1].split("@")[0]: m.card for m in post.messages}
    assert len(post.messages) == 2
    assert titles["dana"].title == "Week 5 check-in"
    assert "late" in words(titles["dana"])
    assert "late" not in words(titles["charlie"])
    gone = {line["key"]: line["why"] for line in said if line["event"] == "letter.expired"}
    assert gone == {"checkin:ask:1:4:4": "superseded", "checkin:reminder:1:5:4": "superseded"}


@pytest.mark.parametrize(("hours", "goes"), [(1, False), (4, True)])
async def test_no_reminder_right_after_a_late_question(
    post: Post, *, hours: int, goes: bool
) -> None:
    await post.plan(ask(4))
    await post.deliver()
    await post.plan(ask(4, kind="reminder", due=NOW + HOUR))
    post.now = NOW + hours * HOUR
    await post.deliver()
    assert len(post.messages) == 1 + goes


# Good neighbours


@on_sqlite
async def test_without_its_adapter_a_letter_stays(post: Post) -> None:
    await post.plan(ask(4, platform="elsewhere"), ask(3))
    assert await post.deliver() == 1
    assert (await post.the(DANA)).state == "planned"


@on_sqlite
async def test_the_rate_of_a_workspace_is_kept(post: Post) -> None:
    at: list[float] = []
    post.platform.rate = 40.0

    def note(*_: object) -> None:
        at.append(asyncio.get_running_loop().time())

    post.platform.fate = note
    await post.plan(*(ask(4, key=str(n), kind="reply") for n in range(5)))
    before = asyncio.get_running_loop().time()
    await post.deliver()
    assert all(moment - before >= n / 40 - 0.001 for n, moment in enumerate(at))


@on_sqlite
async def test_a_stop_lets_the_one_in_flight_arrive_and_gives_back_the_rest(post: Post) -> None:
    await post.plan(*(ask(4, key=str(n), kind="reply") for n in range(5)))

    def stop(*_: object) -> None:
        if post.platform.attempts == 2:
            post.delivery.halt()

    post.platform.fate = stop
    assert await post.deliver() == 2
    assert sorted((await post.states()).values()) == ["claimed"] * 3 + ["sent"] * 2
    await post.delivery.give_back()
    assert await post.worker("two").deliver() == 3
    assert sorted(m.key for m in post.messages) == list("01234")


async def test_one_card_that_cannot_be_written_holds_up_nobody(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = flows()["checkin"].write

    def stumbling(session: Session, term: Any, batch: Sequence[Letter], now: datetime) -> Any:
        if any(letter.person_id == 2 for letter in batch):
            raise ZeroDivisionError
        return right(session, term, batch, now)

    monkeypatch.setattr(flows()["checkin"], "write", stumbling)
    await post.plan(*(ask(person) for person in (1, 2, 3, 4)))
    assert await post.deliver() == 3
    assert (await post.the("checkin:ask:1:5:2")).state == "planned"
    monkeypatch.undo()
    await post.time_passes()
    assert await post.deliver() == 1


async def test_what_a_flow_does_afterwards_cannot_undo_the_sending(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(flows()["checkin"], "after", stumbling)
    await post.plan(ask(4), ask(3))
    assert await post.deliver() == 2
    assert set((await post.states()).values()) == {"sent"}


@on_sqlite
async def test_trouble_in_one_workspace_is_not_the_others(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = post.delivery._claim

    async def claim(bucket: Bucket, adapter: Any) -> Sequence[Letter]:
        if bucket.workspace == "bad":
            raise ZeroDivisionError
        await asyncio.sleep(0.05)
        return await right(bucket, adapter)

    monkeypatch.setattr(post.delivery, "_claim", claim)
    await post.plan(ask(4, workspace="bad"), ask(3, workspace="good"))
    with pytest.raises(ZeroDivisionError):
        await post.deliver()
    assert [m.to for m in post.messages] == ["dm:charlie@harbour.example"]
