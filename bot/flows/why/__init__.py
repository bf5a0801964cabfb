"""Where the numbers come from: each formula with its inputs, who gave them and when."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import cast, picture, saying
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.why import cards, company, messages
from bot.flows.why.cards import Story
from bot.flows.why.company import Progress
from bot.flows.why.fate import Fate
from bot.picture import Standing
from bot.quarter.verdicts import Verdict, verdicts
from bot.term import spoken_of
from bot.texts import Voice
from storage import audit, cycles, grades, objectives, people
from storage.audit import Audit
from storage.grades import CarryOver, Grade
from storage.objectives import KeyResult, Moved
from storage.people import Person

COMPANY = ("company", "quarter", "firma", "unternehmen", "quartal")
MESSAGE = ("message", "messages", "this", "nachricht", "nachrichten", "das")


class Why(Flow):
    """Everybody may ask of every key result, and of every message they got."""

    name = "why"
    words = (Word("why", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """One key result by its number or name; without one, my messages and key results.

        In a team's channel: what was posted there last.
        """
        typed = said.rest.strip().removeprefix("kr ").strip("#?! ")
        if typed.lower() in ("", *MESSAGE):
            posted = None if turn.private else messages.here(turn)
            return posted or _listed(turn)
        if typed.lower() in COMPANY:
            return Say(company.card(turn.voice, company.progress(turn)))
        story = _story(turn, typed.split()[0])
        if story is not None:
            return Say(cards.story(turn.voice, story))
        return saying.not_begun(turn) or _listed(turn, typed[:40])

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button, and "Why this?" under a message."""
        if verb == "letter":
            return messages.of_key(turn, ":".join(args))
        story = _story(turn, args[0]) if verb == "show" else None
        return Say(cards.story(turn.voice, story)) if story else super().click(turn, verb, args)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """One of each kind, with and without values."""
        return _examples(voice)


def _listed(turn: Turn, unknown: str = "") -> Reply:
    mine = picture.owned(turn.session, turn.term, [turn.me]).get(turn.me, ())
    if unknown:
        return Say(cards.listed(turn.voice, mine, unknown))
    sent = messages.listed(turn.voice, *messages.given(turn))
    return Say(cards.listed(turn.voice, mine, before=tuple(sent)))


def _story(turn: Turn, name: str) -> Story | None:
    """One key result and all that belongs to it; the number of statements does not grow."""
    pair = objectives.find(turn.session, turn.term.cycle_id, name)
    if pair is None:
        return None
    kr, objective = pair
    cycle = cycles.cycle(turn.session, objective.cycle_id)
    if cycle is None:
        return None
    term = turn.term if cycle.id == turn.term.cycle_id else turn.term.at_the_end_of(cycle)
    rest = objectives.key_results(turn.session, [objective.id or 0])
    pairs = [(row, objective) for row in rest] or [pair]
    if kr.id not in {row.id for row in rest}:
        pairs.append(pair)
    found = picture.standings(turn.session, term, pairs)
    standing = next((s for s in found if s.id == kr.id), None)
    if standing is None:
        return None
    made = audit.of_thing(turn.session, "key_result", kr.id)
    verdict = next(iter(verdicts(turn.session, term, [pair])), None)
    fate = _fate(turn, kr, verdict)
    known = people.people(turn.session, _who(standing, made, fate))
    siblings = [s for s in found if s.kr.state != "dropped"]
    return Story(standing, siblings, known, made, fate)


def _fate(turn: Turn, kr: KeyResult, verdict: Verdict | None) -> Fate:
    """Targets that moved, the grade, where it comes from and what it became."""
    came = objectives.key_result(turn.session, kr.carried_from_id) if kr.carried_from_id else None
    became = objectives.became(turn.session, [kr.id or 0]).get(kr.id or 0)
    given = grades.grades(turn.session, [came[0].id or 0]) if came else {}
    cycle = cycles.cycle(turn.session, came[1].cycle_id) if came else None
    return Fate(
        verdict, came[0] if came else None, spoken_of(turn.voice, cycle),
        next(iter(given.values()), None), became,
    )  # fmt: skip


def _who(standing: Standing, made: Sequence[Audit], fate: Fate) -> set[int]:
    numbers = {update.by_id for update in standing.updates} | {row.by_id for row in made}
    verdict = fate.verdict
    for row in verdict.moved if verdict else ():
        numbers |= {row.by_id, row.approver_id}
    if verdict is not None and verdict.given is not None:
        numbers.add(verdict.given.by_id)
    return {number for number in numbers if number is not None}


def _examples(voice: Voice) -> Iterable[Example]:
    known = {2: cast.BOB, 1: cast.ALICE}
    answered = cast.standings(answered=True)
    siblings = [s for s in answered if s.objective is cast.LOVED]
    for standing in answered:
        yield Example("why", standing.kr.kind, cards.story(voice, Story(standing, siblings, known)))
    unsaid = Standing(cast.NPS, cast.LOVED, cast.WEEK, cast.STARTS)
    yield Example("why", "nothing said yet", cards.story(voice, Story(unsaid, [unsaid], known)))
    hostile = cast.NPS.model_copy(update={"title": cast.HOSTILE})
    typed = Standing(hostile, cast.LOVED, cast.WEEK, cast.STARTS, answered[0].updates)
    yield Example("why", "with hostile text", cards.story(voice, Story(typed, [typed], known)))
    churn = next(s for s in answered if s.kr is cast.CHURN)
    yield Example("why", "moved, graded, carried", cards.story(voice, _ended(churn, known)))
    ours = Progress(answered[:1], answered)
    yield Example("why", "the company", company.card(voice, ours))
    yield Example("why", "all teams", company.card(voice, Progress(answered, answered)))
    yield Example("why", "no values", company.card(voice, Progress([unsaid], [unsaid])))
    yield Example("why", "mine to choose from", cards.listed(voice, answered))
    yield Example("why", "unknown", cards.listed(voice, answered, cast.HOSTILE[:40]))
    yield Example("why", "none mine", cards.listed(voice, ()))
    sent = messages.samples(voice, cast.FRIDAY)
    for one in sent:
        yield Example("why", f"message: {one.kind}", messages.card(voice, one, 1, 2))
    odd = replace(sent[4], title=cast.HOSTILE)
    yield Example("why", "message with hostile text", messages.card(voice, odd, 2, 2))
    listed = tuple(messages.listed(voice, [*sent[:4], odd], (2, 2)))
    yield Example("why", "my messages", cards.listed(voice, answered, before=listed))
    none = tuple(messages.listed(voice, (), (0, 2)))
    yield Example("why", "no messages, none mine", cards.listed(voice, (), before=none))


def _ended(standing: Standing, known: dict[int, Person]) -> Story:
    """Churn at the close: its target was moved, and it goes on."""
    moved = Moved(
        key_result_id=2, week=7, baseline=4, target=2.5, reason=cast.HOSTILE, by_id=2,
        approver_id=1, at=cast.FRIDAY,
    )  # fmt: skip
    given = Grade(
        key_result_id=2, cycle_id=1, grade=0.6, original=0.4, suggested=0.5, cause="outside",
        reason="One group left by its own merger", by_id=2, at=cast.FRIDAY,
    )  # fmt: skip
    carry = CarryOver(key_result_id=2, cycle_id=1, decision="keep", why="Costs most", at=given.at)
    verdict = Verdict(standing, (moved,), given, carry)
    became = cast.CHURN.model_copy(update={"id": 21, "carried_from_id": 2})
    fate = Fate(verdict, cast.NPS, "Q3 2026", given, became)
    return Story(standing, [standing], known, (), fate)


flow = Why()
