"""What the bot can do, on one phone screen; and one word with an example."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot import admins, cast, guess
from bot.chat.cards import Block, Button, Card, Span, Text, Words
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action
from bot.likeness import slips
from bot.texts import Voice

GROUPS: Mapping[str, Sequence[str]] = {
    "every_day": ("checkin", "plan", "kr", "kpi", "thanks", "snooze", "away", "back", "retro"),
    "look": ("home", "mine", "team", "@", "why", "summary", "review", "grade"),
    "all_teams": ("at-risk", "blockers", "tree", "company", "heatmap", "quarter"),
    "set_up": ("add", "edit", "settings", "setup", "report", "export", "help"),
}
"""Where a word stands. One that is in no group stands with the last."""


class Help(Flow):
    """Every word that there is, so that none is ever missing."""

    name = "help"
    words = (Word("help", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """All words, or one of them with an example."""
        from bot.flows import begun, spellings  # the flows' own list, which this is part of

        spelling = clean(said.rest).lower().lstrip("`")[:40].strip("`?!. ")
        if not spelling:
            return Say(overview(turn.voice, _words(admin=turn.person.admin)))
        found = begun("@" if spelling.startswith("@") else spelling)
        if found is None:
            near = slips(spelling, spellings(admin=turn.person.admin), limit=2)
            return Say(guess.unknown(turn.voice, spelling, near))
        return Say(about(turn.voice, found[0]))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Run a word as if it had been typed: for "did you mean"."""
        from bot.flows import words  # the flows' own list, which this flow is part of

        found = words().get(args[0]) if verb == "word" and args else None
        if found is None:
            return super().click(turn, verb, args)
        flow, word = found
        if word.admin and not turn.person.admin:
            return admins.only(turn, word.name)
        return flow.typed(turn, Said(word.name))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """All words for everybody and for admins, each word, and an unknown one."""
        yield Example("help", "for everybody", overview(voice, _words(admin=False)))
        yield Example("help", "for admins", overview(voice, _words(admin=True)))
        yield Example("help", "unknown", guess.unknown(voice, "chekcin", ["checkin"]))
        yield Example("help", "hostile", guess.unknown(voice, cast.HOSTILE, ()))
        odd = cast.HOSTILE[:40]
        yield Example("help", "a number", guess.numbered(voice, "2", cast.CHURN, ""))
        yield Example("help", "a number, hostile", guess.numbered(voice, "2", cast.CHURN, odd))
        yield Example("help", "no such number", guess.numbered(voice, "42", None, ""))
        yield Example("help", "stop", guess.peace(voice, 2, admin=False))
        yield Example("help", "stop, for admins", guess.peace(voice, 1, admin=True))
        yield Example("help", "a name", guess.somebody(voice, cast.BOB))
        yield Example("help", "a team", guess.one_team(voice, cast.GROWTH))
        yield Example("help", "a title", guess.titled(voice, "churn", [cast.CHURN, cast.NPS]))
        for word in _words(admin=True):
            yield Example("help", f"about {word.name}", about(voice, word))


def _words(*, admin: bool) -> Sequence[Word]:
    from bot.flows import words  # the flows' own list, which this flow is part of

    known = {word.name: word for _, word in words().values()}
    return [word for word in known.values() if admin or not word.admin]


def overview(voice: Voice, words: Sequence[Word]) -> Card:
    """All words in groups, a few words on each."""
    blocks: list[Block] = []
    for group, own in _grouped(words).items():
        if own:
            blocks.append(Text(tuple(_line(voice, group, own))))
    blocks.append(Text(voice.spans("help.more"), "quiet"))
    return Card(voice.line("help.title"), tuple(blocks))


def _grouped(words: Sequence[Word]) -> Mapping[str, Sequence[Word]]:
    known = {word.name: word for word in words}
    placed = {name for group in GROUPS.values() for name in group}
    last = [*GROUPS][-1]
    return {
        group: [
            *(known[name] for name in own if name in known),
            *(word for word in words if group == last and word.name not in placed),
        ]
        for group, own in GROUPS.items()
    }


def _line(voice: Voice, group: str, words: Sequence[Word]) -> Iterator[Span]:
    yield from voice.spans(f"help.group_{group}")
    for n, word in enumerate(words):
        yield Words(" · " if n else " ")
        yield from voice.spans(f"help.{word.texts}")


def about(voice: Voice, word: Word) -> Card:
    """One word: a short paragraph and an example."""
    blocks = voice.blocks(f"help.{word.texts}_more")
    if word.admin:
        blocks += (Text(voice.spans("help.admins"), "quiet"),)
    return Card(voice.line("help.about_title", word=word.name), blocks, tuple(_try(voice, word)))


def _try(voice: Voice, word: Word) -> Iterator[Button]:
    if word.reads and word.name not in ("help", "@"):
        yield Button(voice.line("help.try"), action("help", "word", word.name))
    if word.name != "help":
        yield Button(voice.line("help.all"), action("help", "word", "help"))


flow = Help()
