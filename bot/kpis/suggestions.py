"""Objectives that unhealthy KPIs suggest: held for planning, accepted, changed or put off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.chat.cards import Block, Button, Buttons
from bot.flow import LONGEST_ABOUT, Term, action, opens
from bot.kpis import watch
from bot.kpis.watch import Look
from bot.method import health
from bot.texts import Voice
from storage import kpis
from storage.kpis import Episode


@dataclass(frozen=True)
class Suggestion:
    """A KPI that is unhealthy, and how far it has to come back."""

    look: Look
    episode: Episode
    worst: float
    bound: float

    @property
    def team_id(self) -> int:
        """The team whose planning it is held for."""
        return self.look.kpi.team_id or 0


def waiting(
    session: Session, term: Term, team_ids: Iterable[int] | None = None
) -> dict[int, list[Suggestion]]:
    """What these teams, or all, have to decide at their next planning session, by team.

    What was put off is held again from its day on, and what was tried in vain is as well.
    """
    looks = watch.look(session, term, kpis.proposed(session, team_ids))
    found: dict[int, list[Suggestion]] = {}
    for look in looks:
        suggestion = of(look)
        if suggestion is not None and is_held(term, look):
            found.setdefault(suggestion.team_id, []).append(suggestion)
    return found


def of(look: Look) -> Suggestion | None:
    """What a KPI suggests, decided or not; None where it suggests nothing."""
    episode, way = look.episode, look.way
    if episode is None or way is None or not episode.proposal or not look.kpi.team_id:
        return None
    return Suggestion(look, episode, *way)


def is_held(term: Term, look: Look) -> bool:
    """Whether somebody still has to decide."""
    episode = look.episode
    match episode.proposal if episode is not None else "":
        case "held":
            return True
        case "put_off":
            return episode is None or episode.until is None or episode.until <= term.today
        case "accepted" | "changed":
            tried = look.lasting.objective if look.lasting is not None else None
            over = tried is None or tried.state in ("dropped", "closed")
            return over or (tried is not None and tried.cycle_id != term.cycle_id)
        case _:
            return False


def inside_again(suggestion: Suggestion) -> int:
    """How many of the newest readings in a row are inside; 0 while it is outside."""
    return health.in_a_row(suggestion.look.judged, outside=False)


def shown(voice: Voice, suggestion: Suggestion) -> Sequence[Block]:
    """Why, the figure, the course, and what can be done about it."""
    look = suggestion.look
    number, name = suggestion.episode.id, look.kpi.name
    about = name[:LONGEST_ABOUT]
    return (
        voice.text(
            "kpi.suggested",
            name=name,
            began=voice.day(suggestion.episode.began),
            count=health.in_a_row(look.judged, outside=True),
            inside=inside_again(suggestion),
            now="" if look.newest is None else voice.number(look.newest.value, look.kpi.unit),
            worst=voice.number(suggestion.worst, look.kpi.unit),
            bound=voice.number(suggestion.bound, look.kpi.unit),
        ),
        *watch.course(voice, look),
        Buttons(
            (
                Button(
                    voice.line("kpi.accept"),
                    action("kpi", "accept", number),
                    "primary",
                    about=about,
                ),
                opens(voice.line("kpi.change"), action("kpi", "change", number), about=about),
                put_off(voice, suggestion),
            )
        ),
    )


def put_off(voice: Voice, suggestion: Suggestion) -> Button:
    """The form that puts it off."""
    where = action("kpi", "later", suggestion.episode.id)
    return opens(voice.line("kpi.put_off"), where, about=suggestion.look.kpi.name[:LONGEST_ABOUT])
