"""Time zones by their IANA names."""

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.likeness import nearest

LONGEST_NAME = 60
NEAR = 70
"""How alike two names must be, of 100, before one is offered for the other."""


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name ("Europe/Berlin"); ValueError in plain words if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"There is no time zone {name[:60]!r}. Use a name such as Europe/Berlin or UTC."
        raise ValueError(message) from error


@cache
def _by_word() -> dict[str, str]:
    """Every zone by its name and, where only one has it, by its city, in small letters."""
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    cities: dict[str, list[str]] = {}
    for name in names:
        cities.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    found = {city: own[0] for city, own in cities.items() if len(own) == 1}
    return found | {name.casefold(): name for name in names}


def named_zone(text: str) -> str | None:
    """The zone that a text names ("europe/berlin", "Berlin"), or None."""
    return _by_word().get("_".join(text.split()).casefold())


def nearest_zone(text: str) -> str | None:
    """The zone whose name is most like a text, or None where none is like it."""
    names = {name: word for word, name in _by_word().items()}
    found = nearest(text[:LONGEST_NAME], names, limit=1, least=NEAR)
    return found[0] if found else None
