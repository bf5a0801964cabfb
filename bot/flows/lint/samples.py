"""Examples: every rule as it speaks up, the form, and what follows."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot import cast
from bot.chat.cards import Card
from bot.chat.stage import Example
from bot.flows.lint import cards
from bot.goals import findings, hindsight
from bot.goals.found import SHOWN, Found, Thing
from bot.method import lint
from bot.method.hindsight import Hindsight, Some
from bot.method.lint import Rule, Spoken
from bot.texts import Voice

VALUES: Mapping[str, Mapping[str, object]] = {
    "objective_task": {"word": "launch"},
    "objective_numbers": {"number": "45"},
    "objective_short": {"count": 2},
    "objective_vague": {"word": "better"},
    "objective_long": {"count": 23, "most": 18},
    "task": {"word": "launch"},
    "activity": {"word": "calls"},
    "kpi_kept": {"last": 99.95, "unit": "%"},
    "kpi_again": {"quarters": 3},
    "target_reached": {"target": 45.0, "last": 46.0, "unit": "points"},
    "direction": {"word": "reduce", "rises": True},
    "done_but_number": {"number": "20"},
    "same_metric": {"teams": cast.COMPANY.name},
    "many_objectives": {"count": 7, "most": 5},
    "few_key_results": {"count": 1},
    "many_key_results": {"count": 8, "most": 5},
    "all_volume": {"count": 3},
    "all_last_day": {"day": date(2027, 1, 1)},
    "too_sure": {"mean": 9.3},
    "too_unsure": {"mean": 2.5},
}


def found(rule: Rule) -> Found:
    """A rule that speaks up about something of Growth's."""
    spoken = Spoken(rule, VALUES.get(rule, {}))
    thing: Thing = "key_result"
    if rule.startswith("objective") or rule in ("few_key_results", "many_key_results", "no_parent"):
        thing = "objective"
    elif rule in lint.OF_SETS and rule not in ("no_owner", "two_owners"):
        thing = "set"
    title, number = {
        "objective": (cast.LOVED.title, 1),
        "key_result": (cast.CHURN.title, 2),
        "set": (cast.GROWTH.name, 2),
    }[thing]
    return Found(2, thing, number, title, spoken, 2)


def examples(voice: Voice) -> Iterable[Example]:
    """All rules, a few at a time."""
    every = [found(rule) for rule in lint.RULES]
    for first in range(0, len(every), SHOWN):
        some = every[first : first + SHOWN]
        blocks = (
            voice.text("lint.heading", count=len(some)),
            *findings.shown(voice, some),
            *findings.question(voice, cast.LOVED.title),
        )
        title = voice.line("goals.objective")
        yield Example("lint", f"rules from {some[0].rule}", Card(title, blocks))
    for flagged in (6, 2, 3):
        seen = Hindsight(Some(flagged, 8), Some(3, 8))
        looking = Card(voice.line("goals.objective"), hindsight.shown(voice, seen))
        yield Example("lint", f"in hindsight, {flagged} of 8 missed", looking)
    hostile = Found(2, "key_result", 2, cast.HOSTILE, Spoken("no_unit"), 2)
    many = Card(voice.line("goals.key_result"), findings.shown(voice, [hostile] * (SHOWN + 2)))
    yield Example("lint", "many, with hostile text", many)
    yield Example("lint", "leave it, form", cards.form(voice, hostile))
    yield Example("lint", "left", cards.dismissed(voice, every[0], cast.HOSTILE))
    yield Example("lint", "taken back", cards.undone(voice, every[6]))
