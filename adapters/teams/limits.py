"""What Teams takes at most, said once; bytes are counted in UTF-16, as Teams counts them.

A message above 100 KB is refused, and Microsoft asks for less than 80.
"""

from typing import Any, TypeAlias
from urllib.parse import urlsplit

import msgspec

Json: TypeAlias = dict[str, Any]

CARD = 62_000
"""Bytes for a card and its text; the rest is for the envelope and what buttons carry besides."""
PIECE = 20_000
"""Bytes of elements that stay together, beside which their text has room too."""
ACTIONS = 6
ROW = 60
FRAME = 6
"""Signs that stand beside each other in a narrow window, and what a button's frame takes."""
BUTTON = 60
"""Signs that a button shows in a narrow window; what is longer also stands above it, in full,
as does a question that it asks first and that is longer than `QUESTION`."""
QUESTION = 500
ACTION = 1000
URL = 2000

TABLE_COLUMNS = 6
TABLE_ROWS = 30
CHART_POINTS = 53
CHART_SERIES = 6
CHART_LABEL = 30

EXPANDED = 5
"""So many options stand below each other; up to `BOXES` boxes do."""
COMPACT = 10
BOXES = 12
LIST = 14_000
"""Bytes for the options of one list, for whatever stands around it the following."""
TITLE, INTRO, LABEL, HINT, ABOVE, PROBLEMS = 3000, 12_000, 5000, 5000, 10_000, 6000
PROBLEM = 500
"""What is wrong with one answer takes about so many bytes."""
FIELD = 400
"""Signs of an input's label; a longer one stands above it in full."""
QUESTIONS = 24
"""Questions on one card, as long as they are light enough."""
TYPED = 6000
"""Signs of what somebody typed that are shown to them again."""


def weight(value: object) -> int:
    """How many bytes this takes in a message."""
    text = msgspec.json.encode(value).decode()
    return 2 * len(text) if text.isascii() else len(text.encode("utf-16-le"))


def short(text: str, most: int) -> str:
    """The text, or its beginning with "…" where it is longer than `most`."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def leads(url: str) -> bool:
    """Whether Teams can follow this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.netloc) and len(url) <= URL
