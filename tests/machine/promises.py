"""What the bot promises, each checked against what the witness saw."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import msgspec

from bot.chat.cards import Card
from bot.deliver import LEASE
from storage.letters import HELD
from tests.house import buttons_of, words
from tests.machine.witness import Witness, week_of

Promise: TypeAlias = Callable[[Witness], Iterator[str]]
UNASKED = ("ask", "digest", "reminder")
ENDS = ("sent", "unknown", "expired", "dead")
"""A letter in one of these states has come to its end; an edit may be renewed all the same."""


class Broken(AssertionError):
    """A promise was not kept."""

    def __init__(self, promise: str, how: str) -> None:
        super().__init__(f"{promise}: {how}")
        self.promise = promise


def keep(promises: tuple[Promise, ...], seen: Witness) -> None:
    """Raises Broken for the first promise that was not kept."""
    for promise in promises:
        for how in promise(seen):
            raise Broken(promise.__name__, how)


# After each step


def nothing_is_said_twice(seen: Witness) -> Iterator[str]:
    """Where nobody can be asked whether it arrived, a question in doubt comes twice at most."""
    for key, times in Counter(posting.key for posting in seen.postings).items():
        unknowing = 0 if seen.looks_up else seen.forgotten[key]
        allowed = 1 + unknowing + (key in seen.excused)
        doubtful = not seen.looks_up and key in seen.doubted and _asks(seen, key)
        if times > allowed + doubtful:
            yield f"{key} came {times} times"


def nobody_is_asked_twice_for_a_week(seen: Witness) -> Iterator[str]:
    asked = defaultdict(set)
    for posting in seen.postings:
        week = week_of(posting.key)
        if week is not None and posting.key.startswith("checkin:ask:"):
            asked[week].add(posting.key)
    for week, keys in asked.items():
        if len(keys) > 1:
            yield f"{week} was asked as {sorted(keys)}"


def what_was_answered_is_not_asked(seen: Witness) -> Iterator[str]:
    """Neither asked nor reminded, from the answer's commit on."""
    for attempt in seen.attempts:
        said = seen.said.get(week) if (week := week_of(attempt.key)) else None
        if said and attempt.moment > said.since and attempt.key not in seen.excused:
            yield f"{attempt.key} was sent after the answer"


def what_was_sent_is_on_the_platform(seen: Witness) -> Iterator[str]:
    there = {message.id: message for message in seen.messages}
    for row in seen.rows.values():
        if row.state == "sent" and row.message_id not in there:
            yield f"{row.key} counts as sent"


def the_row_keeps_what_was_said(seen: Witness) -> Iterator[str]:
    for posting in seen.postings:
        row = seen.rows.get(posting.key)
        if row is None or row.state != "sent" or posting.key in seen.forgotten:
            continue
        if msgspec.json.decode(row.card or "null", type=Card | None) != posting.card:
            yield f"{row.key} keeps another card than the one that was read"


def what_is_over_stays_as_it_was(seen: Witness) -> Iterator[str]:
    for key, was in seen.before.items():
        now = seen.rows.get(key)
        if now is None:
            yield f"{key} has vanished"
        elif was.kind != "edit" and was.state in ENDS and now != was:
            yield f"{key} was {was.state} and has changed: {_difference(was, now)}"


def states_follow_each_other(seen: Witness) -> Iterator[str]:
    """What was cancelled comes back only where it was held, or never needed until now."""
    for key, was in seen.before.items():
        now = seen.rows.get(key)
        if now is None or was.kind == "edit" or was.state != "cancelled" or now.state == was.state:
            continue
        back = was.reason in (*HELD, "needless")
        begun = any(attempt.key == key for attempt in seen.attempts)
        if not back and not (now.state == "sent" and begun):
            yield f"{key} was cancelled ({was.reason}) and is {now.state}"


def nothing_comes_before_its_time(seen: Witness) -> Iterator[str]:
    for attempt in seen.attempts:
        due = attempt.due
        if due is not None and due > attempt.latest and attempt.key not in seen.forgotten:
            yield f"{attempt.key} was sent before {due:%a %H:%M}"


def nothing_comes_too_late(seen: Witness) -> Iterator[str]:
    for attempt in seen.attempts:
        row = seen.rows.get(attempt.key)
        if row is None or attempt.key in seen.forgotten:
            continue
        if row.expires_at <= attempt.now:
            yield f"{attempt.key} was sent after {row.expires_at:%a %H:%M}"


def a_pause_is_silent(seen: Witness) -> Iterator[str]:
    """Edits and replies aside; a worker that slept through the order may end its sentence."""
    for attempt in seen.attempts:
        row = seen.rows.get(attempt.key)
        if row is not None and attempt.paused and not attempt.woken and row.kind in UNASKED:
            yield f"{attempt.key} was sent in a pause"


