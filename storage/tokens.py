"""Keys by which a company's own systems give readings and values; only their hashes are kept."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Token(SQLModel, table=True):
    """`digest` is the SHA-256 of the token, in hex; `scopes` are words separated by spaces."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    digest: str = Field(unique=True)
    scopes: str
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
