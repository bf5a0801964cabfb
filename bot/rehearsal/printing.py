"""A rehearsal on a terminal: short, and with every message where that is wanted."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.rehearsal import telling
from bot.rehearsal.account import Account
from bot.rehearsal.play import Answers, Assumed
from bot.rehearsal.timeline import Line, Week, moments

MOST = 20
"""Names that are listed; the page has them all."""


def show(
    account: Account,
    assumed: Assumed,
    answers: Answers,
    weeks: int,
    console: Console,
    *,
    each: bool = False,
) -> None:
    """Everything, the figures last, for they stay on the screen."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(text, style))

    first, last = telling.day(account.first.date()), telling.day(account.last.date())
    say(f"Rehearsal of {account.organisation}, {first} to {last}: {telling.HOW[answers]}.", "bold")
    say(f"Nothing was sent. Times are those of {account.zone}.")
    for note in telling.notes(account, assumed, weeks):
        say(note, "yellow")
    for part in account.parts:
        say(f"\n{telling.part(part)}", "bold underline")
        for week in part.weeks:
            _week(week, console, each=each)
    _figures(account, console)
    _names("Held back by the budget", _held(account), console)
    _names("Cannot be reached", [f"{n}: {why}" for n, why in account.lost], console)
    _names("Teams without a channel", account.silent_teams, console)
    _names("Not sent", [_unsent(line) for line in account.expired], console)


def _week(week: Week, console: Console, *, each: bool) -> None:
    console.print(Text(f"\n{telling.week(week)}: {telling.messages(week)}", "bold"))
    for day in week.days:
        what = telling.counts(day.kinds) if day.lines else ""
        if day.edits:
            what += f"{'; ' if what else ''}{day.edits:,} changed in place"
        console.print(Text(f"  {telling.day(day.day):<11} {what}"))
        for moment in moments(day.lines) if each else ():
            said = f"{moment.at:%H:%M}  {moment.kind} · {moment.what} · {', '.join(moment.to)}"
            console.print(Padding(Text(said), (0, 0, 0, 6)))


def _unsent(line: Line) -> str:
    return f"{telling.day(line.at.date())} {line.at:%H:%M}  {line.to} · {line.kind} · {line.why}"


def _figures(account: Account, console: Console) -> None:
    table = Table(title="Figures", title_justify="left", show_header=False)
    table.add_row("People and teams", f"{account.people:,} and {account.teams:,}")
    table.add_row("Messages", f"{account.messages:,}, and {account.edits:,} changed in place")
    for kind, count in account.kinds.items():
        table.add_row("", f"{count:,} × {kind}. “{account.reasons[kind]}”")
    table.add_row("Direct messages", telling.load(account))
    table.add_row("Budget", telling.budget(account))
    table.add_row("Held back by it", _people(len(account.held)))
    table.add_row("Cannot be reached", _people(len(account.lost)))
    table.add_row("Not sent", f"{len(account.expired):,}")
    console.print(Padding(table, (1, 0, 0, 0)))


def _held(account: Account) -> list[str]:
    return [f"{name}: {telling.counts(kinds)}" for name, kinds in account.held]


def _people(count: int) -> str:
    return "nobody" if not count else "1 person" if count == 1 else f"{count:,} people"


def _names(title: str, lines: Sequence[str] | Iterable[str], console: Console) -> None:
    every = list(lines)
    if not every:
        return
    console.print(Text(f"\n{title}", "bold"))
    for line in every[:MOST]:
        console.print(Text(f"  {line}"))
    if len(every) > MOST:
        console.print(Text(f"  … and {len(every) - MOST:,} more (all are in the page: --html)"))
