"""What somebody may have meant by words that are none of ours."""

from collections.abc import Mapping, Sequence

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Card
from bot.chat.reading import clean
from bot.flow import Turn, action
from bot.likeness import slips
from bot.texts import Voice, brief
from storage import objectives, people, teams
from storage.objectives import KeyResult
from storage.people import Person
from storage.teams import Team

FEW = 3
SHORTEST = 4
"""From so many letters on a word is looked for in titles."""
LONGEST = 40


def guess(turn: Turn, text: str, spellings: Mapping[str, str]) -> Card:
    """Peace, a key result by its number, somebody, a team, the nearest word, a title; or help."""
    said = " ".join(clean(text).split())
    first, _, rest = said.partition(" ")
    number = first.strip("#?!.,:;()")
    if number.isdecimal():
        value = rest if any(sign.isdigit() for sign in rest) else ""
        return numbered(turn.voice, number, _key_result(turn, number), value)
    whole = said.strip("?!.,:;").casefold()
    if whole in turn.voice.line("hear.words_stop").split(", "):
        return peace(turn.voice, turn.term.organisation.unasked_per_week, admin=turn.person.admin)
    for person in people.by_name(turn.session, whole) if whole else ():
        if whole in (person.name.casefold(), *person.name.casefold().split()):
            return somebody(turn.voice, person)
    if (way := to_team(turn, whole)) is not None:
        return way
    near = slips(said, spellings, limit=2)
    found = [] if near or len(whole) < SHORTEST else _titled(turn, whole)
    return titled(turn.voice, first, found) if found else unknown(turn.voice, first, near)


def _key_result(turn: Turn, number: str) -> KeyResult | None:
    """An open one of this quarter."""
    found = objectives.find(turn.session, turn.term.cycle_id, number)
    if found is None or found[0].state != "open" or found[1].cycle_id != turn.term.cycle_id:
        return None
    return found[0]


def _titled(turn: Turn, words: str) -> Sequence[KeyResult]:
    """Key results of mine that hold these words."""
    own = objectives.owned(turn.session, turn.term.cycle_id, [turn.me]).get(turn.me, ())
    return [kr for kr, _ in own if words in kr.title.casefold()][:FEW]


def numbered(voice: Voice, number: str, kr: KeyResult | None, rest: str) -> Card:
    """A bare number is mostly a key result's."""
    if kr is None:
        blocks = voice.blocks("hear.no_number", number=number[:LONGEST])
        return Card(voice.line("hear.no_number_title"), blocks, (_help(voice, "mine"),))
    value = rest if len(rest) <= LONGEST else ""
    blocks = voice.blocks("hear.number", number=number, title=kr.title, rest=value)
    return Card(voice.line("hear.number_title", number=number), blocks, (_show(kr),))


def peace(voice: Voice, most: int, *, admin: bool) -> Card:
    """Somebody wants fewer messages, or none."""
    words = ("snooze", "away", "settings")
    buttons = (Button(voice.line(f"hear.to_{w}"), action("help", "word", w)) for w in words)
    blocks = voice.blocks("hear.stop", most=most, admin=admin)
    return Card(voice.line("hear.stop_title"), blocks, tuple(buttons))


def somebody(voice: Voice, person: Person) -> Card:
    """A name alone."""
    blocks = voice.blocks("hear.person", name=person.name)
    button = Button(picture.short(person.name), action("person", "show", person.id))
    return Card(voice.line("hear.meant_title", name=person.name), blocks, (button,))


def to_team(turn: Turn, name: str) -> Card | None:
    """The way to the team of just this name, if there is one."""
    every = teams.all_teams(turn.session)
    found = next((team for team in every if teams.is_called(team, name)), None)
    return None if found is None else one_team(turn.voice, found)


def one_team(voice: Voice, team: Team) -> Card:
    """A team's name alone."""
    blocks = voice.blocks("hear.team", name=team.name)
    button = Button(picture.short(team.name), action("team", "show", team.id))
    return Card(voice.line("hear.meant_title", name=team.name), blocks, (button,))


def titled(voice: Voice, typed: str, found: Sequence[KeyResult]) -> Card:
    """Words of a key result's title."""
    blocks: tuple[Block, ...] = voice.blocks("hear.titled", typed=brief(typed, LONGEST))
    lines = (voice.spans("saying.mine_line", number=kr.id, title=kr.title) for kr in found)
    buttons = tuple(_show(kr) for kr in found)
    return Card(voice.line("hear.unknown_title"), (*blocks, Bullets(tuple(lines))), buttons)


def unknown(voice: Voice, typed: str, near: Sequence[str]) -> Card:
    """No word of ours: the nearest."""
    words = tuple(
        Button(name, action("help", "word", name), "primary" if n == 0 else "plain")
        for n, name in enumerate(near)
    )
    blocks = voice.blocks("hear.unknown", typed=brief(typed, LONGEST), near=near[0] if near else "")
    return Card(voice.line("hear.unknown_title"), blocks, (*words, _help(voice, "help")))


def _show(kr: KeyResult) -> Button:
    return Button(picture.short(kr.title), action("kr", "show", kr.id), about=kr.title)


def _help(voice: Voice, word: str) -> Button:
    return Button(voice.line(f"hear.{word}"), action("help", "word", word))
