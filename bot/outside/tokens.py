"""Keys for a company's own systems: made once, shown once, kept as hashes, and taken back."""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal, TypeAlias, get_args

from sqlmodel import Session

from storage import audit, tokens
from storage.tokens import Token

Scope: TypeAlias = Literal["readings", "values", "export"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "okr_"
USED_AGAIN = timedelta(minutes=1)
NAME = re.compile(r"[\w.-]{1,60}")


class NoSuch(ValueError):
    """What was asked for cannot be done, in words for an admin."""


def make(session: Session, name: str, scopes: Collection[str], now: datetime) -> str:
    """A new token, which nobody can look up again. Raises NoSuch, in words."""
    if not NAME.fullmatch(name):
        raise NoSuch("Name a token in letters, digits, “-”, “_” and “.”, such as data-warehouse.")
    wrong = sorted(set(scopes) - set(SCOPES))
    if wrong or not scopes:
        said = f"There is no scope “{wrong[0]}”" if wrong else "A token needs a scope"
        raise NoSuch(f"{said}: use {', '.join(SCOPES)}.")
    if tokens.by_name(session, name) is not None:
        raise NoSuch(f"There is a token called {name} already, perhaps a revoked one.")
    secret = PREFIX + secrets.token_urlsafe(32)
    own = [scope for scope in SCOPES if scope in scopes]
    row = Token(name=name, digest=digest(secret), scopes=" ".join(own), made_at=now)
    session.add(row)
    session.flush()
    _note(session, row, now, before=None)
    return secret


def revoke(session: Session, name: str, now: datetime) -> Token:
    """Take a token back for good. Raises NoSuch, in words."""
    row = tokens.by_name(session, name)
    if row is None:
        raise NoSuch(f"There is no token called {name}: okr token list shows all.")
    before = _shown(row)
    row.revoked_at = row.revoked_at or now
    session.add(row)
    _note(session, row, now, before=before)
    return row


def digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def of(session: Session, wanted: str) -> Token | None:
    """The token with this hash, unless it was revoked."""
    row = tokens.by_digest(session, wanted)
    if row is None or not compare_digest(row.digest, wanted) or row.revoked_at is not None:
        return None
    return row


def used(session: Session, row: Token, now: datetime) -> None:
    """Keep when a token was used last, to the minute."""
    if row.used_at is None or now - row.used_at >= USED_AGAIN:
        row.used_at = now
        session.add(row)


def _note(session: Session, row: Token, now: datetime, before: dict[str, object] | None) -> None:
    after = _shown(row)
    audit.note(session, now, "token", row.name, how="command", before=before, after=after)


def _shown(row: Token) -> dict[str, object]:
    """A token without its hash."""
    return {name: value for name, value in audit.fields(row).items() if name != "digest"}
