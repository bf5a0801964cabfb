"""A whole chat platform played by one page: the demo, the admin's preview, the test double."""

from adapters.web.adapter import Web
from adapters.web.settings import read
from bot.chat.adapter import Adapter
from bot.chat.stage import Stage


def create(stage: Stage) -> Adapter:
    """The page, with its settings from the environment.

    Raises ValueError, in words for an admin, where a setting is wrong.
    """
    return Web(stage, read())
