"""Short verbs that write, each in one transaction: by the bot that runs, or by the verb itself."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session

from bot.commands.rooms import database_file, opened
from bot.outside import privacy, tokens
from bot.settings import read_settings
from storage.handing import Payload, ask, socket_of


def done(verb: str, payload: Payload, now: Callable[[], datetime]) -> Payload:
    """Have a short verb done, by the bot that holds the SQLite file or else right here."""
    file = database_file(read_settings())
    by_the_bot = ask(socket_of(file), verb, payload) if file is not None else None
    if by_the_bot is not None:
        return by_the_bot
    with opened(now) as database:
        return database.write_now(
            lambda session: WRITING[verb](session, payload, now()), patience=None
        )


def _token_make(session: Session, payload: Payload, now: datetime) -> Payload:
    return {"secret": tokens.make(session, payload["name"], payload["scopes"], now)}


def _token_revoke(session: Session, payload: Payload, now: datetime) -> Payload:
    return {"name": tokens.revoke(session, payload["name"], now).name}


def _person_erase(session: Session, payload: Payload, now: datetime) -> Payload:
    return {"name": privacy.erase(session, payload["email"], now)}


WRITING: Mapping[str, Callable[[Session, Payload, datetime], Payload]] = {
    "token make": _token_make,
    "token revoke": _token_revoke,
    "person erase": _person_erase,
}
"""What each does."""
