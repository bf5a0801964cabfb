"""What is sent to the API: read strictly, and refused with the field that is at fault."""

import hashlib
import re
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar, cast, get_args

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.chat.events import Reported, Requested, Table
from bot.chat.who import Actor

Number: TypeAlias = Annotated[
    float, Meta(ge=-1e15, le=1e15, description="A finite number, in the unit of what it measures.")
]
Day: TypeAlias = Annotated[date, Meta(description="The day it was true; today if left out.")]
Confidence: TypeAlias = Annotated[
    float, Meta(ge=1, le=10, multiple_of=1, description="What its owner believes, 1 to 10.")
]
"""A whole number, which JSON may also write as 7.0."""
TABLES: tuple[Table, ...] = get_args(Table)
BEARER = re.compile(r"bearer +([!-~]+)", re.IGNORECASE)
KEY = re.compile(r"[!-~]{1,255}")


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """One day's value of a KPI."""

    value: Number
    day: Day | UnsetType = UNSET
    at: (
        Annotated[
            datetime,
            Meta(tz=True, description="The moment it was true, with its zone, instead of “day”."),
        ]
        | UnsetType
    ) = UNSET


class Value(Struct, frozen=True, forbid_unknown_fields=True):
    """What a key result has come to, in a week that is not closed."""

    value: Number
    confidence: Confidence | UnsetType = UNSET
    note: (
        Annotated[str, Meta(max_length=500, description="What changed, in one line.")] | UnsetType
    ) = UNSET
    day: Day | UnsetType = UNSET


READING, VALUE = Decoder(Reading), Decoder(Value)
Sent = TypeVar("Sent", Reading, Value)


class Bad(Exception):
    """A request that never reaches the bot: its status, a word for programs and one for people."""

    def __init__(self, status: int, error: str, words: str, field: str = "") -> None:
        super().__init__(words)
        self.status, self.error, self.field = status, error, field


def actor(authorization: str) -> Actor:
    """Whose token it is. The token itself goes no further than here."""
    found = BEARER.fullmatch(authorization.strip())
    if found is None:
        raise Bad(401, "no_token", "Send a token: “Authorization: Bearer okr_…”.")
    return Actor("api", "", hashlib.sha256(found[1].encode()).hexdigest())


def key(header: str | None) -> str:
    """What the sender calls this request, or ""."""
    if header is not None and not KEY.fullmatch(header):
        words = "An Idempotency-Key is 1 to 255 characters of ASCII without blanks."
        raise Bad(422, "invalid", words, "Idempotency-Key")
    return header or ""


def body(raw: bytes, decoder: Decoder[Sent]) -> Sent:
    """What was sent, if it is that and nothing else."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$")
        field = path.strip("`.[]") or _named_in(said)
        raise Bad(422, "invalid", _words(said, field), field) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Bad(400, "no_json", f"This is not JSON: {error}.") from None


NEEDED = {
    "value": "“value” is a number without quotation marks, such as 4.5.",
    "confidence": "“confidence” is a whole number from 1 to 10, without quotation marks.",
    "day": "“day” is a day that there is, written like “2026-11-05”.",
    "at": "“at” is a moment with its zone, written like “2026-11-05T09:00:00+01:00”.",
    "note": "“note” is a text of 500 characters at most.",
}


def _named_in(said: str) -> str:
    """The field that is missing or unknown, which stands in backticks in what the decoder says."""
    return said.split("`")[1] if "field `" in said else ""


def _words(said: str, field: str) -> str:
    """What a field must be, in words that need no knowledge of the decoder."""
    if "unknown field" in said:
        return f"There is no field “{field[:60]}” here. GET /api/openapi.json says which there are."
    if "missing required" in said:
        return f"“{field}” is missing. {NEEDED[field]}"
    if field == "value" and any(word in said for word in ("<=", ">=", "out of range")):
        return "“value” is too large: it lies between -1e15 and 1e15."
    return NEEDED.get(field, 'Send one JSON object, such as {"value": 4.5}.')


def reading(who: Actor, id: str, kpi: str, sent: Reading) -> Reported:  # noqa: A002 as elsewhere
    """A KPI's reading, as the bot hears of it."""
    return Reported(who, id, "kpi", kpi, sent.value, _or_none(sent.day), _or_none(sent.at))


def value(who: Actor, id: str, key_result: str, sent: Value) -> Reported:  # noqa: A002 as elsewhere
    """A key result's value, as the bot hears of it."""
    return Reported(
        who,
        id,
        "key_result",
        key_result,
        sent.value,
        _or_none(sent.day),
        confidence=None if sent.confidence is UNSET else int(sent.confidence),
        note="" if sent.note is UNSET else sent.note,
    )


def wanted(who: Actor, form: Literal["csv", "json"], table: str | None) -> Requested:
    """What is kept, as the bot hears that it is wanted."""
    if form == "csv" and table not in TABLES:
        raise Bad(422, "invalid", f"Say which table: {', '.join(TABLES)}.", "table")
    return Requested(who, form, cast(Table, table) if form == "csv" else None)


T = TypeVar("T")


def _or_none(given: T | UnsetType) -> T | None:
    return None if isinstance(given, UnsetType) else given
