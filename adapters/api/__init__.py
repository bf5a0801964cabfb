"""How a company's own systems give figures and fetch what is kept: HTTP, JSON and tokens."""

from adapters.api.adapter import Api
from adapters.api.settings import read
from bot.chat.adapter import Gate
from bot.chat.stage import Stage


def create(stage: Stage) -> Gate:
    """The API, with its settings from the environment.

    Raises ValueError, in words for an admin, where a setting is wrong.
    """
    del stage  # it asks for nobody and no clock
    return Api(read())
