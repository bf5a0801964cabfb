"""What is planned is there once, moves while it is unsent, and stops when it is pointless."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from storage import letters, outbox
from storage.database import Database
from storage.letters import Letter, Move, State
from tests.engines import statements
from tests.storage.letterbox import FRIDAY, HERE, HOUR, draft


def the(database: Database, key: str) -> Letter:
    return database.read_now(lambda s: s.exec(select(Letter).where(col(Letter.key) == key)).one())


def put(database: Database, key: str, **values: object) -> Letter:
    """Bring a letter into a state that others have tested."""

    def unit(session: Session) -> None:
        letter = session.exec(select(Letter).where(col(Letter.key) == key)).one()
        letter.sqlmodel_update(values)
        session.add(letter)

    database.write_now(unit)
    return the(database, key)


def test_planning_twice_plans_once(database: Database) -> None:
    drafts = [draft(str(i)) for i in range(12_000)]
    assert database.write_now(lambda s: letters.plan(s, drafts), patience=30) == 12_000
    assert database.write_now(lambda s: letters.plan(s, drafts), patience=30) == 0
    assert database.write_now(lambda s: letters.plan(s, [])) == 0


def test_a_second_plan_moves_nothing_of_the_first(database: Database) -> None:
    database.write_now(lambda s: letters.plan(s, [draft("a")]))
    database.write_now(lambda s: letters.plan(s, [draft("a", due=FRIDAY + HOUR)]))
    assert the(database, "a").due_at == FRIDAY


def moved(key: str, **more: Any) -> Move:
    values: dict[str, Any] = {"due_at": FRIDAY + HOUR, "expires_at": FRIDAY + 9 * HOUR}
    values |= {"platform": "web", "workspace": "other", "address": "dm:2", **more}
    return Move(key=key, **values)


@pytest.mark.parametrize(
    "state", ["planned", "claimed", "sent", "unknown", "cancelled", "expired", "dead"]
)
def test_only_the_unsent_moves(database: Database, state: State) -> None:
    database.write_now(lambda s: letters.plan(s, [draft("a")]))
    reason = "answered" if state == "cancelled" else ""
    put(database, "a", state=state, reason=reason, lease_until=1.0)
    count = database.write_now(lambda s: letters.replan(s, [moved("a")]))
    letter = the(database, "a")
    assert count == (state == "planned")
    assert letter.state == state
    assert (letter.due_at, letter.address) == (
        (FRIDAY + HOUR, "dm:2") if state == "planned" else (FRIDAY, "dm:1")
    )


def test_a_hold_is_put_on_and_taken_back(database: Database) -> None:
    database.write_now(lambda s: letters.plan(s, [draft("a"), draft("b")]))
    database.write_now(lambda s: letters.replan(s, [moved("a", held="budget"), moved("b")]))
    assert (the(database, "a").state, the(database, "a").reason) == ("cancelled", "budget")
    assert the(database, "b").state == "planned"
    database.write_now(lambda s: letters.replan(s, [moved("a")]))
    assert (the(database, "a").state, the(database, "a").reason) == ("planned", "")


def test_cancelling_says_what_it_means(database: Database) -> None:
    drafts = [
        draft("ask", person=1),
        draft("reminder", kind="reminder", person=1),
        draft("other", person=2),
        draft("later", person=1, flow="retro"),
    ]
    database.write_now(lambda s: letters.plan(s, drafts))
    count = database.write_now(
        lambda s: letters.cancel(s, reason="answered", flow="checkin", person_id=1, week=5)
    )
    assert count == 2
    assert the(database, "reminder").reason == "answered"
    assert the(database, "other").state == the(database, "later").state == "planned"
    by_key = database.write_now(lambda s: letters.cancel(s, reason="x", keys=["other", "ask"]))
    assert by_key == 1
    assert database.write_now(lambda s: letters.cancel(s, reason="x", kinds=["ask"])) == 1
    with pytest.raises(ValueError, match="which letters"):
        database.write_now(lambda s: letters.cancel(s, reason="everything"))


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"kind": "spam"}, {"state": "claimed"}])
def test_the_database_refuses_what_cannot_be(database: Database, wrong: dict[str, str]) -> None:
    database.write_now(lambda s: letters.plan(s, [draft("a")]))
    with pytest.raises(IntegrityError):
        put(database, "a", **wrong)


def renew(database: Database, *targets: Letter, hours: int = 0) -> int:
    return database.write_now(
        lambda s: letters.renew_edits(
            s,
            [t.id for t in targets if t.id],
            due_at=FRIDAY + hours * HOUR,
            expires_at=FRIDAY + 99 * HOUR,
        )
    )


def test_edits_of_one_message_are_one_letter(database: Database) -> None:
    drafts = [draft("ask"), draft("summary", kind="summary", person=None, team=7), draft("new")]
    database.write_now(lambda s: letters.plan(s, drafts))
    ask = put(database, "ask", state="sent", message_id="m1", under=None)
    summary = put(database, "summary", state="sent", message_id="m2")
    assert renew(database, ask, summary, the(database, "new")) == 2
    edit = the(database, f"edit:{ask.id}")
    assert (edit.kind, edit.rank, edit.replaces, edit.address) == ("edit", 0, ask.id, "dm:1")
    assert the(database, f"edit:{summary.id}").rank == 5
    assert the(database, f"edit:{summary.id}").team_id == 7
    assert renew(database, ask, hours=1) == 1
    again = the(database, f"edit:{ask.id}")
    assert (again.id, again.version, again.due_at) == (edit.id, 1, FRIDAY + HOUR)


def test_the_newest_edit_wins_over_one_that_is_being_sent(database: Database) -> None:
    database.write_now(lambda s: letters.plan(s, [draft("ask")]))
    renew(database, put(database, "ask", state="sent", message_id="m1"))
    (old,) = take(database, "one")
    database.write_now(lambda s: outbox.write_cards(s, "one", [(old, "old")]))
    assert database.write_now(lambda s: outbox.fence(s, "one", old, 60)) == ""
    renew(database, the(database, "ask"))  # while it is on its way
    database.write_now(lambda s: outbox.write_cards(s, "one", [(old, "old again")]))
    outcome = database.write_now(
        lambda s: outbox.mark_sent(s, "one", old, message_id="m1", now=FRIDAY)
    )
    assert outcome == "lost"
    (new,) = take(database, "one")
    assert (new.id, new.card, new.tries, new.first_tried_at) == (old.id, None, 0, None)
    assert database.write_now(
        lambda s: outbox.mark_sent(s, "one", new, message_id="m1", now=FRIDAY)
    ) == ("sent")


def take(database: Database, worker: str) -> list[Letter]:
    return database.write_now(
        lambda s: outbox.claim(s, worker=worker, bucket=HERE, limit=10, now=FRIDAY, lease=60)
    )


def test_the_number_of_statements_does_not_grow_with_letters(database: Database) -> None:
    counts = []
    for n in (10, 100):
        keys = [f"{n}:{i}" for i in range(n)]

        def all_of_it(session: Session, keys: list[str] = keys) -> None:
            letters.plan(session, [draft(key) for key in keys])
            letters.replan(session, [moved(key) for key in keys])
            letters.replan(session, [moved(key, workspace="acme", due_at=FRIDAY) for key in keys])
            outbox.coalesce(session, FRIDAY)
            outbox.expire(session, FRIDAY)
            claimed = outbox.claim(
                session, worker="w", bucket=HERE, limit=1000, now=FRIDAY, lease=60
            )
            assert len(claimed) == len(keys)
            outbox.write_cards(session, "w", [(letter, "{}") for letter in claimed])
            ids = [letter.id for letter in claimed if letter.id]
            letters.renew_edits(session, ids, due_at=FRIDAY, expires_at=FRIDAY)
            outbox.message_ids(session, ids)
            outbox.mark_cancelled(session, "w", claimed[: len(keys) // 2], "not needed")
            outbox.give_back(session, "w")
            letters.cancel(session, reason="x", keys=keys)
            letters.cancel(session, reason="x", kinds=["edit"])

        with statements(database) as said:
            database.write_now(all_of_it)
        counts.append(len(said))
    assert counts[0] == counts[1] == 13
