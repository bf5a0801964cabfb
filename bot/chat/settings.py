"""What is wrong with a setting, for the adapters' own settings and the organisation's."""

from pydantic_core import ErrorDetails


def in_words(fault: ErrorDetails) -> str:
    """A fault that pydantic found, in an admin's words and with an example of what is right."""
    kind, given = fault["type"], str(fault["input"])[:60]
    match kind.partition("_")[0], fault.get("ctx", {}):
        case "date", _:
            return f"“{given}” is no day. Write it like 2026-12-07."
        case "int", _:
            return f"“{given}” is no whole number. Write it like 8420."
        case "float", _:
            return f"“{given}” is no number. Write it like 1.5."
        case "bool", _:
            return f"“{given}” is neither yes nor no. Write true or false."
        case "greater", {"gt": least}:
            return f"{given} is too low. It must be more than {least:g}."
        case "greater", {"ge": least}:
            return f"{given} is too low. The lowest possible is {least}."
        case "less", {"le": most}:
            return f"{given} is too high. The highest possible is {most}."
    return fault["msg"].removeprefix("Value error, ")
