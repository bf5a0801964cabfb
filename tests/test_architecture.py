"""What the import contracts cannot say."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from bot.flow import Flow
from bot.flows import __path__ as flows_path
from bot.flows import flows
from bot.texts import Voice, languages
from storage.migrating import tables

ROOT = Path(__file__).parent.parent
OURS = ("bot", "adapters", "storage")

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime",
}  # fmt: skip
MAY_LOOK = {
    "adapters/teams/keys.py": "a token that was verified is good until the machine's clock says so",
    "adapters/teams/login.py": "a proof of who we are ends by the machine's clock",
    "bot/__main__.py": "gives everybody else the time",
    "bot/scheduler.py": "APScheduler beats by the machine's clock",
    "storage/clock.py": "machine time, for leases",
    "storage/migrating.py": "names the copy of a file by the moment it was taken",
}
"""Who looks at a clock, and why. Business time is an argument everywhere else."""


@cache
def trees() -> dict[str, ast.Module]:
    """Every Python file of ours by its path."""
    files = (file for top in OURS for file in sorted((ROOT / top).rglob("*.py")))
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text("utf-8")) for file in files}


def mentioned(tree: ast.Module) -> set[str]:
    """Every dotted name of two parts, such as "datetime.now"."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Every module and name that is imported."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=names):
                yield from ((module or "", name.name) for name in names)
            case ast.Import(names=names):
                yield from ((name.name, "") for name in names)


def test_nobody_else_looks_at_a_clock() -> None:
    looking = {file for file, tree in trees().items() if mentioned(tree) & CLOCKS}
    sly = {
        file
        for file, tree in trees().items()
        if {("time", "time"), ("time", "time_ns")} & set(imported(tree))
    }
    assert looking | sly == set(MAY_LOOK)


def test_the_bot_asks_no_sql() -> None:
    asking = {
        (file, module, name)
        for file, tree in trees().items()
        if file.startswith("bot/")
        for module, name in imported(tree)
        if module.split(".")[0] in ("sqlalchemy", "psycopg", "alembic")
        or (module.split(".")[0] == "sqlmodel" and name not in ("Session", "SQLModel"))
    }
    assert asking == set()


def test_an_adapter_speaks_only_the_vocabulary() -> None:
    known = {
        (file, module)
        for file, tree in trees().items()
        if file.startswith("adapters/")
        for module, _ in imported(tree)
        if module.split(".")[0] in ("bot", "storage") and not module.startswith("bot.chat")
    }
    assert known == set()


def test_every_file_of_a_conversation_offers_one_flow() -> None:
    modules = [module.name for module in iter_modules(flows_path)]
    offered = [getattr(import_module(f"bot.flows.{name}"), "flow", None) for name in modules]
    assert all(isinstance(flow, Flow) for flow in offered), dict(zip(modules, offered, strict=True))
    assert len(flows()) == len(modules)  # no two of one name


def test_flows_do_not_know_each_other() -> None:
    names = {module.name for module in iter_modules(flows_path)}
    crossing = {
        (file, module)
        for file, tree in trees().items()
        if file.startswith("bot/flows/") and file != "bot/flows/__init__.py"
        for module, name in imported(tree)
        if module.startswith("bot.flows")
        and _part(module, name) in names
        and _part(module, name) != file.removesuffix(".py").split("/")[2]
    }
    assert crossing == set()


def test_every_word_and_every_action_belongs_to_one_flow() -> None:
    said: dict[str, str] = {}
    for flow in flows().values():
        for word in flow.words:
            for spelling in (word.name, *word.also):
                assert said.setdefault(spelling, word.name) == word.name, spelling
                assert spelling == spelling.lower()


def _part(module: str, name: str) -> str:
    """The flow of a module under `bot.flows`, or of a name that is imported from there."""
    return [*module.split("."), name][2]


# Words


MACRO = re.compile(r"{%-?\s*macro\s+(\w+)\s*\(")


def macros(language: str) -> dict[str, set[str]]:
    """The texts of each file of a language."""
    folder = ROOT / "messages" / language
    return {file.stem: set(MACRO.findall(file.read_text("utf-8"))) for file in folder.glob("*.j2")}


@cache
def spoken() -> tuple[set[str], set[str]]:
    """Every "file.text" that stands in the code, whole or as the beginning of a built one."""
    whole: set[str] = set()
    begun: set[str] = set()
    known = macros("en")
    for tree in (tree for file, tree in trees().items() if not file.startswith("storage/")):
        for node in ast.walk(tree):
            match node:
                case ast.JoinedStr(values=[ast.Constant(value=str(head)), *_]):
                    begun.add(head)
                case ast.Constant(value=str(value)) if value.partition(".")[0] in known:
                    whole.add(value)
    return whole, begun


def is_spoken(file: str, macro: str) -> bool:
    whole, begun = spoken()
    name = f"{file}.{macro}"
    inside = re.compile(rf"(?<![\w.]){macro}\(")
    texts = (ROOT / "messages" / "en" / f"{file}.j2").read_text("utf-8")
    return (
        name in whole
        or any(name.startswith(head) and "." in head for head in begun)
        or len(inside.findall(texts)) > 1
    )


def test_every_text_that_is_asked_for_is_there() -> None:
    known, (whole, begun) = macros("en"), spoken()
    named = {text for text in whole - begun if re.fullmatch(r"[a-z]\w*\.[a-z]\w*", text)}
    asked = {
        text.partition(".")[::2] for text in named if not text.endswith((".j2", ".py", ".yaml"))
    }
    assert len(asked) > 200
    assert {f"{file}.{macro}" for file, macro in asked if macro not in known[file]} == set()


@pytest.mark.parametrize("file", sorted(macros("en")))
def test_no_file_of_texts_is_idle(file: str) -> None:
    assert any(is_spoken(file, macro) for macro in macros("en")[file])


@pytest.mark.parametrize("language", languages())
def test_every_language_says_what_english_says_and_nothing_else(language: str) -> None:
    assert macros(language) == macros("en")


@pytest.mark.parametrize("locale", ["en", "de-DE", "en-GB"])
def test_every_example_can_be_said_in_every_language(locale: str) -> None:
    voice = Voice(locale, "Asia/Kolkata")
    for flow in flows().values():
        assert list(flow.examples(voice)) or not flow.words, flow.name


# Tables


def test_no_column_is_of_a_kind_that_lies_on_sqlite() -> None:
    """A decimal becomes a float without a word, a moment with a zone is hours wrong."""
    columns = [column for table in tables().sorted_tables for column in table.columns]
    assert columns
    kinds = {str(column): type(column.type).__name__ for column in columns}
    assert {name for name, kind in kinds.items() if kind in ("Enum", "Numeric", "DECIMAL")} == set()
    with_zone = {
        file
        for file, tree in trees().items()
        if file.startswith("storage/")
        and "migrations" not in file
        and "DateTime" in {name for _, name in imported(tree)}
    }
    assert with_zone == set()
