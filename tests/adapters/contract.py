"""What every platform's tests bring, so that one suite can hold them all to the same promises.

A new adapter joins by existing: `tests/adapters/<name>/bench.py` offers two names,

    looks: Looks                                        how the adapter draws, without any platform
    bench(folder: Path) -> AsyncContextManager[Bench]   the adapter on a platform that is played

and takes part in `test_contract.py` (how it draws), `test_sending.py`, `test_talking.py` and the
golden files. Where a docstring says "words" it means text as a reader takes it, blanks and line
breaks aside.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, cast

from msgspec import Struct

from adapters import GATES
from bot.chat.adapter import Adapter, Handle, Keep
from bot.chat.cards import Card
from bot.chat.events import Values
from bot.chat.forms import Form
from bot.chat.who import Actor, Destination

HERE = Path(__file__).parent
PATIENCE = 10.0

State: TypeAlias = Literal["busy", "gone", "dropped before", "dropped after"]
"""What may be the matter with a platform when a message is sent to it.

"busy" refuses for now (a rate limit, a lock); "gone" refuses for good, although the address was
good before (the account or the channel is switched off); "dropped before" ends the connection
without having kept the message; "dropped after" has kept it and ends the connection before it says
so.
"""


class Looks(Protocol):
    """How an adapter draws. Nothing here asks a platform, a clock or chance."""

    extension: str
    """How the names of its golden files end, without the dot: "html", "json"."""

    def drawn(self, card: Card) -> str:
        """The card exactly as the platform receives it, all of its parts."""
        ...

    def asked(self, form: Form) -> str:
        """The form exactly as the platform receives it, all of its pages."""
        ...

    def golden(self, shown: Card | Form) -> str:
        """What is drawn or asked, for people to review: one element a line, indented, ending in a
        newline, no sign in it that cannot be seen, and nothing left out."""
        ...

    def says(self, shown: Card | Form) -> str:
        """All the text that a reader can get at, over all parts and pages: what is shown, labels
        and what was filled in, and what stands behind a press ("more", the question that a button
        asks first). A newline wherever one element ends and another begins."""
        ...

    def aloud(self, card: Card) -> str:
        """The plain text of the card for a notification or a screen reader: complete alone."""
        ...

    def inert(self, drawn: str, typed: str) -> bool:
        """Whether what was typed stands in what was drawn or asked, and means nothing but itself:
        it tells nobody, leads nowhere, styles nothing, runs nothing."""
        ...

    def within_limits(self, shown: Card | Form) -> list[str]:
        """What the platform would refuse in it, in words that name the element and the limit.

        The judge is the platform's documentation or somebody else's code, never the adapter.
        """
        ...


class Sheet(Struct, frozen=True):
    """A form as it stands open before somebody.

    `values` are what stands in its fields by question; `problems` the words beside a question,
    under "" those that belong to none. Both over all pages: where a platform shows them one after
    another, the bench looks at each.
    """

    title: str
    values: Values
    problems: Mapping[str, str]


class Seen(Struct, frozen=True):
    """What an act of somebody's has brought before their eyes.

    `said` is the text of the messages, notices (also one inside an open form) and home that are
    new to them, "" where there are none; what they typed themselves does not count. `buttons` are
    the labels on those, in order; `form` is what stands open now, if anything.
    """

    said: str = ""
    buttons: tuple[str, ...] = ()
    form: Sheet | None = None


class Visitor(Protocol):
    """Somebody on the platform. Each act reaches the running adapter as the platform's own raw
    event and returns when the answer to it is there to be seen, or none will come."""

    @property
    def actor(self) -> Actor:
        """Their account, as the adapter should name it."""
        ...

    @property
    def dm(self) -> Destination:
        """Their own conversation with the bot, as the adapter should name it."""
        ...

    async def types(self, text: str, at: Destination) -> Seen:
        """Writes this to the bot: plainly in their own conversation, calling it by its name or
        command elsewhere."""
        ...

    async def repeats(self) -> Seen:
        """The platform delivers what they typed last once more, the same in every byte that tells
        events apart, as it does when an answer was lost."""
        ...

    async def presses(self, label: str, at: Destination | None) -> Seen:
        """Presses the newest button with this label that they see there; None is their home."""
        ...

    async def opens_home(self) -> Seen:
        """Looks at the bot's home; `said` is all that stands there."""
        ...

    async def sends(self, values: Values) -> Seen:
        """Fills these answers into the form that stands open, leaves every other field as it is,
        walks all pages and sends it.

        Text is as typed; a choice is its option's value; a person the value of somebody offered.
        """
        ...

    async def reads(self, at: Destination) -> list[str]:
        """The text of every message that they see there, oldest first, whoever wrote it."""
        ...


