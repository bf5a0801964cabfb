"""Asking again later: an open check-in comes back when its person says, and at no other time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot import moments, ripples
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.snooze import cards, times
from bot.texts import Voice, brief
from storage import checkins, letters
from storage.letters import Draft, Move


class Snooze(Flow):
    """`snooze 2h`, `snooze tomorrow 9:00`, and the button "Later"."""

    name = "snooze"
    words = (Word("snooze"),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The form, or what was typed after the word."""
        week = moments.open_week(turn.session, turn.term, turn.person, turn.now)
        if week is None:
            return _nothing(turn)
        if not said.rest:
            return self._asked(turn, week)
        at = times.read(turn, said.rest)
        if at is None:
            return turn.say("snooze.unread_title", "snooze.unread", typed=brief(said.rest, 60))
        closes = moments.closes_at(turn.session, turn.term, turn.person, week)
        if not turn.now < at < closes:
            return turn.say("snooze.unread_title", "snooze.outside", closes=closes)
        return _again(turn, week, at)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """ "Later" where nothing is open any more: the reason."""
        if verb != "open":
            return super().click(turn, verb, args)
        return self._asked(turn, int(args[1]))

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The moments to choose from; None where the week is answered or closed."""
        week = int(args[1])
        if not 1 <= week <= turn.term.calendar.weeks or turn.term.cycle is None:
            return None
        if verb == "save":
            return cards.form(turn.voice, turn.term.cycle_id, week, times.offered(turn, week))
        if verb != "open" or not _can(turn, args):
            return None
        found = times.offered(turn, week)
        return cards.form(turn.voice, turn.term.cycle_id, week, found) if found else None

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Ask again at the chosen moment."""
        if not _can(turn, args):
            return _nothing(turn, int(args[1]))
        wrong = turn.fix(form, read)
        if wrong is not None:
            return wrong
        week = int(args[1])
        return _again(turn, week, times.offered(turn, week)[read.text("when")])

    def examples(self, voice: Voice) -> Iterable[Example]:
        """The form, and every reply."""
        return cards.examples(voice)

    def _asked(self, turn: Turn, week: int) -> Reply:
        args = (str(turn.term.cycle_id), str(week))
        form = self.form(turn, "open", args)
        return Open(form) if form is not None else _nothing(turn, week)


def _can(turn: Turn, args: Sequence[str]) -> bool:
    """Whether this week is of this cycle, not answered, and not closed."""
    week, term = int(args[1]), turn.term
    if int(args[0]) != term.cycle_id or term.cycle is None or term.week is None:
        return False
    if week not in (term.week, term.week - 1):
        return False
    answered = checkins.closed(turn.session, term.cycle_id, [week])
    closes = moments.closes_at(turn.session, term, turn.person, week)
    return (week, turn.me) not in answered and turn.now < closes


def _nothing(turn: Turn, week: int | None = None) -> Reply:
    """There is nothing to put off: it is answered, closed, or was not asked yet."""
    term = turn.term
    known = term.week if week is None else week
    closed = checkins.closed(turn.session, term.cycle_id, [known or 0])
    if (known, turn.me) in closed:
        return turn.say("snooze.answered_title", "snooze.answered", week=known)
    at = moments.next_ask(turn.session, term, turn.person, turn.now)
    if at is None:
        return turn.say("snooze.nothing_title", "snooze.nothing")
    return turn.say("snooze.nothing_title", "snooze.next", at=at)


def _again(turn: Turn, week: int, at: datetime) -> Reply:
    where = ripples.reach(turn.session, turn.person)
    if where is None:
        return turn.say("snooze.unreachable_title", "snooze.unreachable")
    platform, workspace, address = where
    cycle_id = turn.term.cycle_id
    subject = f"again:{cycle_id}:{week}:{turn.me}"
    known = letters.of_subject(turn.session, "checkin", subject)
    before = [letter for letter in known if letter.kind == "reply"]
    waiting = next((letter for letter in before if letter.state == "planned"), None)
    expires = moments.closes_at(turn.session, turn.term, turn.person, week)
    if waiting is not None:
        move = Move(
            key=waiting.key,
            due_at=at,
            expires_at=expires,
            platform=platform,
            workspace=workspace,
            address=address,
        )
        letters.replan(turn.session, [move])
    else:
        key = f"checkin:{subject}" + (f":{len(before) + 1}" if before else "")
        draft = Draft(
            key=key,
            flow="checkin",
            subject=subject,
            kind="reply",
            due_at=at,
            expires_at=expires,
            person_id=turn.me,
            cycle_id=cycle_id,
            week=week,
            platform=platform,
            workspace=workspace,
            address=address,
        )
        letters.plan(turn.session, [draft])
    letters.cancel(
        turn.session,
        reason="snoozed",
        person_id=turn.me,
        cycle_id=cycle_id,
        week=week,
        kinds=["reminder"],
    )
    return turn.say("snooze.again_title", "snooze.again", at=at)


flow = Snooze()
