"""Teams by weeks at a glance: "heatmap", "heatmap confidence", "heatmap text growth"."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast as type_cast

from bot import cast, picture
from bot.chat.cards import Block, Bullets, Button, Card, Text
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action
from bot.looking import heat
from bot.looking import scope as scopes
from bot.looking.heat import Cell, Heat, Kind, Row
from bot.looking.scope import Scope
from bot.texts import Voice, brief
from storage.teams import Team

LONGEST_NAME = 35
KINDS: dict[str, Kind] = {"confidence": "confidence", "zuversicht": "confidence"}
TEXT = ("text", "words", "worte")


class Heatmap(Flow):
    """Everybody may look; the same as a table and, for a phone, in words."""

    name = "heatmap"
    words = (Word("heatmap", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """My teams and all below, or one team; progress or confidence; a table or words."""
        kind: Kind = "progress"
        text = False
        words = clean(said.rest).split()
        while words and words[0].lower() in (*KINDS, *TEXT):
            word = words.pop(0).lower()
            kind, text = KINDS.get(word, kind), text or word in TEXT
        rest = Said(said.word, " ".join(words))
        found = scopes.scope(turn, rest)
        if found is None:
            return scopes.unknown(turn, rest, self.name)
        return _shown(turn, found, kind, text=text)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button."""
        if verb == "of":
            return _shown(turn, scopes.of_number(turn, int(args[0])), "progress", text=False)
        if verb != "show" or args[1] not in ("progress", "confidence"):
            return super().click(turn, verb, args)
        kind = type_cast("Kind", str(args[1]))
        return _shown(turn, scopes.of_number(turn, int(args[0])), kind, text=args[2] == "text")

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Progress and confidence, as a table and in words; nothing yet; hostile text."""
        return _examples(voice)


def _shown(turn: Turn, scope: Scope, kind: Kind, *, text: bool) -> Reply:
    term = turn.term
    if term.cycle is None:
        return turn.say("company.none_title", "company.no_quarter")
    until = term.week or (term.calendar.weeks if term.today > term.cycle.ends else 0)
    standings = picture.now_of_teams(turn.session, term, scope.teams, whole=True)
    return Say(card(turn.voice, scope, heat.heat(kind, scope, standings, until), text=text))


def card(voice: Voice, scope: Scope, heat_: Heat, *, text: bool) -> Card:
    """The table with its signs explained, or the lines."""
    blocks: list[Block] = []
    if not heat_.rows:
        blocks += voice.blocks("heatmap.nothing")
    elif text:
        blocks.append(Text(voice.spans(f"heatmap.caption_{heat_.kind}")))
        blocks.append(Bullets(tuple(heat.lines(voice, heat_))))
    else:
        blocks.append(heat.table(voice, heat_))
        blocks.append(Text(voice.spans(f"heatmap.legend_{heat_.kind}"), "quiet"))
    if heat_.left:
        blocks.append(Text(voice.spans("heatmap.more", count=heat_.left), "quiet"))
    title = voice.line("heatmap.title", team=brief(scope.name, LONGEST_NAME))
    return Card(title, tuple(blocks), tuple(_buttons(voice, scope, heat_, text=text)))


def _buttons(voice: Voice, scope: Scope, heat_: Heat, *, text: bool) -> Iterator[Button]:
    if not heat_.rows:
        return
    number, form = scope.number, "text" if text else "table"
    other = "progress" if heat_.kind == "confidence" else "confidence"
    yield Button(
        voice.line("heatmap.as_table" if text else "heatmap.as_text"),
        action("heatmap", "show", number, heat_.kind, "table" if text else "text"),
    )
    yield Button(voice.line(f"heatmap.see_{other}"), action("heatmap", "show", number, other, form))


def _examples(voice: Voice) -> Iterable[Example]:
    every = (cast.COMPANY, cast.GROWTH)
    scope = Scope((cast.COMPANY,), every)
    known = {2: cast.standings(answered=True)}
    hostile = cast.GROWTH.model_copy(update={"name": cast.HOSTILE})
    odd = Scope((hostile,), (hostile,))
    many = [Team(id=n, slug=f"t{n}", name=f"Team {n}") for n in range(30)]
    cells = [Cell(n / 20, ("good", "fair", "poor", "none")[n % 4]) for n in range(13)]
    wide = Heat("progress", range(1, 14), [Row(team, n % 3, cells) for n, team in enumerate(many)])
    for kind in ("progress", "confidence"):
        found = heat.heat(kind, scope, known, cast.WEEK)
        yield Example("heatmap", kind, card(voice, scope, found, text=False))
        yield Example("heatmap", f"{kind} in words", card(voice, scope, found, text=True))
    for text in (False, True):
        name = "a whole quarter" + (" in words" if text else "")
        yield Example("heatmap", name, card(voice, scope, wide, text=text))
    none = heat.heat("progress", scope, {}, cast.WEEK)
    yield Example("heatmap", "nothing yet", card(voice, scope, none, text=False))
    shown = heat.heat("progress", odd, known, cast.WEEK)
    yield Example("heatmap", "with hostile text", card(voice, odd, shown, text=True))


flow = Heatmap()
