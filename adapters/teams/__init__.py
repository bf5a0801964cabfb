"""Microsoft Teams: personal chats, channels and group chats, cards, dialogs, by HTTP."""

from bot.chat.adapter import Adapter
from bot.chat.stage import Stage


def create(_: Stage) -> Adapter:
    """Teams, with its settings from the environment.

    Raises ValueError, in words for an admin, where a setting is missing or wrong.
    """
    from adapters.teams.adapter import Teams  # its verbs need nothing of botbuilder
    from adapters.teams.settings import read

    return Teams(read())
