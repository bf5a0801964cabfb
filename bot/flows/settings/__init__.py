"""Settings: everybody's own, and those of the teams one leads."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import leads
from bot.chat.cards import Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.settings import cards, checks
from bot.may import may
from bot.texts import Voice
from storage import audit, people, teams
from storage.teams import Team


class Settings(Flow):
    """`settings`: language, figures, zone, country, work days."""

    name = "settings"
    words = (Word("settings", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """What is set."""
        return Say(_mine(turn))

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """My own settings, or a team's."""
        match verb:
            case "open" | "save":
                return cards.form(turn.voice, turn.term, turn.person)
            case "team":
                team = _led(turn, args)
                return None if team is None else cards.team_form(turn.voice, turn.term, team)
            case _:
                return None

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """A team that one does not lead any more."""
        team = teams.team(turn.session, int(args[0])) if verb == "team" else None
        if team is None:
            return super().click(turn, verb, args)
        return turn.say("settings.refused_title", "settings.refused", name=team.name)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep what was chosen, or say beside each question what is wrong."""
        if verb == "team":
            return self._team(turn, args, form, read)
        mine, problems = checks.mine(turn, read)
        wrong = turn.fix(form, read, *problems)
        if wrong is not None or mine is None:
            return wrong or Say(_mine(turn))
        person = people.person(turn.session, turn.me) or turn.person
        _change(turn, "person", turn.me, person, mine.fields())
        return Say(_mine(replace(turn, person=person), saved=True))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Bob's settings and Alice's team."""
        return cards.examples(voice)

    def _team(self, turn: Turn, args: Sequence[str], form: Form, read: Read) -> Reply:
        team = _led(turn, args)
        if team is None:
            return self.click(turn, "team", args)
        given, problems = checks.team(turn, read)
        wrong = turn.fix(form, read, *problems)
        if wrong is not None or given is None:
            return wrong or Say(_mine(turn))
        _change(turn, "team", team.id, team, given.fields())
        return Say(cards.team(turn.voice, turn.term, team))


def _mine(turn: Turn, *, saved: bool = False) -> Card:
    led = leads.lines(turn.session).led_by(turn.person)
    return cards.mine(turn.voice, turn.term, turn.person, led, turn.now, saved=saved)


def _led(turn: Turn, args: Sequence[str]) -> Team | None:
    """The team, if it is the person's to change."""
    number = int(args[0])
    lines = leads.lines(turn.session)
    allowed = may(turn.person, "update", lines.leads([number]))
    return teams.to_change(turn.session, number) if allowed and number in lines.teams else None


def _change(
    turn: Turn, thing: str, key: int | None, row: checks.Row, values: dict[str, object]
) -> None:
    before = audit.fields(row)
    for name, value in values.items():
        setattr(row, name, value)
    turn.session.add(row)
    after = audit.fields(row)
    audit.note(turn.session, turn.now, thing, key, by=turn.me, before=before, after=after)
    turn.session.flush()
    turn.session.info["replan"] = True


flow = Settings()
