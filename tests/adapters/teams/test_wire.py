"""What becomes of calls to Teams: at its pace, in order, and told apart when they fail."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.teams.adapter import Teams as Adapter
from adapters.teams.rates import Rates
from bot.chat.adapter import Sent, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination
from tests.adapters import contract
from tests.adapters.stages import Ear, Memory
from tests.adapters.teams.bench import ALICE, BOB, CHARLIE, GROWTH, Bench, bench
from tests.adapters.teams.loopback import Fate
from tests.adapters.teams.world import TENANT, Refused

HELLO = Card("Hello")

REASONS = {
    "BotNotInConversationRoster": "not_installed",
    "ConversationBlockedByUser": "blocked",
    "MessageWritesBlocked": "blocked",
    "ForbiddenOperationException": "not_installed",
    "SomethingNew": "SomethingNew",
}


async def sent(office: Bench, key: str = "k", to: Destination | None = None) -> str:
    outcome = await office.adapter.send(to or office.home, HELLO, key=key)
    assert isinstance(outcome, Sent), outcome
    return outcome.id


@pytest.mark.parametrize("code", REASONS)
async def test_admin_is_told_why_somebody_cannot_be_reached(office: Bench, code: str) -> None:
    await sent(office)
    office.teams.does("post", Refused(403, code, "Details."))
    outcome = await office.adapter.send(office.home, HELLO, key="k2")
    assert isinstance(outcome, Undeliverable)
    assert REASONS[code] in outcome.reason


async def test_person_without_the_app_is_undeliverable(office: Bench) -> None:
    office.teams.world.places.clear()
    outcome = await office.adapter.send(office.home, HELLO, key="k")
    assert isinstance(outcome, Undeliverable)
    assert outcome.reason == "not_installed"


FATES: dict[str, tuple[Fate, type]] = {
    "too many": ((429, 7), TryLater),
    "changed by another": (412, TryLater),
    "page of HTML": (502, Unknown),
    "unavailable": (503, Unknown),
    "broken": (500, Unknown),
    "cut before": ("drop before", Unknown),
    "cut after": ("drop after", Unknown),
    "too large": (413, Undeliverable),
    "gone": (404, Undeliverable),
    "not understood": (400, Undeliverable),
}


@pytest.mark.parametrize("name", FATES)
@pytest.mark.parametrize("is_edit", [False, True], ids=["post", "edit"])
async def test_failures_are_told_apart(office: Bench, name: str, is_edit: bool) -> None:
    first = await sent(office)
    fate, kind = FATES[name]
    office.teams.does("edit" if is_edit else "post", fate, *([fate] if is_edit else []))
    how = {"replaces": first} if is_edit else {}
    outcome = await office.adapter.send(office.home, Card("Two"), key="k2", **how)
    assert isinstance(outcome, kind), outcome
    if isinstance(outcome, TryLater):
        assert outcome.after >= (7 if name == "too many" else 1)
    if not is_edit:
        tries = office.teams.called("POST", "/activities")
        assert len(tries) == 2, "the outbox tries again, not the adapter"


async def test_refused_connection_is_tried_later(office: Bench) -> None:
    nobody = "http://127.0.0.1:9/emea/"
    adapter = Adapter(replace(office.config, service_urls=(nobody,)))
    outcome = await adapter.send(office.channel, HELLO, key="k")
    await adapter.close()
    assert isinstance(outcome, TryLater)


async def test_wrong_secret_waits_for_an_admin(office: Bench) -> None:
    adapter = office.misconfigured()
    outcome = await adapter.send(office.channel, HELLO, key="k")
    await adapter.close()
    assert isinstance(outcome, TryLater)
    assert outcome.after >= 300


async def test_token_is_asked_for_once_and_again_when_it_is_taken_back(office: Bench) -> None:
    adapter = Adapter(office.config)
    office.teams.asked_for_token.clear()
    office.teams.does("login", "slow")
    places = [Destination("teams", TENANT, GROWTH), Destination("teams", TENANT, ALICE)]
    await asyncio.gather(*(adapter.send(p, HELLO, key=f"{n}") for n, p in enumerate(places)))
    assert len(office.teams.asked_for_token) == 1
    assert office.teams.asked_for_token[0]["scope"] == "https://api.botframework.com/.default"
    assert office.teams.asked_for_token[0]["tenant"] == TENANT
    office.teams.tokens.clear()
    assert isinstance(await adapter.send(places[0], HELLO, key="again"), Sent)
    assert len(office.teams.asked_for_token) == 2
    await adapter.close()


async def test_machine_may_prove_itself(office: Bench) -> None:
    adapter = Adapter(replace(office.config, app_password="", managed_identity=True))
    office.teams.asked_for_token.clear()
    assert isinstance(await adapter.send(office.channel, HELLO, key="k"), Sent)
    await adapter.close()
    (asked,) = office.teams.asked_for_token
    assert asked["resource"] == "https://api.botframework.com"
    assert asked["client_id"] == office.config.app_id


async def test_token_goes_to_teams_alone(tmp_path: Path) -> None:
    kept = Memory()
    await kept.put(f"service:{TENANT}", "https://evil.example/")
    async with bench(tmp_path, is_new=True) as office, contract.listening(office, Ear(), kept):
        await sent(office, to=office.channel)


async def test_person_s_conversation_is_opened_once(office: Bench) -> None:
    charlie = Destination("teams", TENANT, CHARLIE)
    ids = await asyncio.gather(*(sent(office, f"k{n}", charlie) for n in range(4)))
    assert len(set(ids)) == 4
    assert len(office.teams.called("POST", "conversations")) == 1


async def test_conversation_that_is_gone_is_opened_again(office: Bench) -> None:
    await sent(office)
    office.teams.does("post", Refused(404, "ConversationNotFound"))
    outcome = await office.adapter.send(office.home, HELLO, key="k2")
    assert isinstance(outcome, Undeliverable)
    await sent(office, "k3")
    assert len(office.teams.called("POST", "conversations")) == 2


async def test_one_call_at_a_time_in_a_conversation(office: Bench) -> None:
    """Two at once are answered 412 by Teams."""
    first = await sent(office)
    edits = (office.adapter.send(office.home, HELLO, key="e", replaces=first) for _ in range(2))
    outcomes = await asyncio.gather(*(sent(office, f"k{n}") for n in range(3)), *edits)
    assert all(isinstance(outcome, str | Sent) for outcome in outcomes), outcomes


async def test_message_of_one_does_not_wait_for_another_s_pace(office: Bench) -> None:
    bob = Destination("teams", TENANT, BOB)
    await sent(office, "b0", bob)
    many = asyncio.gather(*(sent(office, f"a{n}") for n in range(9)))
    await asyncio.sleep(0)
    await asyncio.wait_for(sent(office, "b1", bob), 0.9)
    many.cancel()
    with suppress(asyncio.CancelledError):
        await many


class Watch:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def spent(rates: Rates, watch: Watch, times: int, step: float) -> list[float]:
    """How long each of so many calls waits that are made in such steps."""
    waits = []
    for _ in range(times):
        waits.append(rates.wait("t", "c"))
        rates.spend("t", "c")
        watch.now += step
    return waits


def test_pace_of_a_conversation_is_kept() -> None:
    watch = Watch()
    rates = Rates(watch)
    waits = spent(rates, watch, 9, 0.0)
    assert waits[:7] == [0.0] * 7
    assert waits[7] == pytest.approx(1.0)
    assert waits[8] == pytest.approx(2.0)
    watch.now += 60
    assert max(spent(rates, watch, 60, 0.26)) == 0.0
    assert rates.wait("t", "c") > 10
    assert rates.wait("t", "another") == 0.0


def test_hour_of_a_conversation_is_kept() -> None:
    watch = Watch()
    rates = Rates(watch)
    assert max(spent(rates, watch, 1800, 0.6)) == 0.0
    assert rates.wait("t", "c") > 2000


def test_pace_of_a_tenant_is_kept() -> None:
    watch = Watch()
    rates = Rates(watch)
    for number in range(50):
        rates.spend("t", f"c{number}")
    assert rates.wait("t", "new") == pytest.approx(1.0)
    assert rates.wait("other", "new") == 0.0


async def test_teams_own_word_about_a_pause_is_kept(office: Bench) -> None:
    await sent(office)
    office.teams.does("post", (429, 60))
    assert isinstance(await office.adapter.send(office.home, HELLO, key="k2"), TryLater)
    before, started = len(office.teams.calls), time.monotonic()
    outcome = await office.adapter.send(office.home, HELLO, key="k3")
    assert isinstance(outcome, TryLater)
    assert outcome.after > 50
    assert len(office.teams.calls) == before
    assert time.monotonic() - started < 5
