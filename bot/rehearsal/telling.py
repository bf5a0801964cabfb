"""What terminal and page say alike of a rehearsal."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.rehearsal.account import Account
from bot.rehearsal.play import Answers, Assumed

HOW: Mapping[Answers, str] = {
    "none": "nobody answers",
    "typical": "most answer in time, some late, a few never",
    "silent": "everybody answers at once with “No change”",
}


def notes(account: Account, assumed: Assumed, weeks: int) -> Iterator[str]:
    """What is not as it will be, or was broken off."""
    if assumed.off:
        state = "waiting to be switched on" if assumed.off == "waiting" else "paused"
        yield (
            f"The bot is {state} and sends nothing of this. This is what would happen were it on: "
            "type “setup go” to it."
        )
    if assumed.platform:
        yield (
            "Nobody was looked for on a platform yet (okr run does that): here everybody has an "
            f"account on {assumed.platform}."
        )
    if account.last - account.first < timedelta(weeks=weeks) - timedelta(minutes=1):
        yield f"It was stopped on {day(account.last.date())}; what follows was played until then."


def day(day: date) -> str:
    """A day, short: "Thu 26 Nov"."""
    return f"{day:%a} {day.day} {day:%b}"


def counts(kinds: Mapping[str, int]) -> str:
    """ "1,000 × the weekly check-in, 12 × not answered yet"."""
    return ", ".join(f"{count:,} × {kind}" for kind, count in kinds.items())


def load(account: Account) -> str:
    """How many messages people get."""
    load = account.load
    if load.monday is None:
        return "Nobody gets a direct message."
    return (
        f"{load.mean:.1f} a person and week on average; the most is {load.most}, "
        f"for {load.who} in the week of {day(load.monday)}"
    )


def budget(account: Account) -> str:
    """What the budget is, and what it leaves free."""
    return (
        f"{account.budget} asks, digests and reminders a person and week (setup changes it); "
        "a word to a lead on the day itself comes on top"
    )
