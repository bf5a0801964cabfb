"""A rehearsal as one page, with nothing outside of it."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.rehearsal import telling
from bot.rehearsal.account import Account
from bot.rehearsal.play import Answers, Assumed

MARK = '<meta name="generator" content="okr rehearse">'
"""By this a page is known for one of ours, which may be written over."""
HEAD = 1_000


class CannotWrite(ValueError):
    """The page could not be written there; the message says why."""


def may_write(path: Path) -> None:
    """Raise CannotWrite now rather than after minutes of playing."""
    if path.is_dir():
        raise CannotWrite(f"{path} is a folder: name a file in it.")
    if path.exists() and MARK not in _head(path):
        raise CannotWrite(f"{path} is there already and is no rehearsal's page: give a new name.")
    try:
        with path.open("a"):
            pass
    except OSError as problem:
        raise CannotWrite(f"{path} cannot be written: {problem.strerror}.") from problem
    if not path.stat().st_size:
        path.unlink()


def _head(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(HEAD)
    except OSError as problem:
        raise CannotWrite(f"{path} cannot be read: {problem.strerror}.") from problem


def page(account: Account, assumed: Assumed, answers: Answers, weeks: int) -> str:
    """The page's HTML; every name and title in it is escaped."""
    return _template().render(
        account=account,
        how=telling.HOW[answers],
        notes=list(telling.notes(account, assumed, weeks)),
        mark=MARK,
        tell=telling,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
