"""One rule that speaks up, and how that is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.chat.cards import Block, Button, Buttons, Divider, Text, Words
from bot.flow import action, opens
from bot.method import lint
from bot.method.lint import Rule, Spoken
from bot.texts import Voice, brief

Thing: TypeAlias = Literal["objective", "key_result", "set"]
Key: TypeAlias = tuple[str, int, str]
SHOWN = 5
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Found:
    """One rule that speaks up about one thing of a team."""

    team_id: int
    thing: Thing
    thing_id: int
    title: str
    spoken: Spoken
    owner_id: int | None = None

    @property
    def rule(self) -> Rule:
        """Which rule."""
        return self.spoken.rule

    @property
    def key(self) -> Key:
        """What it is kept under."""
        return self.thing, self.thing_id, self.rule

    @property
    def of_set(self) -> bool:
        """Whether it is for who leads the team: it is about how drafts stand together."""
        return self.rule in lint.OF_SETS


def reason(voice: Voice, spoken: Spoken) -> str:
    """Why the rule speaks up."""
    return voice.line(f"lint.{spoken.rule}", **spoken.values)


def example(voice: Voice, rule: Rule) -> str:
    """What is weak, and what is better."""
    weak, better = voice.line(f"lint.weak_{rule}"), voice.line(f"lint.better_{rule}")
    return voice.line("lint.example", weak=weak, better=better)


def told(voice: Voice, found: Sequence[Found]) -> tuple[Block, ...]:
    """What is said of one thing before its form: reasons and examples."""
    return tuple(block for each in found[:SHOWN] for block in _said(voice, each, titled=False))


def shown(voice: Voice, found: Sequence[Found], *, titled: bool = True) -> tuple[Block, ...]:
    """Each with its reason, a weak and a better example, and what one can do.

    `titled`: each names what it is about and leads to its form, where a card is not about that
    alone.
    """
    blocks: list[Block] = []
    for each in found[:SHOWN]:
        blocks += _said(voice, each, titled=titled)
        blocks.append(Buttons(_buttons(voice, each, edits=titled)))
    if len(found) > SHOWN:
        blocks.append(voice.text("lint.more", count=len(found) - SHOWN))
    return tuple(blocks)


def noted(voice: Voice, found: Sequence[Found]) -> tuple[Block, ...]:
    """What is said of the one thing that a card shows, under a line that says how much it is."""
    if not found:
        return ()
    heading = voice.text("lint.heading", count=len(found))
    return (Divider(), heading, *shown(voice, found, titled=False))


def question(voice: Voice, title: str) -> tuple[Block, ...]:
    """The one question that is asked of an objective and not judged."""
    return voice.blocks(f"lint.{lint.ASKED}", title=title)


def short(title: str) -> str:
    """A title that is named beside others."""
    return brief(title, LONGEST_TITLE)


def _said(voice: Voice, found: Found, *, titled: bool) -> Iterable[Block]:
    why = reason(voice, found.spoken)
    if titled:
        yield voice.text("lint.about", title=short(found.title), reason=why)
    else:
        yield Text((Words(why),))
    yield Text((Words(example(voice, found.rule)),), "quiet")


def _buttons(voice: Voice, found: Found, *, edits: bool) -> tuple[Button, ...]:
    leave = opens(
        voice.line("lint.leave"),
        action("lint", "dismiss", found.thing, found.thing_id, found.rule),
        about=found.title,
    )
    if found.thing == "set" or not edits:
        return (leave,)
    if found.rule == "few_key_results":
        label, meaning = "lint.add_one", action("add", "kr", "", "", found.thing_id)
    else:
        form = "kr" if found.thing == "key_result" else "objective"
        label, meaning = "lint.edit", action("edit", form, found.thing_id)
    return (opens(voice.line(label), meaning, about=found.title), leave)
