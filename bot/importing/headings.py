"""Which column is meant: headings as people write them, in English and German."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from bot.importing.rows import KINDS, Kind

NEAR = 78
"""From here on a word is a slip of the pen and not another word."""
SLIP = 0.74
"""The same for headings, where letters changed about count as one slip: "nmae", "emial"."""

_ZONE = "time zone, timezone, tz, zeitzone"
_LOCALE = "language, lang, sprache, gebietsschema"
_COUNTRY = "country code, land, ländercode, staat"
_OWNER = "owner email, responsible, verantwortlich, verantwortliche, verantwortlicher, inhaber"

_WORDS: dict[Kind, dict[str, str]] = {
    "people": {
        "email": "e-mail, mail, email address, work email, mailadresse, e-mail-adresse",
        "name": "full name, display name, person, employee, mitarbeiter, mitarbeiterin",
        "first_name": "given name, vorname",
        "last_name": "surname, family name, nachname, familienname",
        "zone": _ZONE,
        "locale": _LOCALE,
        "country": _COUNTRY,
        "manager": "manager email, reports to, supervisor, boss, line manager, vorgesetzte, "
        "vorgesetzter, führungskraft, berichtet an",
        "admin": "administrator, is admin, verwalter",
        "digest": "weekly digest, wants digest, überblick, wochenüberblick",
        "active": "is active, enabled, aktiv",
    },
    "teams": {
        "team": "slug, team slug, team id, short name, kürzel, kurzname",
        "name": "team name, title, bezeichnung",
        "level": "type, ebene, art",
        "parent": "parent team, part of, belongs to, übergeordnet, übergeordnetes team, gehört zu",
        "lead": "leader, team lead, head, leiter, leiterin, leitung, teamleitung",
        "members": "member, people, mitglied, mitglieder",
        "channel": "channels, kanal, kanäle",
        "zone": _ZONE,
        "locale": _LOCALE,
        "country": _COUNTRY,
        "short_form": "short check-in, kurzform",
    },
    "okrs": {
        "reference": "ref, id, key result id, key result reference, kr id, referenz, kennung",
        "objective_reference": "objective id, objective ref, o id, ziel id, zielreferenz",
        "team": "team slug, group, gruppe",
        "objective": "objective title, ziel",
        "objective_owner": "owner of the objective, objective responsible, zielverantwortlich, "
        "verantwortlich für das ziel",
        "commitment": "ambition, verbindlichkeit, anspruch",
        "parent": "parent objective, contributes to, supports, übergeordnetes ziel, zahlt ein auf",
        "key_result": "kr, key result title, keyresult, schlüsselergebnis, ergebnis",
        "owner": _OWNER + ", key result owner, kr owner",
        "kind": "type, key result type, art, typ",
        "unit": "units, measured in, einheit",
        "baseline": "start, start value, from, ausgangswert, startwert, von",
        "target": "target value, goal, to, zielwert, bis",
        "low": "lower bound, minimum, min, least, untergrenze",
        "high": "upper bound, maximum, max, most, obergrenze",
        "weight": "gewicht, gewichtung",
        "due": "due date, deadline, by, fällig, fällig am, termin",
        "curve": "pace, expected pace, verlauf",
        "milestones": "milestone, steps, meilensteine, meilenstein",
        "value": "current, current value, actual, wert, aktueller wert, stand, istwert",
        "confidence": "zuversicht, konfidenz",
        "note": "notes, comment, notiz, kommentar, bemerkung",
    },
    "kpis": {
        "kpi": "slug, kpi slug, kpi id, kürzel, kennzahl",
        "name": "kpi name, title, bezeichnung",
        "question": "question it answers, frage",
        "serves": "strategic objective, strategy, strategisches ziel, dient",
        "definition": "formula, formel, beschreibung, description",
        "unit": "units, measured in, einheit",
        "direction": "better, richtung",
        "low": "lower bound, minimum, min, least, untergrenze",
        "high": "upper bound, maximum, max, most, obergrenze",
        "warn_low": "warning low, watch low, warnung unten",
        "warn_high": "warning high, watch high, warnung oben",
        "follows": "follows last readings, folgt letzten messwerten",
        "cadence": "frequency, how often, rhythmus, häufigkeit",
        "owner": _OWNER,
        "team": "team slug, gruppe",
        "source": "quelle, readings from",
        "stale_after_days": "stale after, stale, veraltet nach tagen",
    },
    "readings": {
        "kpi": "slug, kpi slug, kpi id, kürzel, kennzahl",
        "day": "date, datum, tag, on",
        "value": "reading, wert, messwert",
    },
}

_MILESTONE = {
    "title": "milestone, name, meilenstein, titel",
    "weight": "gewicht, gewichtung",
    "due": "due date, deadline, by, fällig, termin",
    "done": "done on, finished, erledigt, erledigt am",
}


def plain(heading: str) -> str:
    """A heading without case, spaces, hyphens and accents."""
    spelt = heading.casefold()
    for letter, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelt = spelt.replace(letter, two)
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", spelt))


def _index(words: Mapping[str, str]) -> dict[str, str]:
    found = {plain(column): column for column in words}
    for column, synonyms in words.items():
        for synonym in synonyms.split(","):
            found.setdefault(plain(synonym), column)
    return found


COLUMNS: dict[Kind, tuple[str, ...]] = {kind: tuple(_WORDS[kind]) for kind in KINDS}
INDEX: dict[Kind, dict[str, str]] = {kind: _index(_WORDS[kind]) for kind in KINDS}
MILESTONE = _index(_MILESTONE)
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "people": ("email",),
    "teams": ("team",),
    "okrs": ("team", "objective"),
    "kpis": ("kpi",),
    "readings": ("kpi", "day", "value"),
}
_FILE_WORDS: dict[Kind, tuple[str, ...]] = {
    "readings": ("reading", "messwert"),
    "people": ("people", "person", "employee", "staff", "mitarbeit"),
    "okrs": ("okr", "objective", "ziel"),
    "kpis": ("kpi", "kennzahl"),
    "teams": ("team", "department", "abteilung"),
}


@dataclass(frozen=True)
class Headings:
    """What a file is, which of its columns are which, and what is odd about the others."""

    kind: Kind
    columns: tuple[str | None, ...]
    unknown: tuple[tuple[str, str | None], ...]
    twice: tuple[str, ...]
    missing: tuple[str, ...]


def nearest(word: str, choices: Sequence[str], least: float = NEAR) -> str | None:
    """The choice that this word most likely means, or None."""
    found = process.extractOne(word, choices, scorer=fuzz.WRatio, score_cutoff=least)
    return found[0] if found else None


def slip(heading: str, words: Mapping[str, str]) -> str | None:
    """The column whose name or synonym a heading most likely meant to be, or None."""
    found = process.extractOne(
        plain(heading),
        list(words),
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=SLIP,
    )
    return words[found[0]] if found else None


def known_in(kind: Kind, row: Sequence[str]) -> int:
    """How many headings of a row are columns of this kind of file."""
    return len({INDEX[kind][plain(cell)] for cell in row if plain(cell) in INDEX[kind]})


def _kind(row: Sequence[str], stem: str) -> Kind:
    """What a file is: told by its headings, by its name only if they leave it open."""
    spelt = {plain(cell) for cell in row}

    def has(kind: Kind, *columns: str) -> bool:
        return set(columns) <= {INDEX[kind][word] for word in spelt if word in INDEX[kind]}

    named = [kind for kind, words in _FILE_WORDS.items() if any(w in stem for w in words)]
    told: list[Kind] = []
    if spelt & {"kpi", "kpislug", "kpiid", "kennzahl"} or named[:1] in (["kpis"], ["readings"]):
        told += ["readings"] if has("readings", "kpi", "day", "value") else []
        told += ["kpis"] if has("kpis", "kpi") else []
    told += ["okrs"] if has("okrs", "objective") or has("okrs", "key_result") else []
    told += ["people"] if has("people", "email") else []
    told += ["teams"] if has("teams", "team") or has("teams", "name", "level") else []
    if told:
        return told[0]
    counts = {kind: known_in(kind, row) + (2 if kind in named else 0) for kind in KINDS}
    return max(KINDS, key=lambda kind: counts[kind])


def understand(row: Sequence[str], stem: str) -> Headings:
    """What the first row of a file says about the rest."""
    kind = _kind(row, plain(stem))
    index = INDEX[kind]
    columns: list[str | None] = []
    unknown: list[tuple[str, str | None]] = []
    twice: list[str] = []
    for cell in row:
        column = index.get(plain(cell))
        if column is not None and column in columns:
            twice.append(cell.strip())
            column = None
        elif column is None and cell.strip():
            unknown.append((cell.strip(), None))
        columns.append(column)
    free = [column for column in COLUMNS[kind] if column not in columns]
    guesses = tuple((cell, _guess(cell, kind, free)) for cell, _ in unknown)
    required = ("name",) if kind == "teams" and "name" in columns else REQUIRED[kind]
    missing = tuple(column for column in required if column not in columns)
    return Headings(kind, tuple(columns), guesses, tuple(twice), missing)


def _guess(cell: str, kind: Kind, free: Sequence[str]) -> str | None:
    """The column that an unknown heading most likely means."""
    words = {word: column for word, column in INDEX[kind].items() if column in free}
    return slip(cell, words)
