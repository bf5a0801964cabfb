"""Mistakes that one could make in our code, each planted where it would be made.

The machine must find every one of them: a promise that no bug can break is no promise.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import bindparam, literal_column, null
from sqlalchemy import update as change
from sqlmodel import Session

from bot import duties, plan
from bot.chat.adapter import Outcome, TryLater, Unknown
from bot.courier import Courier
from bot.flows import flows
from bot.plan import Plan
from storage import letters, outbox, restoring
from storage.kept import with_values
from storage.letters import LETTER, Draft, Hold, Letter
from storage.outbox import mark_later
from storage.prepared import Prepared
from storage.upsert import insert_in

_its = LETTER.c
Plant = Callable[[], Iterator[None]]


class Bug(NamedTuple):
    """A mistake: its name, the promises of which it breaks one, and how it is made."""

    name: str
    breaks: frozenset[str]
    scene: frozenset[str]
    plant: Plant


BUGS: list[Bug] = []


def breaks(*promises: str, scene: str) -> Callable[[Plant], Plant]:
    """Add a mistake to the list, under its function's name."""

    def add(plant: Plant) -> Plant:
        BUGS.append(
            Bug(
                plant.__name__.replace("_", " "),
                frozenset(promises),
                frozenset(scene.split()),
                plant,
            )
        )
        return plant

    return add


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """The bug is in our code, and in the statements that are built once."""
    with contextmanager(bug.plant)():
        _forget_statements()
        yield
    _forget_statements()


def _forget_statements() -> None:
    for module in (letters, outbox):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()


@contextmanager
def instead(place: Any, name: str, work: Any) -> Iterator[None]:
    """Plain replacement, taken back afterwards."""
    right = getattr(place, name)
    setattr(place, name, work)
    try:
        yield
    finally:
        setattr(place, name, right)


# Delivery


@breaks("nothing_is_said_twice", "a_question_in_the_air_is_found_again",
        scene="the_platform_is_ill leases_run_out delivers")  # fmt: skip
def sending_again_without_looking_it_up() -> Iterator[None]:
    async def never(*_: object, **__: object) -> None:
        return None

    with instead(Courier, "_looked_up", never):
        yield


@breaks("what_was_sent_is_on_the_platform", "nothing_is_lost",
        scene="the_platform_is_ill something_is_due delivers_in_trouble")  # fmt: skip
def marking_before_sending() -> Iterator[None]:
    right = outbox.fence

    def fence(session: Session, worker: str, letter: Letter, lease: float) -> str | None:
        mine = right(session, worker, letter, lease)
        if mine is not None:
            session.connection().execute(
                change(LETTER)
                .where(_its.id == letter.id)
                .values(state="sent", message_id=f"soon {letter.id}")
            )
        return mine

    with instead(outbox, "fence", fence):
        yield


@breaks("nothing_is_said_twice", "what_was_answered_is_not_asked", "states_follow_each_other",
        scene="delivers_in_trouble who_froze_wakes_too_late")  # fmt: skip
def a_lease_without_a_fence() -> Iterator[None]:
    def fence(session: Session, worker: str, letter: Letter, lease: float) -> str:
        tried = change(LETTER).where(_its.id == letter.id).values(tries=_its.tries + 1)
        session.connection().execute(tried)
        return ""

    with instead(outbox, "fence", fence):
        yield


@breaks("nothing_is_said_twice",
        scene="the_power_fails delivers")  # fmt: skip
def forgetting_on_restart_what_was_tried() -> Iterator[None]:
    def take_back_all(session: Session) -> int:
        free = {"state": "planned", "claimed_by": "", "lease_until": null(), "tries": 0}
        return session.exec(change(LETTER).where(_its.state == "claimed").values(**free)).rowcount

    with instead(outbox, "take_back_all", take_back_all):
        yield


@breaks("nothing_is_said_twice", "a_question_in_the_air_is_found_again",
        scene="the_platform_is_ill leases_run_out delivers")  # fmt: skip
def taking_silence_for_a_refusal() -> Iterator[None]:
    def later(*args: Any, untried: bool = False) -> bool:
        return mark_later(*args, untried=True)

    with instead(outbox, "mark_later", later):
        yield


