"""What a platform is given, as lines that people can review."""

import json
from collections.abc import Iterator
from typing import Any
from unicodedata import category

WIDTH = 100


def laid_out(value: Any, indent: str, named: str = "", end: str = "") -> Iterator[str]:
    """What fits on a line stands on one; what does not, each part below the other."""
    flat = "".join(map(_visible, json.dumps(value, ensure_ascii=False)))
    if not isinstance(value, dict | list) or len(indent + named + flat) <= WIDTH:
        yield f"{indent}{named}{flat}{end}"
        return
    pairs = value.items() if isinstance(value, dict) else (("", each) for each in value)
    parts = [
        (f"{json.dumps(key)}: " if isinstance(value, dict) else "", each) for key, each in pairs
    ]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{named}{opened}"
    for number, (name, each) in enumerate(parts, 1):
        yield from laid_out(each, f"{indent} ", name, "," if number < len(parts) else "")
    yield f"{indent}{closed}{end}"


def _visible(sign: str) -> str:
    seen = sign == "\n" or category(sign)[0] not in "CZ" or sign == " "
    return sign if seen else f"\\u{ord(sign):04x}"
