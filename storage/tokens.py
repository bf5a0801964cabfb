"""Keys by which a company's own systems give readings and values; only their hashes are kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select


class Token(SQLModel, table=True):
    """`digest` is the SHA-256 of the token, in hex; `scopes` are words separated by spaces."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    digest: str = Field(unique=True)
    scopes: str
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


def by_digest(session: Session, digest: str) -> Token | None:
    """The token with this hash, revoked or not."""
    return session.exec(select(Token).where(Token.digest == digest)).first()


def by_name(session: Session, name: str) -> Token | None:
    """The token of this name, revoked or not."""
    return session.exec(select(Token).where(Token.name == name)).first()


def tokens(session: Session) -> Sequence[Token]:
    """Every token there was, by name."""
    return session.exec(select(Token).order_by(col(Token.name))).all()
