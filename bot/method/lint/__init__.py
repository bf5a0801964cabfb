"""What can be said about a draft without knowing the company (METHOD, section 4).

Each rule speaks up by its name and the values it speaks of; the words are in `messages/*/lint.j2`.
"""

from bot.method.lint.key_result import Draft, Past, key_result
from bot.method.lint.objective import Goal, objective, standing
from bot.method.lint.rules import ASKED, OF_SETS, RULES, Rule, Spoken
from bot.method.lint.sets import Part, doubled, team_set

__all__ = [
    "ASKED",
    "OF_SETS",
    "RULES",
    "Draft",
    "Goal",
    "Part",
    "Past",
    "Rule",
    "Spoken",
    "doubled",
    "key_result",
    "objective",
    "standing",
    "team_set",
]