class Bench(Protocol):
    """One adapter on a platform that is played by the test."""

    @property
    def adapter(self) -> Adapter: ...

    @property
    def alice(self) -> Visitor:
        """Alice Berg, whose e-mail address the platform has verified."""
        ...

    @property
    def bob(self) -> Visitor:
        """Bob Chen, who is in the channel too."""
        ...

    @property
    def known(self) -> str:
        """Alice's e-mail address."""
        ...

    @property
    def home(self) -> Destination:
        """Somewhere a message can be sent: Alice's own conversation."""
        ...

    @property
    def channel(self) -> Destination:
        """Somewhere Alice and Bob both read and the bot may write."""
        ...

    @property
    def nowhere(self) -> Destination:
        """Somewhere of this platform that takes no message."""
        ...

    async def posted(self, to: Destination) -> list[str]:
        """The messages that Alice sees there, oldest first, each as the platform keeps it, without
        those in threads."""
        ...

    async def thread(self, to: Destination, id: str) -> list[str]:
        """The answers under a message."""
        ...

    async def remove(self, to: Destination, id: str) -> bool:
        """Deletes a message as its readers or the platform could; False where nobody can."""
        ...

    def platform_is(self, state: State) -> AbstractAsyncContextManager[None] | None:
        """While it is entered, sending to `home` meets this state; None where this platform
        cannot be in it. What was kept in it stays when it is left."""
        ...

    async def ready(self) -> None:
        """Returns once the adapter, which `run` has just started, hears what visitors do."""
        ...

    async def throws(self, body: bytes) -> int:
        """Sends these bytes in place of an event, by the running adapter's entrance and with all
        that the platform adds (a signature, headers): the HTTP status of the answer, or 0 where
        the entrance gives none."""
        ...

    def misconfigured(self) -> Adapter:
        """Another adapter of this kind that was set up wrongly, for `check` to find out."""
        ...


@asynccontextmanager
async def listening(bench: Bench, handle: Handle, keep: Keep) -> AsyncIterator[None]:
    """The adapter running before this bot; stopped, within seconds, on leaving."""
    running = asyncio.create_task(bench.adapter.run(handle, keep))
    ready = asyncio.create_task(bench.ready())
    try:
        await asyncio.wait({running, ready}, timeout=PATIENCE, return_when="FIRST_COMPLETED")
        if running.done():
            await running
        assert ready.done(), "the adapter runs, but nothing reaches it"
        yield
    finally:
        ready.cancel()
        running.cancel()
        async with asyncio.timeout(PATIENCE):
            with suppress(asyncio.CancelledError):
                await running


def names() -> list[str]:
    """Every adapter that brings a bench."""
    return sorted(path.parent.name for path in HERE.glob("*/bench.py"))


def adapters() -> list[str]:
    """Every adapter there is whose users are people: nothing is drawn or sent through a gate."""
    spec = find_spec("adapters")
    folder = Path(cast(str, spec.origin if spec else "")).parent
    every = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert every >= {*GATES}
    return sorted(every - {*GATES})


def looks(name: str) -> Looks:
    """How this adapter draws."""
    return cast(Looks, import_module(f"tests.adapters.{name}.bench").looks)


def bench(name: str, folder: Path) -> AbstractAsyncContextManager[Bench]:
    """The bench of this adapter; `folder` is empty and its own."""
    module = import_module(f"tests.adapters.{name}.bench")
    return cast("AbstractAsyncContextManager[Bench]", module.bench(folder))
