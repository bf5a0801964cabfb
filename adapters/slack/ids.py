"""A question's id in the `block_id` and `action_id` of its input, and back, whatever it holds."""

from urllib.parse import quote, unquote

from adapters.slack.limits import ID

ROOM = ID - 8


def ids(number: int, question: str) -> tuple[str, str]:
    """The block's and the element's id; `number` tells apart what begins alike.

    Raises ValueError where the question's id is too long for both together.
    """
    named = quote(question, safe=":-_./+ ")
    block, action = f"{number}:{named[:ROOM]}", f"{number}:{named[ROOM : 2 * ROOM]}"
    if len(named) > 2 * ROOM:
        raise ValueError(f"A question's id is too long for Slack: {question[:80]}…")
    return block, action


def question(block: str, action: str) -> str:
    """The question's id again."""
    return unquote(block.partition(":")[2] + action.partition(":")[2])
