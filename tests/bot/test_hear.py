"""One event, one reply, after the commit; and never an exception for what somebody can send."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from bot import hear
from bot.cast import ALICE, BOB, DANA, GROWTH, HOSTILE
from bot.chat.cards import Card
from bot.chat.events import Clicked, Event, Profile, Submitted, Typed
from bot.chat.forms import Form
from bot.chat.replies import Open, Reply, Say, Unsaved
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.flow import Forgotten
from bot.flows import flows, words
from bot.running import Bot
from bot.texts import Voice
from storage.audit import Audit
from storage.database import Database
from storage.inbound import Inbound
from storage.letters import Letter
from storage.on_sqlite import OnSqlite
from storage.people import Identity, Person
from storage.teams import Membership, Team
from tests import house as houses
from tests.flows.eyes import labels, seen
from tests.house import House, buttons_of

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SINCE = datetime(2026, 9, 1, tzinfo=UTC)
TOO_OLD = "This button is too old"
EVE = "eve@harbour.example"


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def typed(email: str, text: str, id: str = "t1", private: bool = True) -> Typed:
    at = f"dm:{email}" if private else "channel:growth"
    return Typed(
        Actor("loopback", "", email), Destination("loopback", "", at), id, text, private=private
    )


async def rows(database: Database) -> dict[str, int]:
    """How many rows there are of what hearing may store."""
    tables = (Inbound, Identity, Audit, Person, Letter)

    def count(session: Session) -> dict[str, int]:
        return {
            table.__name__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }

    return await database.read(count, patience=60)


async def add_eve(house: House, *, active: bool = True, account: bool = False) -> None:
    def unit(session: Session) -> None:
        session.add(Person(id=9, email=EVE, name="Eve Lind", active=active, since=SINCE))
        session.flush()
        session.add(Membership(team_id=2, person_id=9))
        if account:
            session.add(
                Identity(platform="loopback", workspace="", account=EVE, person_id=9,
                         address=f"dm:{EVE}", heard_at=SINCE)
            )  # fmt: skip

    await house.database.write(unit, patience=60)


# Once


async def test_the_same_event_twice_gets_the_same_reply_and_has_one_effect(house: House) -> None:
    await house.go_to("Thu 10:00")
    button = next(b for b in buttons_of(house.last(DANA)) if b.label == "Nothing to report")
    first = await house.presses(DANA, button.action, id="one")
    after = await rows(house.database)
    assert await house.presses(DANA, button.action, id="one") == first
    assert await rows(house.database) == after
    assert house.inbox(DANA)[0].edits == 1


@pytest.mark.parametrize("action", ["checkin:none:1:5", "help:word:help"])
@pytest.mark.parametrize("ids", [["same"] * 6, list("abcdef")], ids=["resent", "six devices"])
async def test_nothing_breaks_at_the_same_moment(house: House, ids: list[str], action: str) -> None:
    await house.go_to("Thu 10:00")
    before = await rows(house.database)
    actor, at = Actor("loopback", "", DANA.email), Destination("loopback", "", "dm:dana")
    events = [Clicked(actor, at, one, action) for one in ids]
    replies = await asyncio.gather(*(house.bot.hear(house.platform, e) for e in events))
    assert all(reply == replies[0] for reply in replies)
    after = await rows(house.database)
    assert after["Inbound"] - before["Inbound"] == len(set(ids))


async def test_the_same_id_of_another_workspace_is_another_event(house: House) -> None:
    first = await house.presses(DANA, "help:word:help", id="one")
    assert title(first) != TOO_OLD
    assert await house.presses(DANA, "help:word:home", id="one") == first
    await house.database.write(
        lambda s: s.add(
            Identity(platform="loopback", workspace="other", account=DANA.email, person_id=4,
                     address="dm:x", heard_at=SINCE)
        )
    )  # fmt: skip
    actor, at = Actor("loopback", "other", DANA.email), Destination("loopback", "other", "dm:x")
    assert await house.hears(Clicked(actor, at, "one", "help:word:home")) != first


# Words


@pytest.mark.parametrize(
    ("text", "near"),
    [("chekin", "checkin"), ("HEPL", "help"), ("setings please", "settings"), ("warrum", "why")],
)
@on_sqlite
async def test_a_wrong_word_gets_the_nearest_right_one(house: House, text: str, near: str) -> None:
    reply = await house.says(DANA, text)
    assert title(reply) == "I don't know that word"
    assert isinstance(reply, Say)
    first, *_, last = reply.card.buttons
    assert (first.label, last.label) == (near, "Help")


@pytest.mark.parametrize(
    "text", ["qqqqqq zzz", "ok", "none", "what is this", "nein", "freitag", "backup", "channel"]
)
@on_sqlite
async def test_what_is_like_no_word_gets_help(house: House, text: str) -> None:
    assert labels(await house.says(DANA, text)) == ["Help"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("at risk", "at-risk"), ("At risk?", "at-risk"), ("Risiko", "at-risk"),
        ("gefährdet", "at-risk"), ("gefaehrdet", "at-risk"), ("RÜCKBLICK!", "retro"),
        ("rueckblick", "retro"), ("Baum", "tree"), ("Warum das?", "why"), ("Planung", "plan"),
        ("Einstellungen", "settings"), ("meine Einstellungen", "settings"), ("Hallo", "home"),
        ("mein Team", "team"), ("unternehmen", "company"), ("Übersicht", "company"),
    ],
)  # fmt: skip
@on_sqlite
async def test_a_word_has_many_spellings(house: House, text: str, word: str) -> None:
    assert seen(await house.says(BOB, text)) == seen(await house.says(BOB, word))


@on_sqlite
async def test_what_follows_two_words_is_read_as_behind_one(house: House) -> None:
    for two, one in (("at risk growth", "at-risk growth"), ("key result 2", "kr 2")):
        assert seen(await house.says(BOB, two)) == seen(await house.says(BOB, one))
    assert "I don't know that word" not in seen(await house.says(BOB, "help at risk"))


@pytest.mark.parametrize(
    ("text", "told", "buttons"),
    [
        (
            "2",
            "Key result 2?\nDo you mean key result 2, “Cut churn in the first 90 days",
            ["Cut ch"],
        ),
        ("#2?", "To give it a value, write kr 2 and the value behind it.", ["Cut churn"]),
        ("2 3.5 well", "To give it a value, write kr 2 3.5 well.", ["Cut churn"]),
        ("2 abc", "To give it a value, write kr 2 and the value behind it.", ["Cut churn"]),
        ("42", "There is no open key result 42 this quarter.", ["My key results"]),
        ("9" * 40, "There is no open key result 999", ["My key results"]),
        ("bob", "Bob Okafor?\nDo you mean Bob Okafor?", ["Bob Okafor"]),
        ("Dana Weiss?", "Do you mean Dana Weiss?", ["Dana Weiss"]),
        ("Growth", "Do you mean the team Growth?", ["Growth"]),
        ("churn", "Do you mean one of your key results?", ["Cut churn"]),
        ("@zoe", "Nobody here is called “zoe”. Please check the spelling", []),
        ("@zoe is away", "Nobody here is called “zoe is away”.", []),
        ("@dana how are you", "Dana Weiss\n", ["Growth"]),
    ],
)
@on_sqlite
async def test_what_is_no_word_may_be_a_number_a_name_or_a_title(
    house: House, text: str, told: str, buttons: list[str]
) -> None:
    reply = await house.says(BOB, text)
    assert told in seen(reply)
    assert [a.startswith(b) for a, b in zip(labels(reply), buttons, strict=True)] == [True] * len(
        buttons
    )
    for label in labels(reply):
        again = await house.clicks(BOB, reply, label)
        assert title(again) not in (TOO_OLD, "I don't know that word")


@pytest.mark.parametrize(("who", "typed"), [(BOB, "STOP!!!"), (ALICE, "Please stop.")])
@on_sqlite
async def test_who_wants_peace_is_told_how_to_have_it(
    house: House, who: Person, typed: str
) -> None:
    reply = await house.says(who, typed)
    assert "Questions and reminders reach you 2 times a week at most" in seen(reply)
    assert ("setup pause" in seen(reply)) == who.admin
    titles = [await house.clicks(who, reply, label) for label in labels(reply)]
    shown = [each.form.title if isinstance(each, Open) else title(each) for each in titles]
    assert shown == ["When shall I ask again?", "When are you away?", "Your settings"]


@on_sqlite
async def test_who_says_more_than_stop_means_something_else(house: House) -> None:
    assert title(await house.says(BOB, "quiet week so far")) == "I don't know that word"


READING = sorted({word.name for _, word in words().values() if word.reads and word.name != "@"})


@on_sqlite
async def test_reading_words_store_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a reading word wrote")

    before = await rows(house.database)
    monkeypatch.setattr(house.database, "write", refuse)
    for word in [*READING, "@bob", "", "nosuchword"]:
        event = typed(DANA.email, word)
        assert hear.reads(event), word
        await house.bot.hear(house.platform, event)
    monkeypatch.undo()
    assert await rows(house.database) == before


def test_there_are_reading_words() -> None:
    assert {"help", "home", "mine", "team", "why"} <= set(READING)


ODD = ("\x00", HOSTILE, "9" * 5000, "99999999999", "-1", "@", "x" * 10_000, "1 2 3", "\u202e")


@on_sqlite
async def test_every_word_takes_whatever_follows_it(house: House) -> None:
    events = [
        typed(ALICE.email, f"{word} {rest}", f"{word} {n}")
        for word in sorted({word.name for _, word in words().values()})
        for n, rest in enumerate(ODD)
    ]

    def unit(session: Session) -> None:
        for event in events:
            assert hear.hear(session, event, house.now), event

    await house.database.write(unit, patience=60)


@pytest.mark.parametrize(
    "text", ["\x00", "@\x00", "@" + "9" * 9999, "kr 2147483648 5", "why 2147483648", "@%", "@_"]
)
async def test_no_text_is_too_odd(house: House, text: str) -> None:
    assert await house.says(BOB, text)


# Who


async def test_who_is_new_is_linked_by_the_address_that_the_platform_has_verified(
    house: House,
) -> None:
    await add_eve(house)
    house.platform.emails["U77"] = Profile("Eve", EVE, "Asia/Tokyo")
    reply = await house.hears(typed("U77", "help"))
    assert title(reply) != "Hello! I don't know you yet"
    await house.go_to("Thu 10:00", "Asia/Tokyo")
    assert [m.card.title for m in house.platform.to("dm:U77")] == ["Week 5 check-in"]


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (None, "Hello! I don't know you yet"),
        (Profile("Mallory", "mallory@elsewhere.example"), "Hello! I don't know you yet"),
        (Profile("Mallory", ""), "Hello! I don't know you yet"),
        (Profile("Eve", EVE, guest=True), "Hello!"),
        (Profile("Eve", EVE, active=False), "Hello! I don't know you yet"),
    ],
    ids=["unknown", "stranger", "no address", "guest", "switched off"],
)
@pytest.mark.parametrize("known", [False, True])
@on_sqlite
async def test_who_does_not_belong_gets_a_polite_no_and_nothing_is_kept(
    house: House, profile: Profile | None, told: str, *, known: bool
) -> None:
    await add_eve(house, active=not known, account=known)
    actor = EVE if known else "U77"
    if profile is not None:
        house.platform.emails[actor] = profile
    before = await rows(house.database)
    for event in (
        typed(actor, "mine"),
        typed(actor, "checkin", "t2"),
        Clicked(Actor("loopback", "", actor), Destination("loopback", "", "x"), "c", "kr:show:1"),
        Submitted(Actor("loopback", "", actor), Destination("loopback", "", "x"), "s", "add:o"),
    ):
        assert title(await house.bot.hear(house.platform, event)) == told
    assert await rows(house.database) == before


@on_sqlite
async def test_who_was_switched_off_stays_so_however_well_the_platform_knows_them(
    house: House,
) -> None:
    await add_eve(house, active=False, account=True)
    house.platform.emails[EVE] = Profile("Eve", EVE, "Asia/Tokyo", "ja-JP")
    before = await rows(house.database)
    assert title(await house.bot.hear(house.platform, typed(EVE, "mine"))) == (
        "Hello! I don't know you yet"
    )
    assert await rows(house.database) == before


@on_sqlite
async def test_where_the_platform_does_not_say_who_it_is_nobody_is_turned_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Actor) -> Profile:
        raise RuntimeError("rate limited")

    monkeypatch.setattr(house.platform, "profile", broken, raising=False)
    with pytest.raises(Unsaved):
        await house.bot.hear(house.platform, typed("U77", "help"))


@pytest.mark.parametrize("text", ["home", "checkin"])
async def test_who_is_heard_from_again_is_written_to_again(house: House, text: str) -> None:
    def lost(session: Session) -> None:
        row = session.exec(select(Identity).where(Identity.person_id == 4)).one()
        row.unreachable, row.address = "account_inactive", "dm:old"

    await house.database.write(lost)
    await house.go_to("Wed 10:00")
    await house.says(DANA, text)
    for _ in range(100):
        if not house.bot._tasks:
            break
        await house.bot.database.read(lambda _: None)
    await house.go_to("Thu 10:00")
    assert [m.card.title for m in house.inbox(DANA)] == ["Week 5 check-in"]


@on_sqlite
async def test_a_word_in_a_channel_does_not_move_direct_messages_there(house: House) -> None:
    await house.hears(typed(DANA.email, "checkin", private=False))
    await house.go_to("Thu 10:00")
    assert len(house.inbox(DANA)) == 1


# The database is away


@pytest.fixture
def locked(sqlite: Database) -> Iterator[Callable[[], sqlite3.Connection]]:
    """Locks the file, as another program would."""
    assert isinstance(sqlite, OnSqlite)
    other = sqlite3.connect(sqlite.path, isolation_level=None, timeout=5)

    def lock() -> sqlite3.Connection:
        other.execute("BEGIN IMMEDIATE")
        return other

    yield lock
    other.close()


async def test_not_saved_yet_is_told_in_time_and_nothing_is_stored(
    sqlite: Database, locked: Callable[[], sqlite3.Connection]
) -> None:
    house = await House.open(sqlite)
    bot = Bot(sqlite, {"loopback": house.platform}, Clock(lambda: house.now), "hasty")
    before = await rows(sqlite)
    other = locked()
    began = time.monotonic()
    with pytest.raises(Unsaved) as told:
        await bot.hear(house.platform, typed(DANA.email, "away 2026-11-05 2026-11-06"))
    assert time.monotonic() - began < 2.5
    assert told.value.card.title == "Not saved yet"
    assert "press again" in houses.words(told.value.card)
    assert title(await bot.hear(house.platform, typed(DANA.email, "help")))  # reading goes on
    other.execute("ROLLBACK")
    await sqlite.write(lambda _: None, patience=60)  # whatever was queued has had its chance
    assert await rows(sqlite) == before
    bot.patience = 60
    assert title(await bot.hear(house.platform, typed(DANA.email, "away 2026-11-05 2026-11-06")))
    assert (await rows(sqlite))["Inbound"] == before["Inbound"] + 1


# Buttons that nobody has made

MALFORMED = [
    "", ":", "::", "checkin", "checkin:", "checkin:open", "checkin:open:", "checkin:open:1",
    "checkin:open:x:y", "checkin:open:1:x", "checkin:same:1:5", "checkin:same:1:5:x",
    "checkin:answer:1:-5", "checkin:open:1:9999999999999999999999", "checkin:none:1:²",
    "nosuch", "nosuch:thing", "checkin:nosuch:1:5", "checkin:open:1:5\x00", "x" * 10_000,
    "checkin:open:" + "9" * 10_000, "kr:show:0x10", "why:show:1.5", "home:later:", "team:show",
    "person:show:-1",
]  # fmt: skip
OTHER = ("", "x", "-1", "7", "2147483647", "9" * 30, "1.5")


@pytest.mark.parametrize("kind", [Clicked, Submitted])
async def test_a_malformed_action_gets_a_kind_card(house: House, kind: Any) -> None:
    actor, at = Actor("loopback", "", DANA.email), Destination("loopback", "", "dm:dana")
    before = await rows(house.database)
    for n, action in enumerate(MALFORMED):
        event = kind(actor, at, f"c{n}", action)
        assert title(await house.bot.hear(house.platform, event)) == TOO_OLD, action
    now = await rows(house.database)
    assert now | {"Inbound": 0} == before | {"Inbound": 0}


def actions() -> list[str]:
    """One action of each flow and verb that any example offers."""
    found: dict[str, str] = {}
    for flow in flows().values():
        for example in flow.examples(Voice()):
            shown = example.shown
            made = [shown.action] if isinstance(shown, Form) else [
                button.action for button in buttons_of(shown) if not button.url
            ]  # fmt: skip
            for action in made:
                found.setdefault(":".join(action.split(":")[:2]), action)
    return sorted(found.values())


def _bent(action: str) -> Iterator[str]:
    """What a program could make of an action."""
    parts = action.split(":")
    yield ":".join(parts[:2])
    for place in range(2, len(parts)):
        for other in (
            "",
            "x",
            "-1",
            "0",
            "7",
            "2147483647",
            "2147483648",
            "9" * 30,
            "1.5",
            "²",
            "\x00",
        ):
            yield ":".join([*parts[:place], other, *parts[place + 1 :]])
        yield ":".join(parts[:place])
    yield f"{action}:more:and:more"
    yield f"{action}:"


async def test_no_bent_action_is_ever_an_exception(database: Database) -> None:
    """Whoever presses it, as a button or as a form, whatever number stands in it."""
    await database.write(houses.furnish, patience=60)
    now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    at = Destination("loopback", "", "dm:x")
    events: list[Event] = []
    for n, meaning in enumerate(bent for action in actions() for bent in _bent(action)):
        alice, dana = (Actor("loopback", "", person.email) for person in (ALICE, DANA))
        events.append(Clicked(dana, at, f"c{n}", meaning))
        events.append(Submitted(alice, at, f"s{n}", meaning, {"x": "y"}))
    assert len(events) > 500

    def unit(session: Session, some: list[Event]) -> None:
        for event in some:
            assert hear.hear(session, event, now), event

    for n in range(0, len(events), 250):
        await database.write(partial(unit, some=events[n : n + 250]), patience=60)


@on_sqlite
async def test_a_mistake_of_ours_is_not_taken_for_an_old_button(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mistake in (KeyError, ValueError, IndexError):

        def broken(*_: object, problem: type[Exception] = mistake) -> Reply:
            raise problem

        monkeypatch.setattr(flows()["checkin"], "click", broken)
        with pytest.raises(mistake):
            await house.presses(DANA, "checkin:skip:1:5")


async def test_an_old_button_that_began_something_undoes_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(turn: Any, *_: object) -> Reply:
        turn.session.add(Person(email="half@x.example", name="Half", since=SINCE))
        turn.session.flush()
        raise Forgotten

    monkeypatch.setattr(flows()["checkin"], "click", half)
    before = await rows(house.database)
    assert title(await house.presses(DANA, "checkin:skip:1:5")) == TOO_OLD
    assert (await rows(house.database))["Person"] == before["Person"]


@on_sqlite
async def test_before_it_is_set_up_everybody_is_told_so(database: Database) -> None:
    def unit(session: Session) -> None:
        session.add(Person(id=1, email=ALICE.email, name="Alice", since=SINCE))
        session.flush()
        session.add(
            Identity(platform="loopback", workspace="", account=ALICE.email, person_id=1,
                     address="dm:a", heard_at=SINCE)
        )  # fmt: skip

    await database.write(unit)
    house = House(database)
    assert title(await house.bot.hear(house.platform, typed(ALICE.email, "home"))) == (
        "Not set up yet"
    )


@on_sqlite
async def test_the_words_of_admins_are_refused_to_others(house: House) -> None:
    assert title(await house.says(DANA, "setup")) == "Only admins can do this"
    reply = await house.says(ALICE, "setup")
    assert isinstance(reply, Say)
    assert reply.card.title != "Only admins can do this"
    assert isinstance(reply.card, Card)
    assert isinstance(await house.says(DANA, "checkin"), Open)
    assert house.now - SINCE > timedelta(days=1)


async def test_all_that_is_said_carries_its_readers_locale(house: House) -> None:
    def speak_german(session: Session) -> None:
        session.get_one(Person, DANA.id).locale = "de-DE"
        session.get_one(Team, GROWTH.id).locale = "de-AT"

    await house.database.write(speak_german)
    await house.go_to("Fri 18:00")
    assert house.last(DANA).locale == "de-DE"
    assert house.last(BOB).locale == "en"
    assert house.channel[-1].card.locale == "de-AT"
    said, asked = await house.says(DANA, "mine"), await house.says(DANA, "away")
    assert isinstance(said, Say)
    assert isinstance(asked, Open)
    assert (said.card.locale, asked.form.locale) == ("de-DE", "de-DE")
