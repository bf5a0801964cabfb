"""The mid-quarter review: mine as it stands, new targets that wait, what a lead's teams decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot import saying
from bot.chat.cards import Button, Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Waiting, Word, action, opens
from bot.flows.review import cards, samples, view
from bot.goals import moving
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from bot.texts import Voice
from storage import people, reviews
from storage.letters import Letter


class MidQuarter(Flow):
    """Half the quarter is over: keep, adjust or drop."""

    name = "review"
    words = (Word("review"),)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """To an approver: what waits for their word. Back to who proposed it: what came of it."""
        ours = [letter for letter in letters if letter.cycle_id == term.cycle_id]
        approvers = {int(letter.subject.split(":")[1]) for letter in ours}
        rows = reviews.for_approver(session, term.cycle_id, approvers) if ours else ()
        found = reviewing.outcomes(session, rows)
        known = people.people(session, {
            number for x in ours for number in (x.person_id, int(x.subject.split(":")[2])) if number
        })  # fmt: skip
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        for letter in ours:
            reader = known.get(letter.person_id or 0)
            own = [each for each in found if moving.about(each.review, letter.subject)]
            if reader is not None:
                voice = term.voice_of(reader)
                if letter.subject.startswith("news:"):
                    written[letter.id or 0] = cards.news(voice, own)
                elif letter.replaces is not None or any(map(cards.waits, own)):
                    proposer = known.get(int(letter.subject.split(":")[2]))
                    written[letter.id or 0] = cards.asked(voice, own, proposer)
        return written

    def because(self, voice: Voice, letter: Letter) -> str:
        """Leads approve; whoever proposed hears."""
        return voice.line(f"review.because_{letter.subject.partition(':')[0]}")

    def waiting(self, turn: Turn) -> Iterable[Waiting]:
        """New targets that wait for my word; my own review, once the check-in's form is closed."""
        if turn.term.cycle is None:
            return
        count = sum(cards.waits(each) for each in view.for_me(turn))
        if count:
            label = turn.voice.line("review.look")
            line = turn.voice.spans("review.waiting", count=count)
            yield Waiting(line, Button(label, action("review", "waiting")))
        if view.still_open(turn):
            button = opens(
                turn.voice.line("review.open"), action("review", "open", turn.term.cycle_id)
            )
            yield Waiting(turn.voice.spans("review.open_line"), button)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """How it stands, and the form while it is open."""
        if turn.term.cycle is None:
            return turn.say("review.none_title", "review.no_cycle")
        return Say(cards.overview(turn.voice, view.view(turn)))

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """My review while it is open; an approver's word why not."""
        match verb:
            case "open" | "answer" if int(args[0]) == turn.term.cycle_id:
                mine = view.view(turn)
                # Also once it is closed, so that what was typed is given back.
                shown = mine.editable or (verb == "answer" and mine.standings)
                return cards.form(turn.voice, mine) if shown else None
            case "refuse":
                found = _waiting(turn, args)
                return None if found is None else cards.refusal(turn.voice, found)
            case _:
                return None

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Approve; look at what waits; or why there is no form."""
        match verb:
            case "approve":
                return _approve(turn, args)
            case "waiting":
                return Say(cards.to_decide(turn.voice, view.for_me(turn)))
            case "refuse":
                return _decided(turn, args)
            case "open":
                return turn.say("review.closed_title", "review.closed")
            case _:
                return super().click(turn, verb, args)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep it, or say beside each question what is wrong."""
        if verb == "refuse":
            found = _waiting(turn, args)
            if found is None:
                return _decided(turn, args)
            wrong = turn.fix(form, read)
            if wrong is not None:
                return wrong
            moving.refuse(turn, found.review, read.text("why"))
            return _decided(turn, args)
        mine = view.view(turn)
        if not mine.editable:
            kept = saying.kept(turn.voice, form, read)
            blocks = (*turn.voice.blocks("review.closed"), *kept)
            return Say(Card(turn.voice.line("review.closed_title"), blocks))
        problems = [
            problem
            for standing in mine.standings
            for problem in reviewing.problems(turn.voice, read, standing, mine.review(standing.id))
        ]
        wrong = turn.fix(form, read, *problems)
        if wrong is not None:
            return wrong
        week = turn.term.calendar.review_week
        reviewing.put_all(turn, mine.standings, week, read)
        view.seen(turn, week)
        return Say(cards.overview(turn.voice, view.view(turn), saved=True))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card and form above."""
        return samples.examples(voice)


def _found(turn: Turn, args: Sequence[str]) -> Outcome | None:
    """The new target that a button is about."""
    row = reviews.review(turn.session, int(args[0]), int(args[1]), int(args[2]))
    if row is None or row.cycle_id != turn.term.cycle_id or row.decision != "adjust":
        return None
    return view.outcome(turn, row)


def _waiting(turn: Turn, args: Sequence[str]) -> Outcome | None:
    """The same, where it still waits for a word and this person may give it."""
    found = _found(turn, args)
    if found is None or not cards.waits(found) or found.review.version != int(args[3]):
        return None
    return found if view.may_decide(turn, found) else None


def _approve(turn: Turn, args: Sequence[str]) -> Reply:
    found = _waiting(turn, args)
    if found is not None:
        moving.approve(turn, found.review, found.kr)
    return _decided(turn, args)


def _decided(turn: Turn, args: Sequence[str]) -> Reply:
    """How a new target stands now; or that it is not theirs to decide, or gone."""
    found = _found(turn, args)
    if found is None or found.review.state == "withdrawn":
        return turn.say("review.gone_title", "review.gone")
    if cards.waits(found) and not view.may_decide(turn, found):
        return turn.say("review.refused_title", "review.not_yours")
    return Say(cards.decided(turn.voice, found))


flow = MidQuarter()
