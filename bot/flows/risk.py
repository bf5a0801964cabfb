"""What is at risk: "at-risk", "at-risk growth"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot import cast, picture
from bot.chat.cards import Block, Bullets, Button, Card, Spans, Text
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Turn, Word, action
from bot.looking import risks
from bot.looking import scope as scopes
from bot.looking.scope import Looking, Scope
from bot.picture import Standing
from bot.texts import Voice, brief
from storage import people
from storage.people import Person
from storage.teams import Team

PAGE = 12
LONGEST_TEAM = 40


@dataclass(frozen=True)
class Risks:
    """The key results of some teams that need somebody's eyes, and how many there are in all."""

    name: str
    found: Sequence[Standing]
    counted: int
    number: int = 0
    teams: Mapping[int, Team] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    unsaid: int = 0


class Risk(Looking):
    """Everybody may look; what is furthest behind comes first."""

    name = "risk"
    words = (Word("at-risk", reads=True),)

    def look(self, turn: Turn, scope: Scope, page: int) -> Reply:
        """A page of them."""
        return _shown(turn, scope, page)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """A few, many, none, and hostile text."""
        return _examples(voice)


def _shown(turn: Turn, scope: Scope, page: int) -> Reply:
    by_team = picture.now_of_teams(turn.session, turn.term, scope.teams)
    every = [s for own in by_team.values() for s in own]
    found = risks.at_risk(every)
    unsaid = risks.unsaid(every)
    owners = people.people(turn.session, {s.kr.owner_id for s in found if s.kr.owner_id})
    shown = Risks(scope.name, found, len(every), scope.number, scope.teams, owners, unsaid)
    return Say(card(turn.voice, shown, page))


def card(voice: Voice, risks: Risks, page: int = 1) -> Card:
    """A page of them, the furthest behind first."""
    pages = max(1, (len(risks.found) - 1) // PAGE + 1)
    page = min(max(page, 1), pages)
    shown = risks.found[(page - 1) * PAGE : page * PAGE]
    blocks: list[Block] = [
        *voice.blocks(
            "risk.intro", count=len(risks.found), counted=risks.counted, unsaid=risks.unsaid
        )
    ]
    if shown:
        blocks.append(Bullets(tuple(_line(voice, risks, standing) for standing in shown)))
        blocks.append(Text(voice.spans("risk.how", example=shown[0].id), "quiet"))
    title = voice.line("risk.title", team=brief(risks.name, LONGEST_TEAM))
    return Card(title, tuple(blocks), tuple(_buttons(voice, risks, page, pages)))


def _line(voice: Voice, risks: Risks, standing: Standing) -> Spans:
    team = risks.teams.get(standing.objective.team_id)
    owner = risks.people.get(standing.kr.owner_id or 0)
    return voice.spans(
        "risk.line",
        number=standing.id,
        title=standing.kr.title,
        summary=picture.summary(voice, standing),
        belief=picture.belief(voice, standing),
        owner=owner.name if owner else "",
        team=team.name if team and len(risks.teams) > 1 else "",
    )


def _buttons(voice: Voice, risks: Risks, page: int, pages: int) -> Iterable[Button]:
    if page > 1:
        yield Button(voice.line("risk.back"), action("risk", "page", risks.number, page - 1))
    if page < pages:
        yield Button(
            voice.line("risk.next"), action("risk", "page", risks.number, page + 1), "primary"
        )
    yield Button(voice.line("risk.blockers"), action("blockers", "of", risks.number))


def _examples(voice: Voice) -> Iterable[Example]:
    teams = {1: cast.COMPANY, 2: cast.GROWTH}
    known = {1: cast.ALICE, 2: cast.BOB}
    standings = cast.standings(answered=True)
    found = risks.at_risk(standings)
    silent = Standing(cast.UPTIME, cast.STEADY, cast.WEEK, cast.STARTS, cast.HISTORY[3][:1])
    hostile = Standing(
        cast.CHURN.model_copy(update={"title": cast.HOSTILE}),
        cast.LOVED,
        cast.WEEK,
        cast.STARTS,
        cast.HISTORY[2],
    )
    shown = (
        ("of a team", Risks("Growth", found, 4, 2, {2: cast.GROWTH}, known), 1),
        ("of the company", Risks("", [*found, silent], 4, 0, teams, known), 1),
        ("many", Risks("", [*found, silent] * 9, 60, 0, teams, known), 2),
        ("none", Risks("Growth", (), 4, 2, teams, known), 1),
        ("no key results", Risks("Growth", (), 0, 2, teams, known), 1),
        ("nothing said yet", Risks("Growth", (), 4, 2, teams, known, 4), 1),
        ("none, and some unsaid", Risks("Growth", (), 4, 2, teams, known, 2), 1),
        ("with hostile text", Risks(cast.HOSTILE, [hostile], 4, 2, teams, known), 1),
    )
    for name, own, page in shown:
        yield Example("risk", name, card(voice, own, page))
    unknown = scopes.choice(voice, "risk", "grwoth", [cast.GROWTH])
    yield Example("risk", "unknown team", unknown)


flow = Risk()
