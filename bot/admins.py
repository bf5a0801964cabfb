"""The no to whoever is not an admin: whom to ask instead."""

from bot.chat.replies import Say
from bot.flow import Turn
from storage import people

SHOWN = 5


def only(turn: Turn, word: str) -> Say:
    """This word is for admins, and these are they."""
    names = sorted(person.name for person in people.admins(turn.session))
    return turn.say(
        "hear.admins_only_title", "hear.admins_only", word=word, names=", ".join(names[:SHOWN])
    )
