"""An admin's word on public holidays: `setup holiday 24.12. off DE Christmas Eve`."""

from datetime import date, timedelta
from typing import NamedTuple

from bot import figures
from bot.chat.cards import Block, Bullets, Card, Words
from bot.chat.replies import Reply, Say
from bot.flow import Turn
from bot.flows.setup import parts
from bot.texts import Voice, brief
from bot.workdays import country_name, known_country, public_holidays
from storage import audit, daysoff
from storage.daysoff import Holiday

AHEAD = timedelta(days=366)
SHOWN = 8
LONGEST_DAY = 4


class Said(NamedTuple):
    """What was said of a day."""

    day: date
    what: str
    country: str
    name: str


def holiday(turn: Turn, rest: str) -> Reply:
    """Correct one day, or take a correction back."""
    said = _said(turn, rest)
    voice = turn.voice
    if said is None:
        example = figures.format_short_day(turn.today + timedelta(days=14), voice.locale)
        return turn.say(
            "setup.holiday_unread_title",
            "setup.holiday_unread",
            typed=brief(rest, 60),
            example=example,
        )
    day = voice.day(said.day)
    if said.day < turn.today:
        return turn.say("setup.holiday_over_title", "setup.holiday_over", day=day)
    if not _keep(turn, said):
        return turn.say("setup.holiday_unknown_title", "setup.holiday_unknown", day=day)
    turn.session.info["replan"] = True
    return Say(changed(voice, said))


def changed(voice: Voice, said: Said) -> Card:
    """What a day is now."""
    where = country_name(said.country, voice.locale) if said.country else ""
    return Card(
        voice.line(f"setup.holiday_{said.what}_title", day=voice.day(said.day)),
        voice.blocks("setup.holiday", where=where, name=said.name),
    )


def _said(turn: Turn, rest: str) -> Said | None:
    words = rest.split()
    for length in range(min(len(words), LONGEST_DAY), 0, -1):
        day = figures.parse_day(" ".join(words[:length]), turn.voice.locale, turn.today)
        if day is not None:
            break
    else:
        return None
    what, more = parts.begun(" ".join(words[length:]), parts.OF_A_DAY)
    everywhere, name = parts.begun(more, parts.OF_A_PLACE)
    country = "" if everywhere else turn.term.organisation.country
    first, _, after = name.partition(" ")
    if not everywhere and first.isupper() and known_country(first):
        country, name = first, after
    return Said(day, what or "off", country, name[:80])


def _keep(turn: Turn, said: Said) -> bool:
    row = daysoff.correction(turn.session, said.country, said.day)
    before = audit.fields(row) if row is not None else None
    if said.what == "normal":
        if row is None:
            return False
        turn.session.delete(row)
    else:
        row = row or Holiday(country=said.country, day=said.day)
        row.works, row.name = said.what == "works", said.name
        turn.session.add(row)
    audit.note(
        turn.session,
        turn.now,
        "holiday",
        f"{said.country}:{said.day}",
        by=turn.me,
        before=before,
        after=None if said.what == "normal" else audit.fields(row),
    )
    turn.session.flush()
    return True


def holidays(turn: Turn) -> Reply:
    """The corrections, and the public holidays that come next."""
    own = [row for row in daysoff.corrections(turn.session) if row.day >= turn.today]
    return Say(listed(turn.voice, own, turn.term.organisation.country, turn.today))


def listed(voice: Voice, own: list[Holiday], country: str, today: date) -> Card:
    """The corrections, and the public holidays that come next."""
    blocks: list[Block] = list(
        voice.blocks("setup.holidays_own" if own else "setup.holidays_own_none")
    )
    if own:
        rows = sorted(own, key=lambda row: row.day)
        blocks.append(Bullets(tuple((Words(_line(voice, row)),) for row in rows)))
    if not country:
        return Card(
            voice.line("setup.holidays_title"),
            (*blocks, *voice.blocks("setup.holidays_no_country")),
        )
    name = country_name(country, voice.locale)
    blocks += voice.blocks("setup.holidays_public", country=name)
    lines = [
        voice.line("setup.holidays_public_line", day=voice.day(day), name=name)
        for day, name in public_holidays(country, today, today + AHEAD, voice.locale)[:SHOWN]
    ]
    blocks.append(Bullets(tuple((Words(line),) for line in lines)))
    return Card(voice.line("setup.holidays_title"), tuple(blocks))


def _line(voice: Voice, row: Holiday) -> str:
    where = country_name(row.country, voice.locale) if row.country else ""
    return voice.line(
        "setup.holidays_own_line",
        day=voice.day(row.day),
        works=row.works,
        where=where,
        name=row.name,
    )
