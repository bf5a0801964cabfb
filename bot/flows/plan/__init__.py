"""The quarter is planned: asked from the top down, drafted, approved, posted as a tree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Button, Card, Spans
from bot.chat.replies import Reply
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Waiting, Word, action
from bot.flows.plan import answers, asks, samples, writing
from bot.outlook import Outlook
from bot.texts import Voice
from storage import objectives, teams
from storage.letters import Draft, Letter
from storage.objectives import Objective
from storage.teams import Team

MOST_WAITING = 3


class Plan(Flow):
    """`plan`, `plan growth`; in weeks of planning everybody is asked once."""

    name = "plan"
    words = (Word("plan", reads=True),)

    def plan(self, outlook: Outlook) -> Iterable[Draft]:
        """Questions from the top down, the drafts near the end, the plan in the channels."""
        return asks.asks(outlook)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """Each kind of letter by its subject, from what is planned at this moment."""
        return writing.write(session, term, letters)

    def because(self, voice: Voice, letter: Letter) -> str:
        """By the kind of letter."""
        return voice.line("plan.because", what=letter.subject.partition(":")[0])

    def waiting(self, turn: Turn) -> Iterable[Waiting]:
        """A team to plan, drafts that wait for my word, and my part in a plan."""
        found = list(_waiting(turn))
        yield from found[:MOST_WAITING]
        if len(found) > MOST_WAITING:
            label = turn.voice.line("plan.look")
            line = turn.voice.spans("plan.waiting_more", count=len(found) - MOST_WAITING)
            yield Waiting(line, Button(label, action("plan", "mine")))

    def typed(self, turn: Turn, said: Said) -> Reply:
        """My planning as it is now, or a team's."""
        return answers.typed(turn, said.rest)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Look at a team, approve, take."""
        match verb:
            case "mine":
                return answers.typed(turn, "")
            case "team":
                return answers.team(turn, int(args[0]))
            case "approve":
                return answers.approve(turn, int(args[0]), args[1])
            case "take":
                return answers.take(turn, args[0], int(args[1]))
            case _:
                return super().click(turn, verb, args)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card above, for Growth and its company Harbour."""
        return samples.examples(voice)


def _waiting(turn: Turn) -> Iterator[Waiting]:
    """Three statements at most, however many teams."""
    if turn.term.cycle is None or turn.term.week is None:
        return
    led = {team.id or 0: team for team in teams.led_by(turn.session, [turn.me])}
    mine = teams.of_person(turn.session, turn.me) if turn.term.plans else ()
    own = {team.id or 0: team for team in mine}
    if not led and not own:
        return
    rows = objectives.planned(turn.session, turn.term.cycle_id, led | own)
    for number, team in (led | own).items():
        planned = [row for row in rows if row.team_id == number]
        line = _line(turn, team, planned, led=number in led)
        if line:
            label = turn.voice.line("plan.look")
            yield Waiting(line, Button(label, action("plan", "team", number), about=team.name))


def _line(turn: Turn, team: Team, planned: Sequence[Objective], *, led: bool) -> Spans:
    drafts = sum(row.state in ("draft", "review") for row in planned)
    if led and drafts:
        return turn.voice.spans("plan.waiting_drafts", team=team.name, count=drafts)
    if led and not planned and turn.term.plans:
        return turn.voice.spans("plan.waiting_nothing", team=team.name)
    if not led and drafts:
        return turn.voice.spans("plan.waiting_part", team=team.name)
    return ()


flow = Plan()