def nobody_gets_more_than_their_budget(seen: Witness) -> Iterator[str]:
    got: Counter[tuple[int, int, int]] = Counter()
    for key in {posting.key for posting in seen.postings} - seen.forgotten.keys():
        row = seen.rows.get(key)
        if row is not None and row.kind in UNASKED:
            got[row.cycle_id, row.week, row.person_id] += 1
    for (_, week, person), number in got.items():
        if number > seen.budget:
            yield f"person {person} got {number} messages in week {week}"


def nothing_is_held_for_longer_than_a_lease(seen: Witness) -> Iterator[str]:
    for row in seen.rows.values():
        if row.state == "claimed" and not row.claimed_by:
            yield f"{row.key} is claimed by nobody"
        if row.state == "claimed" and seen.lease_left[row.key] > LEASE + 1:
            yield f"{row.key} is claimed for {seen.lease_left[row.key]:.0f} s"


def who_has_finished_holds_nothing(seen: Witness) -> Iterator[str]:
    for row in seen.rows.values():
        if row.state == "claimed" and row.claimed_by in seen.at_rest:
            yield f"{row.key} is held by {row.claimed_by}, which has finished"


# When all has come to rest


def nothing_is_lost(seen: Witness) -> Iterator[str]:
    for row in seen.rows.values():
        if row.state in ("planned", "claimed") and row.due_at <= seen.now:
            yield f"{row.key} is still {row.state}"


def nothing_is_given_up_without_a_reason(seen: Witness) -> Iterator[str]:
    for row in seen.rows.values():
        if not _rightly(seen, row):
            yield f"{row.key} is {row.state} ({row.reason})"


def _rightly(seen: Witness, row: Any) -> bool:
    week = week_of(row.key)
    match row.state, row.reason:
        case "unknown", _:
            return row.key in seen.doubted and not seen.looks_up
        case "dead", "what it belongs to never arrived":
            return row.replaces is not None or row.under is not None
        case "dead", _:
            return row.key in seen.refused or row.kind == "edit"
        case "expired", "late":
            return bool(row.expires_at <= seen.latest)
        case "cancelled", "answered":
            return week in seen.said or week in seen.blurred
        case "cancelled", "needless" if week is not None:
            return week in seen.said or week in seen.blurred or week.person in seen.left
        case "cancelled", "paused":
            return seen.paused or row.due_at <= seen.latest
        case _:
            return True


def a_message_shows_the_newest_answer(seen: Witness) -> Iterator[str]:
    shown = {message.id: message for message in seen.messages}
    for row in seen.rows.values():
        week = week_of(row.key)
        said = seen.said.get(week) if week else None
        message = shown.get(row.message_id)
        if said is None or message is None or week in seen.blurred or _uneditable(seen, row):
            continue
        if any(":none:" in button.action for button in buttons_of(message.card)):
            yield f"{row.key} still asks"
        if row.kind == "ask" and said.words not in words(message.card):
            yield f"{row.key} does not show {said.words!r}"


def a_question_in_the_air_is_found_again(seen: Witness) -> Iterator[str]:
    """No message stands there of which the bot does not know."""
    known = {row.message_id for row in seen.rows.values()}
    for message in seen.messages:
        excused = message.key in seen.forgotten or message.key in seen.excused
        if seen.looks_up and message.id not in known and message.key in seen.rows and not excused:
            yield f"{message.key} is {seen.rows[message.key].state}, and stands there"


def _asks(seen: Witness, key: str) -> bool:
    row = seen.rows.get(key)
    return row is not None and row.kind == "ask"


def _uneditable(seen: Witness, row: Any) -> bool:
    edit = seen.rows.get(f"edit:{row.id}")
    return edit is not None and (edit.key in seen.refused or edit.state in ("expired", "dead"))


def _difference(was: Any, now: Any) -> str:
    return ", ".join(
        f"{name}: {old} -> {new}"
        for name, old, new in zip(was._fields, was, now, strict=True)
        if old != new
    )[:200]


ALWAYS: tuple[Promise, ...] = (
    nothing_is_said_twice,
    nobody_is_asked_twice_for_a_week,
    what_was_answered_is_not_asked,
    what_was_sent_is_on_the_platform,
    the_row_keeps_what_was_said,
    what_is_over_stays_as_it_was,
    states_follow_each_other,
    nothing_comes_before_its_time,
    nothing_comes_too_late,
    a_pause_is_silent,
    nobody_gets_more_than_their_budget,
    nothing_is_held_for_longer_than_a_lease,
    who_has_finished_holds_nothing,
)
AT_REST: tuple[Promise, ...] = (
    *ALWAYS,
    nothing_is_lost,
    nothing_is_given_up_without_a_reason,
    a_message_shows_the_newest_answer,
    a_question_in_the_air_is_found_again,
)
