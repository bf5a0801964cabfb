"""How something is drawn: for which workspace, in which language, with charts or without."""

from msgspec import Struct

from adapters.slack.words import ENGLISH, Words


class Pen(Struct, frozen=True):
    """`native` where Slack's own charts and tables may be used: in messages, never in views."""

    workspace: str = ""
    native: bool = False
    words: Words = ENGLISH
