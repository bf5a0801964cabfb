"""The cards of `export`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot import cast
from bot.chat.cards import Block, Button, Card, Fact, Facts, File, Text, Words
from bot.chat.stage import Example
from bot.flow import action
from bot.outside import exporting
from bot.texts import Voice
from storage.exporting import Line
from storage.people import Person

PAGE = 10
COLUMNS = Line._fields


def summary(
    voice: Voice, counts: Mapping[str, int], person: Person, *, fetched: bool = False
) -> Card:
    """How much is kept, and how to get it: as files where they can be fetched."""
    facts = tuple(
        Fact(voice.line(f"export.{kind}"), (Words(voice.number(count)),))
        for kind, count in counts.items()
        if count
    )
    blocks: list[Block] = [*voice.blocks("export.mine" if facts else "export.nothing")]
    if facts:
        blocks.append(Facts(facts))
    blocks += voice.blocks("export.fetched" if fetched else "export.whole", email=person.email)
    if person.admin and not fetched:
        blocks += voice.blocks("export.everything")
    buttons = (Button(voice.line("export.show"), action("export", "page", 1), "primary"),)
    title = voice.line("export.title")
    files = tuple(_files(voice, person)) if fetched else ()
    return Card(title, tuple(blocks), buttons if counts.get("updates") else (), files=files)


def _files(voice: Voice, person: Person) -> Iterator[File]:
    """Mine, and everything for admins."""
    for name in (*exporting.OWN, *(exporting.EVERYTHING if person.admin else ())):
        yield File(voice.line(f"export.file_{re.sub('[^a-z]', '_', name)}"), name)


def page(voice: Voice, lines: Sequence[Line], number: int, pages: int) -> Card:
    """Some lines of CSV, the newest first."""
    blocks: list[Block] = [*voice.blocks("export.lines" if lines else "export.no_lines")]
    blocks += [Text((Words(text, code=True),)) for text in written(lines)]
    title = voice.line("export.page", page=number, pages=pages)
    return Card(title, tuple(blocks), tuple(_turning(voice, number, pages)))


def written(lines: Sequence[Line]) -> Iterator[str]:
    """The headings and each line, as CSV on one line each."""
    if lines:
        yield ",".join(COLUMNS)
    for line in lines:
        yield exporting.row(line)


def _turning(voice: Voice, number: int, pages: int) -> Iterator[Button]:
    if number > 1:
        yield Button(voice.line("export.newer"), action("export", "page", number - 1))
    if number < pages:
        yield Button(voice.line("export.older"), action("export", "page", number + 1), "primary")


def examples(voice: Voice) -> Iterable[Example]:
    """Bob's and Alice's, little, much and hostile."""
    counts = {"key_results": 4, "updates": 13, "checkins": 4, "commitments": 9, "blockers": 1,
              "readings": 2, "kudos": 3}  # fmt: skip
    quarter = cast.CYCLE.name
    lines = [
        Line(quarter, said.week, said.key_result_id, "Raise NPS", said.value, said.confidence,
             said.note)
        for own in cast.HISTORY.values()
        for said in own
    ]  # fmt: skip
    hostile = Line(quarter, 5, 1, cast.HOSTILE, 41.5, None, f'=1+1 {cast.HOSTILE}\n“x”, "y"')
    shown = (
        ("mine", summary(voice, counts, cast.BOB)),
        ("an admin's", summary(voice, counts, cast.ALICE)),
        ("files to fetch", summary(voice, counts, cast.ALICE, fetched=True)),
        ("nothing yet", summary(voice, dict.fromkeys(counts, 0), cast.DANA)),
        ("lines", page(voice, lines[:PAGE], 1, 2)),
        ("the last lines", page(voice, lines[:1], 2, 2)),
        ("no lines", page(voice, (), 1, 1)),
        ("hostile lines", page(voice, [hostile] * PAGE, 1, 1)),
    )
    return (Example("export", name, card) for name, card in shown)
