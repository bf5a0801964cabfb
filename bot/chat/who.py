"""Who and where, as platforms name them."""

from msgspec import Struct


class Actor(Struct, frozen=True):
    """An account on a platform: one person may have several."""

    platform: str
    workspace: str
    id: str


class Destination(Struct, frozen=True):
    """A place a message can be sent to. Only that platform's adapter can read the address.

    `workspace` is the bucket by which the platform limits the rate of sending.
    """

    platform: str
    workspace: str
    address: str
