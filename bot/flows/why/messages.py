"""Why somebody got a message: its reason, what sets when it comes, and how to get fewer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.chat.cards import Block, Bullets, Card, Spans, Text
from bot.chat.replies import Reply, Say
from bot.flow import Forgotten, Turn
from bot.texts import Voice, sentence
from storage import letters, teams
from storage.letters import TOLD, Letter

FEW = 5
KNOWN = (*TOLD, "summary")


@dataclass(frozen=True)
class Sent:
    """A message that was sent: its title, when, of what kind, and why."""

    title: str
    at: datetime
    kind: str
    why: str


def mine(turn: Turn) -> Sequence[Sent]:
    """What I was sent last without having asked for it."""
    return [_sent(turn.voice, letter) for letter in letters.received(turn.session, turn.me, FEW)]


def of_key(turn: Turn, key: str) -> Reply:
    """The message with this key; of a message to somebody only they may ask."""
    letter = letters.by_key(turn.session, key)
    if letter is None or letter.kind not in KNOWN or letter.person_id not in (None, turn.me):
        raise Forgotten(key[:80])
    return Say(card(turn.voice, _sent(turn.voice, letter), *_budget(turn)))


def here(turn: Turn) -> Reply | None:
    """What was posted last where somebody asks; None where that is no team's channel."""
    at = turn.at
    own = teams.at_address(turn.session, at.platform, at.workspace, at.address)
    letter = letters.posted(turn.session, {c.team_id for c in own}, at.address) if own else None
    return None if letter is None else Say(card(turn.voice, _sent(turn.voice, letter)))


def _budget(turn: Turn) -> tuple[int, int]:
    """How much of their week's budget is spent, and how much there is."""
    term = turn.term
    spent = letters.taken(turn.session, turn.me, term.cycle_id, term.week or 0)
    return spent, term.organisation.unasked_per_week


def _sent(voice: Voice, letter: Letter) -> Sent:
    from bot.flows import flows  # the flows' own list, which this flow is part of

    flow = flows().get(letter.flow)
    why = flow.because(voice, letter) if flow else voice.line("notes.because", kind=letter.kind)
    return Sent(_title(letter), letter.sent_at or letter.due_at, letter.kind, why)


def _title(letter: Letter) -> str:
    """What it was called when it was sent."""
    shown = msgspec.json.decode(letter.card or "{}", type=dict)
    return str(shown.get("title") or letter.flow)


def card(voice: Voice, sent: Sent, spent: int = 0, most: int = 0) -> Card:
    """One message explained; a post in a channel spends nobody's budget."""
    title = "why.post_title" if sent.kind == "summary" else "why.message_title"
    blocks: list[Block] = [
        voice.text("why.of", title=sent.title, when=voice.moment(sent.at)),
        voice.text("why.sentence", why=sentence(sent.why)),
        voice.text(f"why.governs_{sent.kind}"),
    ]
    if most:
        blocks.append(voice.text("why.budget", count=spent, most=most))
    blocks.append(Text(voice.spans(f"why.fewer_{sent.kind}"), "quiet"))
    return Card(voice.line(title), tuple(blocks))


def listed(voice: Voice, sent: Sequence[Sent], budget: tuple[int, int]) -> Iterator[Block]:
    """My last messages, each with its reason in a line."""
    yield from voice.blocks("why.heading_messages")
    if not sent:
        yield from voice.blocks("why.no_messages")
        return
    yield Bullets(tuple(_line(voice, one) for one in sent))
    yield Text(voice.spans("why.budget", count=budget[0], most=budget[1]), "quiet")


def _line(voice: Voice, sent: Sent) -> Spans:
    return voice.spans(
        "why.message", title=sent.title, when=voice.moment(sent.at), why=sentence(sent.why)
    )


def given(turn: Turn) -> tuple[Sequence[Sent], tuple[int, int]]:
    """My last messages and my week's budget, in two statements."""
    return mine(turn), _budget(turn)


SAMPLES: Mapping[str, str] = {
    "ask": "checkin.because_ask",
    "reminder": "checkin.because_reminder",
    "digest": "digest.because_company",
    "flag": "flag.because",
    "notice": "digest.because_helped",
    "summary": "digest.because_summary",
}
"""A reason for each kind of message, for examples."""


def samples(voice: Voice, at: datetime) -> Sequence[Sent]:
    """One message of each kind."""
    return [
        Sent(voice.line("checkin.title", week=5), at, kind, voice.line(because))
        for kind, because in SAMPLES.items()
    ]