@breaks("nothing_is_given_up_without_a_reason", "nothing_is_said_twice",
        scene="the_platform_is_ill something_is_due")  # fmt: skip
def taking_a_refusal_for_silence() -> Iterator[None]:
    def later(*args: Any, untried: bool = False) -> bool:
        return mark_later(*args, untried=False)

    with instead(outbox, "mark_later", later):
        yield


@breaks("nothing_is_lost", "nothing_is_given_up_without_a_reason",
        scene="the_platform_is_ill something_is_due")  # fmt: skip
def giving_up_when_told_to_come_later() -> Iterator[None]:
    right = Courier._mark

    def mark(self: Courier, session: Session, letter: Letter, adapter: Any, outcome: Outcome,
             *, follow: bool = True) -> float | None:  # fmt: skip
        said = Unknown() if isinstance(outcome, TryLater) else outcome
        if said is not outcome:
            outbox.mark_unknown(session, self.worker, letter, "it may have arrived")
            return None
        return right(self, session, letter, adapter, outcome, follow=follow)

    with instead(Courier, "_mark", mark):
        yield


@breaks("the_row_keeps_what_was_said",
        scene="the_platform_is_ill time_goes_on delivers")  # fmt: skip
def writing_the_card_anew_for_each_attempt() -> Iterator[None]:
    right = outbox.claim

    def claim(session: Session, **about: Any) -> list[Letter]:
        claimed = right(session, **about)
        blank = change(LETTER).where(_its.id.in_([x.id for x in claimed])).values(card=None)
        session.connection().execute(blank)
        return [with_values(letter, card=None) for letter in claimed]

    with instead(outbox, "claim", claim):
        yield


@breaks("nothing_comes_too_late",
        scene="time_goes_on delivers")  # fmt: skip
def sending_what_has_expired() -> Iterator[None]:
    right = outbox.claim

    def claim(session: Session, **about: Any) -> list[Letter]:
        claimed = right(session, **about)
        later = timedelta(days=365)
        return [with_values(letter, expires_at=letter.expires_at + later) for letter in claimed]

    with instead(outbox, "claim", claim), instead(outbox, "expire", lambda *_: []):
        yield


@breaks("nothing_comes_before_its_time",
        scene="time_goes_on delivers")  # fmt: skip
def sending_what_is_not_due() -> Iterator[None]:
    right = outbox.claim

    def claim(session: Session, *, now: Any, **about: Any) -> list[Letter]:
        return right(session, now=now + timedelta(hours=1), **about)

    with instead(outbox, "claim", claim):
        yield


# Planning


@breaks("nobody_is_asked_twice_for_a_week", "what_was_answered_is_not_asked",
        scene="something_is_due moves asks_at_another_time")  # fmt: skip
def the_due_time_in_the_key() -> Iterator[None]:
    with _drafting(lambda _, draft: replace(draft, key=f"{draft.key}:{draft.due_at:%m%d%H%M}")):
        yield


@breaks("nobody_is_asked_twice_for_a_week", "what_was_answered_is_not_asked",
        scene="something_is_due moves")  # fmt: skip
def the_zone_in_the_key() -> Iterator[None]:
    def moved(view: Any, draft: Draft) -> Draft:
        return replace(draft, key=f"{draft.key}:{view.people[draft.person_id].zone}")

    with _drafting(moved):
        yield


@contextmanager
def _drafting(otherwise: Callable[[Any, Draft], Draft]) -> Iterator[None]:
    checkin = flows()["checkin"]
    right = checkin.plan
    with instead(checkin, "plan", lambda view: (otherwise(view, d) for d in right(view))):
        yield


@breaks("nothing_is_said_twice", "what_is_over_stays_as_it_was", "states_follow_each_other",
        scene="something_is_due both_plan")  # fmt: skip
def planning_anew_what_is_there() -> Iterator[None]:
    with _planning_over("state", "reason", "tries", "due_at"):
        yield


@breaks("nobody_is_asked_twice_for_a_week",
        scene="something_is_due both_plan")  # fmt: skip
