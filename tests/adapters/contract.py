"""What every platform's tests bring, so that one suite can hold them all to the same promises."""

from contextlib import AbstractAsyncContextManager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from bot.chat.adapter import Adapter
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.who import Destination

HERE = Path(__file__).parent


class Bench(Protocol):
    """One adapter on a platform that is played by the test.

    A platform's tests offer it as `tests/adapters/<name>/bench.py` with a function
    `bench(folder: Path) -> AsyncContextManager[Bench]`, and take part by being there.
    """

    @property
    def adapter(self) -> Adapter: ...

    @property
    def home(self) -> Destination:
        """Somewhere a message can be sent."""
        ...

    @property
    def nowhere(self) -> Destination:
        """Somewhere of this platform that takes no message."""
        ...

    @property
    def known(self) -> str:
        """The e-mail address of somebody on the platform."""
        ...

    def drawn(self, card: Card) -> str:
        """The card as the platform receives it."""
        ...

    def asked(self, form: Form) -> str:
        """The form as the platform receives it."""
        ...

    def inert(self, drawn: str, typed: str) -> bool:
        """Whether what was typed stands in what was drawn, and means nothing but itself."""
        ...

    async def posted(self, to: Destination) -> list[str]:
        """The messages that a reader sees there, oldest first, each as the platform keeps it."""
        ...

    async def thread(self, to: Destination, id: str) -> list[str]:
        """The answers under a message."""
        ...


def names() -> list[str]:
    """Every adapter that brings a bench."""
    return sorted(path.parent.name for path in HERE.glob("*/bench.py"))


def adapters() -> list[str]:
    """Every adapter there is."""
    spec = find_spec("adapters")
    folder = Path(cast(str, spec.origin if spec else "")).parent
    return sorted(path.parent.name for path in folder.glob("*/__init__.py"))


def bench(name: str, folder: Path) -> AbstractAsyncContextManager[Bench]:
    """The bench of this adapter."""
    module = import_module(f"tests.adapters.{name}.bench")
    return cast("AbstractAsyncContextManager[Bench]", module.bench(folder))
