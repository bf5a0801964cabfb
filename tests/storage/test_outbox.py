"""A letter is one worker's at a time, and what became of it is never forgotten."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from storage import letters, outbox
from storage.database import Database
from storage.engine import open_database
from storage.letters import Draft, Kind, Letter
from storage.outbox import Bucket
from tests.engines import Engine
from tests.storage.letterbox import FRIDAY, HERE, HOUR, draft
from tests.storage.test_letters import put, the


def plan(database: Database, *drafts: Draft) -> None:
    database.write_now(lambda s: letters.plan(s, drafts))


def claim(
    database: Database,
    worker: str = "one",
    *,
    limit: int = 100,
    now: datetime = FRIDAY,
    lease: float = 60,
) -> list[Letter]:
    return database.write_now(
        lambda s: outbox.claim(s, worker=worker, bucket=HERE, limit=limit, now=now, lease=lease),
        patience=30,
    )


def fence(database: Database, worker: str, letter: Letter, lease: float = 60) -> bool:
    return database.write_now(lambda s: outbox.fence(s, worker, letter, lease)) is not None


def sent(database: Database, worker: str, letter: Letter) -> str:
    return database.write_now(
        lambda s: outbox.mark_sent(s, worker, letter, message_id="m", now=FRIDAY)
    )


def test_what_is_due_is_claimed_the_most_urgent_first(database: Database) -> None:
    kinds: list[Kind] = ["summary", "ask", "reminder", "digest", "reply"]
    plan(
        database,
        *(draft(kind, kind=kind) for kind in kinds),
        draft("older ask", due=FRIDAY - HOUR),
        draft("not yet", due=FRIDAY + timedelta(seconds=1)),
        draft("elsewhere", workspace="other"),
    )
    claimed = [letter.key for letter in claim(database)]
    assert claimed == ["reply", "older ask", "ask", "reminder", "digest", "summary"]
    assert claim(database) == []


def test_a_small_claim_takes_the_most_urgent(database: Database) -> None:
    plan(database, *(draft(f"s{i}", kind="summary", due=FRIDAY - HOUR) for i in range(5)))
    plan(database, *(draft(f"a{i}") for i in range(3)))
    assert [x.rank for x in claim(database, limit=2)] == [1, 1]
    assert [x.rank for x in claim(database, limit=2)] == [1, 4]


def test_two_workers_never_have_the_same_letter(database: Database) -> None:
    plan(database, *(draft(str(i)) for i in range(200)))
    taken: dict[str, list[str]] = {"one": [], "two": []}

    def work(worker: str) -> None:
        while some := claim(database, worker, limit=7):
            taken[worker] += [letter.key for letter in some]

    threads = [threading.Thread(target=work, args=(worker,)) for worker in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both = taken["one"] + taken["two"]
    assert len(both) == len(set(both)) == 200


def test_a_locked_row_is_passed_over_by_another_replica(server: Engine, tmp_path: Path) -> None:
    url = server.clean(tmp_path)
    one, two = open_database(url), open_database(url)
    plan(one, draft("a"), draft("b"))
    claimed, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        def unit(session: Session) -> None:
            outbox.claim(session, worker="one", bucket=HERE, limit=1, now=FRIDAY, lease=60)
            claimed.set()
            may_go.wait(5)

        one.write_now(unit, patience=10)

    thread = threading.Thread(target=hold)
    thread.start()
    claimed.wait(5)
    assert len(claim(two, "two")) == 1
    may_go.set()
    thread.join()
    one.close()
    two.close()


def test_the_buckets_are_those_with_something_to_do(database: Database) -> None:
    def buckets() -> set[Bucket]:
        return set(database.read_now(lambda s: outbox.buckets_due(s, FRIDAY)))

    plan(database, draft("a"), draft("b"), draft("c", workspace="other", due=FRIDAY + HOUR))
    assert buckets() == {HERE}
    claim(database)
    assert buckets() == set()
    claimed = put(database, "a", lease_until=1.0)
    assert claimed.state == "claimed"
    assert buckets() == {HERE}


def test_a_lease_that_ran_out_lets_another_take_it_and_fences_the_first(database: Database) -> None:
    plan(database, draft("a"))
    (mine,) = claim(database, "one", lease=-1)
    assert fence(database, "one", mine, lease=-1)  # nobody took it yet
    (theirs,) = claim(database, "two")
    assert (theirs.tries, theirs.first_tried_at is not None) == (1, True)  # look it up first
    assert not fence(database, "one", mine)
    assert sent(database, "one", mine) == "lost"
    assert fence(database, "two", theirs)
    assert sent(database, "two", theirs) == "sent"
    assert the(database, "a").tries == 2


def test_a_worker_that_claims_again_fences_off_its_own_old_attempt(database: Database) -> None:
    plan(database, draft("a"))
    (old,) = claim(database, "one", lease=-1)
    (new,) = claim(database, "one")
    assert not fence(database, "one", old)
    assert fence(database, "one", new)


def test_a_fence_makes_the_lease_longer(database: Database) -> None:
    plan(database, draft("a"))
    (letter,) = claim(database, "one", lease=-1)
    assert fence(database, "one", letter, lease=60)
    assert claim(database, "two") == []


def test_an_answer_stops_a_claimed_letter_at_its_fence(database: Database) -> None:
    plan(database, draft("a"))
    (letter,) = claim(database)
    database.write_now(lambda s: letters.cancel(s, reason="answered", keys=["a"]))
    assert not fence(database, "one", letter)
    assert the(database, "a").state == "cancelled"


def test_an_answer_past_the_fence_is_an_edit(database: Database) -> None:
    plan(database, draft("a"))
    (letter,) = claim(database)
    assert fence(database, "one", letter)
    database.write_now(lambda s: letters.cancel(s, reason="answered", keys=["a"]))
    assert sent(database, "one", letter) == "edit"
    found = the(database, "a")
    assert (found.state, found.message_id, found.sent_at) == ("sent", "m", FRIDAY)


def test_a_card_is_written_once(database: Database) -> None:
    plan(database, draft("a"))
    (letter,) = claim(database, lease=-1)

    def write(worker: str, letter: Letter, card: str) -> None:
        database.write_now(lambda s: outbox.write_cards(s, worker, [(letter, card)]))

    write("two", letter, "not mine")
    write("one", letter, "first")
    write("one", letter, "second")
    (again,) = claim(database, "two")
    assert again.card == "first"
    write("two", again, "third")
    assert the(database, "a").card == "first"


def test_not_now_means_later_by_the_machines_clock(database: Database) -> None:
    plan(database, draft("a"), draft("b"))
    a, b = claim(database)
    assert fence(database, "one", a)
    assert database.write_now(lambda s: outbox.mark_later(s, "one", a, 0.0))
    assert database.write_now(lambda s: outbox.mark_later(s, "one", b, 60.0))
    (again,) = claim(database, now=FRIDAY + 24 * HOUR)
    assert (again.key, again.tries, again.due_at) == ("a", 1, FRIDAY)


def test_ends_are_kept_with_their_reason_and_are_the_holders_to_say(database: Database) -> None:
    plan(database, *(draft(key) for key in "abcd"))
    a, b, c, d = sorted(claim(database), key=lambda letter: letter.key)
    assert not database.write_now(lambda s: outbox.mark_dead(s, "two", a, "gone"))
    assert database.write_now(lambda s: outbox.mark_dead(s, "one", a, "gone"))
    assert database.write_now(lambda s: outbox.mark_unknown(s, "one", b, "timed out"))
    assert database.write_now(lambda s: outbox.mark_expired(s, "one", c))
    database.write_now(lambda s: outbox.mark_cancelled(s, "one", [d], "not needed"))
    ends = [(the(database, k).state, the(database, k).reason) for k in "abcd"]
    assert ends == [
        ("dead", "gone"),
        ("unknown", "timed out"),
        ("expired", "late"),
        ("cancelled", "not needed"),
    ]
    assert claim(database, now=FRIDAY + 99 * HOUR) == []


def test_what_is_too_late_expires_unless_it_may_have_arrived(database: Database) -> None:
    plan(
        database,
        draft("late", expires=FRIDAY - HOUR),
        draft("tried", expires=FRIDAY - HOUR),
        draft("good"),
    )
    put(database, "tried", tries=1)
    expired = database.write_now(lambda s: outbox.expire(s, FRIDAY))
    assert [(x.key, x.state, x.reason) for x in expired] == [("late", "expired", "late")]
    assert {x.key for x in claim(database)} == {"tried", "good"}


def test_after_a_silence_only_the_newest_of_each_goes_out(database: Database) -> None:
    week = timedelta(days=7)
    plan(
        database,
        draft("old", due=FRIDAY - week),
        draft("new"),
        draft("another of that moment", subject="2:5"),
        draft("of another", person=2, due=FRIDAY - week),
        draft("other flow", flow="retro", due=FRIDAY - week),
        draft("other kind", kind="digest", due=FRIDAY - week),
        draft("not due", due=FRIDAY + week),
        draft("team old", kind="summary", person=None, team=7, due=FRIDAY - week),
        draft("team new", kind="summary", person=None, team=7),
        draft("team other", kind="summary", person=None, team=8, due=FRIDAY - week),
        draft("flag", kind="flag", due=FRIDAY - week),
    )
    gone = database.write_now(lambda s: outbox.coalesce(s, FRIDAY))
    assert {x.key for x in gone} == {"old", "team old"}
    assert {x.reason for x in gone} == {"superseded"}
    assert database.write_now(lambda s: outbox.coalesce(s, FRIDAY)) == []


def test_a_stop_gives_back_and_a_start_takes_back(database: Database) -> None:
    plan(database, draft("a"), draft("b"))
    (first,), (second,) = claim(database, "one", limit=1), claim(database, "two")
    assert database.write_now(lambda s: outbox.give_back(s, "one")) == 1
    assert the(database, first.key).state == "planned"
    assert the(database, second.key).state == "claimed"
    assert database.write_now(outbox.take_back_all) == 1
    assert len(claim(database, "three")) == 2


def test_what_has_arrived_is_known_by_its_message(database: Database) -> None:
    plan(database, draft("a"), draft("b"))
    a, b = claim(database)
    sent(database, "one", a)
    ids = [x.id for x in (a, b) if x.id]
    assert database.read_now(lambda s: outbox.message_ids(s, ids)) == {a.id: "m"}


def test_claiming_uses_the_indexes(sqlite: Database) -> None:
    """Not one scan of the table, however the company grows."""
    statement = str(outbox._claiming("sqlite").statement.compile(dialect=sqlite.engines[0].dialect))
    plan(sqlite, draft("a"))

    def explain(session: Session) -> list[str]:
        found = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", tuple([None] * statement.count("?"))
        )
        return [row[3] for row in found]

    steps = [step for step in sqlite.read_now(explain) if "letter" in step]
    assert steps
    assert all(step.startswith("SEARCH") for step in steps)


@pytest.mark.parametrize("now", [FRIDAY, FRIDAY + HOUR])
def test_moments_come_back_aware_and_in_utc(database: Database, now: datetime) -> None:
    plan(database, draft("a", due=now))
    letter = database.read_now(
        lambda s: s.exec(select(Letter).where(col(Letter.due_at) == now)).one()
    )
    assert letter.due_at == now
    assert letter.due_at.utcoffset() == timedelta(0)
