"""One key result's value, now: "kr 12 42 first calls pay off", or by a form."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot import may, picture, ripples, saying
from bot.chat.cards import Block, Button, Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Forgotten, Said, Term, Turn, Word, action, named
from bot.flows.kr import cards, entry, told
from bot.flows.kr.cards import Was
from bot.goals.carried import unpack
from bot.likeness import nearest
from bot.picture import Standing
from bot.saying import Given
from bot.texts import Voice
from storage import objectives, people, teams
from storage.letters import Letter
from storage.objectives import KeyResult, Objective

NEAR = 50
NEAREST = 3


class OneKeyResult(Flow):
    """Its owner, the team's lead and admins set it; everybody may look."""

    name = "kr"
    words = (Word("kr"),)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """To an owner: what others have set that day."""
        return told.write(session, term, letters)

    def because(self, voice: Voice, letter: Letter) -> str:
        """Because it is theirs."""
        return voice.line("kr.because", kind=letter.kind)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """Set a value, show a key result, or list mine."""
        early = saying.not_begun(turn)
        if early is not None:
            return early
        number, _, rest = said.rest.partition(" ")
        if not number:
            return Say(cards.listed(turn.voice, _mine(turn)))
        pair = objectives.find(turn.session, turn.term.cycle_id, number.strip("#:,.;"))
        if pair is None:
            return _nearest(turn, said.rest)
        standing = _standing(turn, *pair)
        if standing is None:
            return turn.say("kr.closed_title", "kr.closed")
        if not rest.strip():
            return self._shown(turn, standing)
        return _refused(turn, standing) or self._entered(turn, standing, rest)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Show a key result, keep a value that was doubted, or say why its form does not open."""
        early = saying.not_begun(turn)
        if early is not None:
            return early
        pair = objectives.key_result(turn.session, int(args[0]))
        standing = _standing(turn, *pair) if pair else None
        if standing is None:
            return turn.say("kr.closed_title", "kr.closed")
        match verb:
            case "open":
                return _refused(turn, standing) or Open(cards.form(turn.voice, standing))
            case "show":
                return self._shown(turn, standing)
            case "keep":
                typed = _unpacked(args[1])
                return _refused(turn, standing) or self._entered(turn, standing, typed, sure=True)
            case _:
                return super().click(turn, verb, args)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The form of one key result; what was typed into it is read even where it comes late."""
        if verb not in ("open", "save"):
            return None
        pair = objectives.key_result(turn.session, int(args[0]))
        standing = _standing(turn, *pair) if pair else None
        if standing is None or (verb == "open" and _refused(turn, standing)):
            return None
        return cards.form(turn.voice, standing)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Store what a form says, unless the key result is closed or somebody else's by now."""
        pair = objectives.key_result(turn.session, int(args[0]))
        standing = _standing(turn, *pair) if pair else None
        if standing is None:
            return super().submit(turn, verb, args, form, read)
        refused = _refused(turn, standing, tuple(saying.kept(turn.voice, form, read)))
        if refused is not None:
            return refused
        wrong = turn.fix(form, read, *saying.doubts(turn, [standing], read))
        if wrong is not None:
            return wrong
        was = _was(turn, standing)
        if standing.kr.kind == "milestones":
            saying.finish(turn, standing, set(read.chosen(f"value-{standing.id}")))
        return _save(turn, standing, saying.given(read, standing), was)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card and the form, for each kind of key result."""
        return cards.examples(voice)

    def _shown(self, turn: Turn, standing: Standing) -> Reply:
        owner = people.people(turn.session, [standing.kr.owner_id or 0])
        mine = _refused(turn, standing) is None
        return Say(
            cards.show(turn.voice, standing, owner.get(standing.kr.owner_id or 0), mine=mine)
        )

    def _entered(self, turn: Turn, standing: Standing, text: str, *, sure: bool = False) -> Reply:
        found = entry.read(turn.voice, standing, text)
        if not isinstance(found, entry.Entry):
            return Say(cards.misread(turn.voice, standing, found, text))
        if standing.kr.kind == "milestones":
            return Open(cards.form(turn.voice, standing))
        doubt = "" if sure else saying.doubt(turn, standing, found.value)
        if doubt:
            return Say(cards.really(turn.voice, standing, found.value, doubt, text))
        said = standing.said
        note = found.note or (said.note if said else "")
        answer = Given(found.value, said.confidence if said else None, note)
        return _save(turn, standing, answer, _was(turn, standing))


def _save(turn: Turn, standing: Standing, answer: Given, was: Was | None) -> Reply:
    """Upsert, tell the lead where it must not wait, and edit all that shows it."""
    alarms = saying.alarms(standing, answer)
    saying.update(turn, standing, standing.week, answer)
    turn.session.flush()
    if answer.value != standing.value:
        told.owner(turn, standing)
    if alarms:
        saying.tell_leads(turn, [standing])
    ripples.shown(
        turn.session,
        turn.term,
        turn.now,
        [standing.kr.owner_id] if standing.kr.owner_id else [],
        standing.week,
    )
    (now,) = picture.standings(turn.session, turn.term, [(standing.kr, standing.objective)])
    return Say(cards.saved(turn.voice, now, was, turn.today))


def _unpacked(packed: str) -> str:
    """What was typed, out of a button."""
    try:
        return unpack(packed)
    except ValueError:
        raise Forgotten(packed[:80]) from None


def _was(turn: Turn, standing: Standing) -> Was | None:
    last = next((u for u in reversed(standing.updates) if u.value is not None), None)
    if last is None or last.value is None:
        return None if standing.kr.baseline is None else Was(standing.kr.baseline)
    by = people.person(turn.session, last.by_id) if last.by_id else None
    return Was(last.value, by, last.at)


def _mine(turn: Turn) -> Sequence[Standing]:
    return picture.owned(turn.session, turn.term, [turn.me]).get(turn.me, ())


def _standing(turn: Turn, kr: KeyResult, objective: Objective) -> Standing | None:
    """Where it stands; None where it belongs to no cycle that runs."""
    if objective.cycle_id != turn.term.cycle_id or turn.term.week is None:
        return None
    return next(iter(picture.standings(turn.session, turn.term, [(kr, objective)])), None)


def _refused(turn: Turn, standing: Standing, kept: Sequence[Block] = ()) -> Say | None:
    """Why somebody cannot set it, with what they typed; None where they can."""
    kr, objective, voice = standing.kr, standing.objective, turn.voice
    if kr.state != "open" or objective.state not in ("draft", "review", "approved"):
        return _no(voice, "kr.closed_title", (*voice.blocks("kr.closed"), *kept))
    if objective.state != "approved":
        return _no(voice, "kr.draft_title", (*voice.blocks("kr.draft"), *kept))
    team = teams.team(turn.session, objective.team_id)
    owners = (kr.owner_id, team.lead_id if team else None)
    if may.may(turn.person, "update", owners):
        return None
    known = people.people(turn.session, {i for i in owners if i})
    owner, lead = (known.get(i or 0) for i in owners)
    asked = voice.blocks(
        "kr.not_yours",
        title=kr.title,
        owner=named(owner) if owner else "",
        lead=named(lead) if lead and lead is not owner else "",
    )
    return _no(voice, "kr.not_yours_title", (*asked, *kept))


def _no(voice: Voice, title: str, blocks: tuple[Block, ...]) -> Say:
    return Say(Card(voice.line(title), blocks))


def _nearest(turn: Turn, typed: str) -> Reply:
    """No such key result: those of mine that read most like it."""
    mine, voice = {s.id: s for s in _mine(turn)}, turn.voice
    titles = {number: s.kr.title for number, s in mine.items()}
    near = nearest(typed, titles, limit=NEAREST, least=NEAR)
    found = [mine[number] for number in near] or list(mine.values())[:NEAREST]
    blocks: tuple[Block, ...] = voice.blocks(
        "kr.unknown", typed=typed.split()[0][:40], mine=bool(found)
    )
    if found:
        blocks += (cards.items(voice, found),)
    return Say(Card(voice.line("kr.unknown_title"), blocks, tuple(_choose(found))))


def _choose(standings: Iterable[Standing]) -> Iterable[Button]:
    for s in standings:
        yield Button(picture.short(s.kr.title), action("kr", "show", s.id), about=s.kr.title)


flow = OneKeyResult()
