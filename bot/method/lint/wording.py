"""The words by which tasks, activities, vague wishes and measures are told, in both languages."""

import re
from functools import lru_cache

from bot.method import words

SHIPS = words.of(
    "launch build ship implement create develop write deliver migrate install finish complete "
    "introduce organise organize prepare conduct deploy publish redesign refactor rewrite roll "
    "hire finalise finalize automate "
    "baue liefere implementiere erstelle entwickle schreibe migriere veröffentliche organisiere "
    "führe setze stelle gestalte schaffe "
    "implementation introduction migration rollout roll-out "
    "einführung umsetzung erstellung entwicklung aufbau implementierung veröffentlichung "
    "fertigstellung"
)
"""A task where they stand first."""
NOUNS_TOO = words.of("release design run set document test update")
"""A task where they stand first and before one of these:"""
OBJECTS = words.of("a an the our new all up out in this these first next")
DOING = words.of(
    "launchen bauen liefern implementieren erstellen entwickeln schreiben migrieren umsetzen "
    "einführen veröffentlichen fertigstellen abschließen organisieren vorbereiten durchführen "
    "aufbauen aufsetzen ausrollen programmieren gestalten einstellen dokumentieren automatisieren "
    "ausliefern bereitstellen neubauen"
)
"""A task where they stand first or last, as German has it."""
MODAL = words.of("können kann wollen will dürfen darf müssen muss möchten möchte")

VAGUE = words.of(
    "improve improving improved better optimise optimize optimising optimizing enhance strengthen "
    "streamline leverage support drive foster maximise maximize "
    "verbessern verbessere verbesserung besser bessere besserer besseres optimieren optimiere "
    "optimierung stärken stärke fördern fördere unterstützen vorantreiben maximieren"
)
STATED = words.of(
    "for so that who whose when until without because never always every each nobody everybody "
    "für damit dass sodass ohne nie niemals immer jede jeder jedes wenn deren dessen weil niemand "
    "alle kein keine"
)
"""Where one of these stands, somebody is named or something is said to be so."""

ACTIVITIES = words.of(
    "call calls demo demos post posts meeting meetings interview interviews workshop workshops "
    "email emails e-mail e-mails mails article articles visit visits event events training "
    "trainings newsletter newsletters presentation presentations campaign campaigns webinar "
    "webinars talk talks tweet tweets release releases feature features commit commits blogposts "
    "anruf anrufe beitrag beiträge treffen artikel besuch besuche veranstaltung veranstaltungen "
    "schulung schulungen präsentation präsentationen kampagne kampagnen webinare vortrag vorträge "
    "termin termine gespräch gespräche telefonate"
)
EFFECTS = words.of(
    "so that which leading leads lead resulting become becomes turn into convert converted "
    "conversion won win wins signed paid paying pay saved saves per after "
    "damit sodass führen führt werden wird gewonnen gewinnen unterschrieben bezahlt zahlen "
    "zahlende spart sparen pro je nach"
)

SHARES = words.of(
    "% percent pp score points point nps csat stars star s sec second seconds min minute minutes "
    "h hour hours d day days week weeks month months ms "
    "prozent punkt punkte sterne sekunde sekunden minuten std stunde stunden tag tage woche "
    "wochen monat monate"
)
"""Units that say how well, not how many."""
QUALITIES = words.of(
    "quality satisfaction nps csat rating churn retention renewal error errors defect defects bug "
    "bugs complaint complaints uptime availability available latency time speed conversion rate "
    "share ratio return returning loyalty repeat accuracy trust happy love "
    "qualität zufriedenheit bewertung abwanderung fehler beschwerde beschwerden verfügbarkeit "
    "verfügbar wartezeit zeit dauer quote anteil treue genauigkeit vertrauen wiederkehrende "
    "kündigungen"
)

_LITTLE = words.of(
    "a an the of in on at for with our new all and or is are be as than per this that its their "
    "der die das des dem den ein eine einer eines unser unsere neue neuer neuen alle und oder ist "
    "sind im am zu zur zum mit für pro bei als number anzahl count"
)
_NOT_METRIC = frozenset().union(_LITTLE, words.UP, words.DOWN, words.KEEP, words.NOT_UNITS)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NUMBER = re.compile(
    r"(?<![\w./-])(?:[€$£]\s?)?\d[\d.,\u00a0]*(?:\s?%|k|m)?(?![\w/-])", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME_BEFORE = re.compile(
    r"\b(?:ISO|SOC|DIN|EN|IEC|NIS|PCI|TISAX|[Ll]evel|[Vv]ersion|[Pp]hase|[Tt]op|Q|v)\s?$"
)
"""Behind these a number is a name."""


@lru_cache(65_536)
def tokens(title: str) -> tuple[str, ...]:
    """The words of a title in lower case."""
    return tuple(_WORD.findall(title.lower()))


def task(title: str) -> str:
    """The word that makes a title a task, or ""."""
    own = tokens(title)
    if not own:
        return ""
    does = own[0] in NOUNS_TOO and (own[1:2] and (own[1] in OBJECTS or own[1].isdigit()))
    if does or own[0] in SHIPS | DOING:
        return as_typed(title, own[0])
    ends = own[-1] in DOING and not MODAL.intersection(own)
    return as_typed(title, own[-1]) if ends else ""


def as_typed(title: str, word: str) -> str:
    """A word of a title in the letters that were typed."""
    return next((typed for typed in _WORD.findall(title) if typed.lower() == word), word)


def number(title: str) -> str:
    """The first number of a title that is no year and no part of a name ("ISO 27001"), or ""."""
    for found in _NUMBER.finditer(title):
        text = found.group().rstrip(".,")
        if not _YEAR.fullmatch(text) and not _NAME_BEFORE.search(title[: found.start()]):
            return text
    return ""


@lru_cache(65_536)
def metric(title: str) -> str:
    """What a title measures, whatever way and however far: alike for titles that mean the same."""
    own = {word for word in tokens(title) if word not in _NOT_METRIC and not word.isdigit()}
    return " ".join(sorted(own))


def hint(title: str) -> str:
    """The longest word of what a title measures: it stands in every title that means the same."""
    return max(metric(title).split(), key=lambda word: (len(word), word), default="")
