"""Microsoft Teams: personal chats, channels and group chats, cards, dialogs, by HTTP."""

from adapters.teams.adapter import Teams
from adapters.teams.settings import read
from bot.chat.adapter import Adapter
from bot.chat.stage import Stage


def create(_: Stage) -> Adapter:
    """Teams, with its settings from the environment.

    Raises ValueError, in words for an admin, where a setting is missing or wrong.
    """
    return Teams(read())
