"""What a modal carries unseen: what it is for, and where its answer goes."""

import msgspec
from msgspec import Struct

from adapters.slack.events import Where
from adapters.slack.limits import METADATA, size
from adapters.slack.payloads import Misshapen


class Meta(Struct, frozen=True, omit_defaults=True):
    """`private_metadata`, in short names because it is short."""

    action: str = msgspec.field(name="a", default="")
    page: int = msgspec.field(name="p", default=0)
    pages: int = msgspec.field(name="n", default=1)
    kept: str = msgspec.field(name="k", default="")
    channel: str = msgspec.field(name="c", default="")
    thread: str = msgspec.field(name="t", default="")
    url: str = msgspec.field(name="u", default="")
    home: bool = msgspec.field(name="h", default=False)

    @classmethod
    def of(cls, action: str, where: Where, page: int = 0, pages: int = 1, kept: str = "") -> "Meta":
        """For a form with this action, asked for there."""
        return cls(action, page, pages, kept, where.channel, where.thread, where.url, where.home)

    @classmethod
    def read(cls, text: str) -> "Meta":
        """From a view. Raises Misshapen."""
        try:
            return msgspec.json.decode(text or "{}", type=cls)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise Misshapen(str(error)) from None

    def text(self) -> str:
        """For a view; the address for a late answer is left out where there is no room for it."""
        text = msgspec.json.encode(self).decode()
        if size(text) > METADATA:
            text = msgspec.json.encode(msgspec.structs.replace(self, url="")).decode()
        return text

    def where(self, user: str, view: str = "", trigger: str = "") -> Where:
        """Where the answer of this person goes."""
        return Where(user, self.channel, self.thread, self.url, trigger, view, self.home)
