"""Slack: direct messages, channels, modals and the App Home, by Socket Mode or by HTTP."""

from bot.chat.adapter import Adapter
from bot.chat.stage import Stage


def create(_: Stage) -> Adapter:
    """Slack, with its settings from the environment.

    Raises ValueError, in words for an admin, where a setting is missing or wrong.
    """
    from adapters.slack.adapter import Slack  # its verbs need nothing of Slack's kit
    from adapters.slack.settings import read

    return Slack(read())
