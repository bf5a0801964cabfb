"""The rules by name, and what one says when it speaks up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

OfObjective: TypeAlias = Literal[
    "objective_task",
    "objective_numbers",
    "objective_short",
    "objective_vague",
    "objective_long",
]
OfKeyResult: TypeAlias = Literal[
    "no_number",
    "no_baseline",
    "no_unit",
    "task",
    "activity",
    "kpi_kept",
    "kpi_again",
    "target_reached",
    "direction",
    "done_but_number",
    "same_metric",
]
OfSet: TypeAlias = Literal[
    "many_objectives",
    "few_key_results",
    "many_key_results",
    "all_volume",
    "no_owner",
    "two_owners",
    "no_parent",
    "all_last_day",
    "too_sure",
    "too_unsure",
]
Rule: TypeAlias = OfObjective | OfKeyResult | OfSet

OF_SETS: frozenset[Rule] = frozenset(get_args(OfSet))
"""What is wrong with how drafts stand together; it is said to who leads."""
RULES: tuple[Rule, ...] = (*get_args(OfObjective), *get_args(OfKeyResult), *get_args(OfSet))
ASKED = "all_true"
"""The one question that is asked and not judged: were all these true, would the objective be?"""


@dataclass(frozen=True)
class Spoken:
    """A rule that spoke up, with the values it speaks of."""

    rule: Rule
    values: Mapping[str, object] = field(default_factory=dict)