def a_key_of_each_planners_own() -> Iterator[None]:
    right = letters.plan

    def plan_anew(session: Session, drafts: Sequence[Draft], held: Hold = "") -> int:
        new = [replace(d, key=_next(session, d.key)) for d in drafts]
        return right(session, new, held)

    def _next(session: Session, key: str) -> str:
        there = letters.by_key(session, key)
        return f"{key}:again" if there and there.kind == "ask" else key

    with _planning_all(), instead(letters, "plan", plan_anew):
        yield


@breaks("what_is_over_stays_as_it_was", "nothing_comes_before_its_time",
        scene="something_is_due moves")  # fmt: skip
def moving_what_was_sent() -> Iterator[None]:
    with _planning_over("due_at", "expires_at"):
        yield


@contextmanager
def _planning_over(*names: str) -> Iterator[None]:
    """What is planned overwrites these columns of a letter that is there."""

    def planning(engine: str, _: str) -> Prepared:
        alike: dict[str, Any] = {
            name: literal_column(repr(value)) for name, value in letters._FRESH.items()
        }
        new = insert_in(engine, Letter).values(alike)
        over = {name: new.excluded[name] for name in names}
        columns = [*Draft.__struct_fields__, "rank"]
        return Prepared(new.on_conflict_do_update(index_elements=["key"], set_=over), columns)

    with _planning_all(), instead(letters, "_planning", planning):
        yield


@contextmanager
def _planning_all() -> Iterator[None]:
    """Planned is all that shall go, be it there already."""
    right = plan.foresee

    def foresee(session: Session, term: Any, now: Any) -> Plan:
        going = plan.wanted(session, term, now).going
        return dataclasses.replace(right(session, term, now), drafts=list(going.values()))

    with instead(duties, "foresee", foresee):
        yield


@breaks("nobody_gets_more_than_their_budget",
        scene="something_is_due")  # fmt: skip
def a_budget_that_forgets_what_was_sent() -> Iterator[None]:
    with instead(letters, "gone", lambda *_: {}):
        yield


@breaks("a_pause_is_silent",
        scene="pauses something_is_due")  # fmt: skip
def planning_on_in_a_pause() -> Iterator[None]:
    right = plan.foresee

    def foresee(session: Session, term: Any, now: Any) -> Plan:
        return right(session, term, now) if term.organisation.running == "on" else Plan()

    with instead(duties, "foresee", foresee):
        yield


# Answers


@breaks("what_was_answered_is_not_asked", "nothing_is_given_up_without_a_reason",
        "a_message_shows_the_newest_answer",
        scene="answers_while_it_is_sent something_is_due")  # fmt: skip
def an_answer_that_cancels_nothing() -> Iterator[None]:
    with instead(letters, "cancel", lambda *_, **__: 0):
        yield


@breaks("a_message_shows_the_newest_answer", "a_question_in_the_air_is_found_again",
        scene="answers_what_came_in_silence delivers")  # fmt: skip
def cancelling_what_may_have_arrived() -> Iterator[None]:
    with instead(letters, "_RECALLED", "cancelled"):
        yield


@breaks("a_message_shows_the_newest_answer",
        scene="something_is_due changes_their_answer_while_it_is_shown")  # fmt: skip
def the_first_edit_wins() -> Iterator[None]:
    right = letters._renewing

    def renewing(engine: str) -> Any:
        edit = right.__wrapped__(engine).statement
        edit._post_values_clause = None
        return Prepared(edit.on_conflict_do_nothing(index_elements=["key"]))

    with instead(letters, "_renewing", renewing):
        yield


@breaks("a_message_shows_the_newest_answer",
        scene="something_is_due changes_their_answer_while_it_is_shown")  # fmt: skip
def an_edit_that_counts_although_it_was_renewed() -> Iterator[None]:
    def arriving() -> Any:
        return Prepared(
            change(LETTER)
            .where(_its.id == bindparam("its_id"))
            .values(
                state="sent",
                message_id=bindparam("the_message"),
                sent_at=outbox._NOW,
                lease_until=null(),
            )
            .returning(LETTER.c.reason)
        )

    with instead(outbox, "_arriving", arriving):
        yield


# Backups


@breaks("nothing_is_said_twice",
        scene="something_is_due keeps_a_backup restores")  # fmt: skip
def a_backup_that_nobody_notices() -> Iterator[None]:
    with instead(restoring, "doubted_until", lambda _: None):
        yield
