"""What can be chosen → Slack's options, within its numbers and lengths.

Slack takes no empty value, so each is sent behind a "=", and a lone "-" is no choice at all.
"""

import json
from itertools import accumulate

from msgspec import Struct

from adapters.slack import limits
from adapters.slack.spans import NOTHING, Json, plain_text, too_long
from bot.chat.forms import Option

NONE = "-"
BYTES = 130_000
"""How much of a view one list may take."""
FEW = 100
"""So many options fit in any case."""


class Options(Struct, frozen=True):
    """What is drawn of a list, and how many options there were and are shown."""

    drawn: list[Json]
    of: int
    shown: int
    cut: tuple[str, ...] = ()
    """The labels that do not stand there in full."""

    def chosen(self, values: tuple[str, ...]) -> list[Json]:
        """The options of these values, in their order."""
        known = {option["value"]: option for option in self.drawn}
        wanted = [f"={value}" for value in dict.fromkeys(values)]
        return [known[each] for each in wanted if each in known]

    def listed(self) -> Json:
        """The list as a select takes it: in groups of a hundred where it is longer."""
        if len(self.drawn) <= limits.OPTIONS:
            return {"options": self.drawn}
        rows = range(0, len(self.drawn), limits.OPTIONS)
        return {"option_groups": [_group(self.drawn[at : at + limits.OPTIONS]) for at in rows]}


def options(offered: tuple[Option, ...], chosen: tuple[str, ...], *, clears: bool) -> Options:
    """Everything that can be chosen, and whatever is chosen already though it is not offered.

    With `clears` the first takes the choice back.
    """
    known = {option.value: option for option in reversed(offered)}
    every = tuple(known[value] for value in dict.fromkeys(option.value for option in offered))
    strange = tuple(
        Option(value, value) for value in dict.fromkeys(chosen) if value and value not in known
    )
    takes_back = [_nothing()] if clears and "" not in known else []
    first = tuple(each for each in every if each.value in chosen)
    ends = sum(map(_weight, every)) <= BYTES if len(every) > FEW else True
    fitting = _fitting((*strange, *first, *every), ends)
    drawn = [_option(each, ends) for each in (*strange, *every) if each.value in fitting]
    cut = tuple(each.label for each in every if each.value in fitting and _is_cut(each, ends))
    return Options([*takes_back, *drawn], len(every) + len(strange), len(drawn), cut)


def value(option: Json) -> str:
    """What was chosen, or "" for no choice."""
    return str(option["value"]).removeprefix("=") if option["value"] != NONE else ""


def _weight(option: Option, ends: bool = True) -> int:
    return len(json.dumps(_option(option, ends)))


def _fitting(every: tuple[Option, ...], ends: bool) -> set[str]:
    """The values of as many as fit into the list, the first first."""
    if len(every) <= FEW:
        return {option.value for option in every}
    each = list(dict.fromkeys(every))
    heavy = accumulate(_weight(option, ends) for option in each)
    both = zip(each, heavy, range(limits.OPTIONS**2 - 1), strict=False)
    return {option.value for option, weight, _ in both if weight <= BYTES}


def _option(option: Option, ends: bool) -> Json:
    """Its label; a long one goes on below, where there is room for that."""
    first, rest = _halves(option.label) if ends else (option.label, "")
    drawn: Json = {"text": plain_text(first, limits.OPTION), "value": f"={option.value}"}
    if limits.size(drawn["value"]) > limits.OPTION_VALUE:
        raise ValueError(f"An option's value is too long for Slack: {option.value[:80]}…")
    if rest.strip():
        drawn["description"] = plain_text(rest, limits.OPTION)
    return drawn


def _is_cut(option: Option, ends: bool) -> bool:
    parts = _halves(option.label) if ends else (option.label,)
    return any(too_long(part, limits.OPTION) for part in parts)


def _halves(label: str) -> tuple[str, str]:
    """As much as fits into the first line, up to a blank where there is one, and the rest."""
    if not too_long(label, limits.OPTION):
        return label, ""
    end = limits.fitting(label, limits.OPTION - 2)
    blank = label.rfind(" ", 0, end) + 1
    return label[: blank or end], label[blank or end :]


def _nothing() -> Json:
    return {"text": plain_text(NOTHING), "value": NONE}


def _group(some: list[Json]) -> Json:
    first, last = (limits.short(each["text"]["text"], 30) for each in (some[0], some[-1]))
    return {"label": plain_text(f"{first} … {last}"), "options": some}
