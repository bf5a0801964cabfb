"""What terminal and page say alike of a rehearsal."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.rehearsal.account import Account
from bot.rehearsal.play import Answers, Assumed
from bot.rehearsal.timeline import Part, Sort, Week

HOW: Mapping[Answers, str] = {
    "none": "nobody answers",
    "typical": "most answer in time, some late, a few never",
    "silent": "everybody answers at once with “No change”",
}

PHASES: Mapping[str, str] = {
    "planning": "Planning",
    "execution": "Execution",
    "retrospective": "Looking back",
    "": "Outside of a quarter",
}
CHANGED = (
    "Changed in place: the card that asked becomes the answer, a summary takes in what came late. "
    "It is no new message."
)
FEW = 2
"""Names that are shown in a line of many."""


def notes(account: Account, assumed: Assumed, weeks: int) -> Iterator[str]:
    """What is not as it will be, or was broken off."""
    if assumed.off:
        state = "waiting to be switched on" if assumed.off == "waiting" else "paused"
        yield (
            f"The bot is {state} and sends nothing of this. This is what would happen were it on: "
            f"type “{assumed.go}” to it."
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


def part(part: Part) -> str:
    """ "2026 Q4 · Planning"."""
    return " · ".join(filter(None, (part.quarter, PHASES[part.phase])))


def week(week: Week) -> str:
    """ "Week 7 of 13, mid-quarter review"."""
    if not week.number:
        return f"From {day(week.monday)}"
    return f"Week {week.number} of {week.of}{', mid-quarter review' if week.review else ''}"


def messages(week: Week) -> str:
    """ "34 messages, 90 changed in place"."""
    sent = f"{week.messages:,} message{'' if week.messages == 1 else 's'}"
    return sent + (f", {week.edits:,} changed in place" if week.edits else "")


def span(sort: Sort) -> str:
    """ "05:30–16:00", or one time where it is the same for all."""
    first, last = f"{sort.first:%H:%M}", f"{sort.last:%H:%M}"
    return first if first == last else f"{first}–{last}"


def readers(sort: Sort) -> str:
    """Who or where: the names of a few, of many how many."""
    names = sort.readers
    if len(names) <= FEW:
        return ", ".join(names)
    return f"{len(names):,} {'channels' if sort.posted else 'people'}"


def counts(kinds: Mapping[str, int]) -> str:
    """ "1,000 × Check-in asked, 12 × Check-in reminder"."""
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
        f"{account.budget} asks, digests, news and reminders a person and week (setup changes it); "
        "a word to a lead on the day itself comes on top"
    )
