"""A typed text inside an action, where a colon would part it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from bot.flow import Malformed

LONGEST = 300
"""What fits into a button of every platform."""


def pack(text: str) -> str:
    """The text as letters, digits, "-" and "_"."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(packed: str) -> str:
    """The text again. Raises Malformed, which is a ValueError, where it is none."""
    try:
        return urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        raise Malformed(packed[:80]) from None
