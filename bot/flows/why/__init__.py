"""Where the numbers come from: each formula with its inputs, who gave them and when."""

from collections.abc import Iterable, Sequence

from bot import cast, picture, saying
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.why import cards
from bot.flows.why.cards import Story
from bot.picture import Standing
from bot.texts import Voice
from storage import audit, objectives, people
from storage.audit import Audit


class Why(Flow):
    """Everybody may ask of every key result."""

    name = "why"
    words = (Word("why", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """One key result by its number or name; without one, mine to choose from."""
        typed = said.rest.strip().removeprefix("kr ").strip("#?! ")
        story = _story(turn, typed.split()[0]) if typed else None
        if story is not None:
            return Say(cards.story(turn.voice, story))
        early = saying.not_begun(turn)
        if early is not None:
            return early
        mine = picture.owned(turn.session, turn.term, [turn.me]).get(turn.me, ())
        return Say(cards.listed(turn.voice, mine, typed[:40]))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button."""
        story = _story(turn, args[0]) if verb == "show" else None
        return Say(cards.story(turn.voice, story)) if story else super().click(turn, verb, args)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """One of each kind, with and without values."""
        return _examples(voice)


def _story(turn: Turn, name: str) -> Story | None:
    """One key result of this cycle and what belongs to it; eight statements, however many."""
    pair = objectives.find(turn.session, turn.term.cycle_id, name)
    if pair is None or pair[1].cycle_id != turn.term.cycle_id:
        return None
    kr, objective = pair
    rest = objectives.key_results(turn.session, [objective.id or 0])
    pairs = [(row, objective) for row in rest] or [pair]
    if kr.id not in {row.id for row in rest}:
        pairs.append(pair)
    found = picture.standings(turn.session, turn.term, pairs)
    standing = next((s for s in found if s.id == kr.id), None)
    if standing is None:
        return None
    made = audit.of_thing(turn.session, "key_result", kr.id)
    known = people.people(turn.session, _who(standing, made))
    siblings = [s for s in found if s.kr.state != "dropped"]
    return Story(standing, siblings, known, made)


def _who(standing: Standing, made: Sequence[Audit]) -> set[int]:
    numbers = {update.by_id for update in standing.updates} | {row.by_id for row in made}
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
    yield Example("why", "mine to choose from", cards.listed(voice, answered))
    yield Example("why", "unknown", cards.listed(voice, answered, cast.HOSTILE[:40]))
    yield Example("why", "none mine", cards.listed(voice, ()))


flow = Why()
