"""What readers get is what was reviewed: a change of it shows as a readable diff."""

from difflib import unified_diff
from pathlib import Path

import pytest

from bot.flows import flows
from bot.texts import languages
from tests.adapters import golden


@pytest.mark.parametrize("flow", flows())
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("style", golden.styles())
def test_a_flow_shows_what_was_reviewed(style: str, language: str, flow: str) -> None:
    told = difference(
        golden.kept(style, language, flow), golden.expected(style, language, flow), golden.HERE
    )
    if told:
        pytest.fail(f"{told}\n{golden.RENEW}", pytrace=False)


def test_no_file_is_left_over() -> None:
    folders = {
        golden.HERE / style / language / flow
        for style in golden.styles()
        for language in languages()
        for flow in flows()
    }
    there = [path for path in golden.HERE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    lost = [path for path in there if path.parent not in {*folders, golden.HERE}]
    assert not lost, f"{lost} belong to no flow. {golden.RENEW}"


def test_a_difference_is_told_by_line_and_by_name() -> None:
    here = Path("g")
    assert difference({here / "a": "1\n2\n"}, {here / "a": "1\n2\n"}, here) == ""
    told = difference({here / "a": "1\n2\n", here / "b": ""}, {here / "a": "1\n3\n"}, here)
    assert told.splitlines() == [
        "--- a, as reviewed", "+++ a, as it is now", "@@ -1,3 +1,3 @@", " 1", "-2", "+3", " ",
        "b is left over: no example shows it.",
    ]  # fmt: skip
    assert difference({}, {here / "c": "x\n"}, here) == "c is missing."


def difference(kept: dict[Path, str], expected: dict[Path, str], under: Path) -> str:
    """What differs, to be read; "" where nothing does."""
    told: list[str] = []
    for path in sorted(kept.keys() | expected.keys()):
        name = str(path.relative_to(under))
        if path not in expected:
            told.append(f"{name} is left over: no example shows it.")
        elif path not in kept:
            told.append(f"{name} is missing.")
        else:
            told += unified_diff(
                kept[path].split("\n"), expected[path].split("\n"),
                f"{name}, as reviewed", f"{name}, as it is now", lineterm="", n=3,
            )  # fmt: skip
    return "\n".join(told)
