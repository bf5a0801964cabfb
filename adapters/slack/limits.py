"""What Slack takes at most, said once; lengths in UTF-16 units, the larger of the ways to count.

One block beyond a limit and Slack refuses the whole message.
"""

from urllib.parse import urlsplit

BLOCKS_OF_MESSAGE = 50
BLOCKS_OF_VIEW = 100
CHARTS_OF_MESSAGE = 2
TABLES_OF_MESSAGE = 1
MESSAGE_TEXT = 4000
VIEW_BYTES = 250_000
METADATA = 3000
ID = 255

TEXT = 3000
HEADER = 150
LABEL = 2000
HINT = 2000
VIEW_TITLE = 24
VIEW_BUTTON = 24

BUTTONS = 25
BUTTON = 75
BUTTON_VALUE = 2000
URL = 3000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

OPTIONS = 100
BOXES = 10
OPTION = 75
OPTION_VALUE = 150

TABLE_ROWS = 100
TABLE_COLUMNS = 20

CHART_TITLE = 50
CHART_LABEL = 20
CHART_POINTS = 20
CHART_SERIES = 6


def size(text: str) -> int:
    """How long a text is for Slack."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def short(text: str, most: int) -> str:
    """The text, or its beginning with "…" where it is longer than `most`."""
    if size(text) <= most:
        return text
    return f"{text[: fitting(text, most - 1)].rstrip()}…"


def fitting(text: str, most: int) -> int:
    """How many signs of the text are not longer than `most`."""
    end = min(len(text), most)
    while size(text[:end]) > most:
        end -= 1
    return end


def leads(url: str) -> bool:
    """Whether Slack can follow this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.netloc) and size(url) <= URL
