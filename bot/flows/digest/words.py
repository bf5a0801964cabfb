"""What the summary and the digest say alike: names, moves, reasons, blockers."""

from collections.abc import Iterable, Sequence

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Mention, Span, Spans, Text, Words
from bot.flow import LONGEST_ABOUT, action, mention, named
from bot.flows.digest.week import Concern, TeamWeek, Win
from bot.method import score
from bot.picture import Standing
from bot.texts import Voice, brief
from storage.checkins import Blocker
from storage.kudos import Thanks
from storage.people import Person

MANY = 10
"""How many lines of one kind a message shows."""


def names(people: Iterable[Person]) -> Spans:
    """Some names in a row, telling nobody."""
    spans: list[Span] = []
    for person in people:
        spans += [Words(", "), named(person)] if spans else [named(person)]
    return tuple(spans)


def lines(
    voice: Voice, items: Sequence[Spans], most: int = MANY, *, of: int | None = None
) -> Sequence[Block]:
    """A list, and how many more there are: of the items, or `of` so many that were not written."""
    if not items:
        return ()
    shown: list[Block] = [Bullets(tuple(items[:most]))]
    count = len(items) if of is None else of
    if count > most:
        shown.append(Text(voice.spans("digest.more", count=count - most), "quiet"))
    return shown


def told(week: TeamWeek, person_id: int | None) -> Mention | str:
    """Somebody who is meant: told, unless they are away."""
    if person_id is None or person_id not in week.people:
        return ""
    if person_id in week.excused:
        return named(week.people[person_id])
    return mention(week.people[person_id], week.identities.get(person_id, ()))


def only_named(week: TeamWeek, person_id: int | None) -> Mention | str:
    """Somebody's name, or nothing."""
    person = week.people.get(person_id or 0)
    return named(person) if person else ""


def band(voice: Voice, confidence: int) -> str:
    """A confidence's band in words."""
    return voice.line(f"picture.{score.band(confidence)}")


def change(voice: Voice, week: TeamWeek, standing: Standing) -> Spans:
    """What was said of a key result this week: old and new, the note, who."""
    said = standing.said
    return voice.spans(
        "digest.change",
        title=standing.kr.title,
        moved=moved(voice, standing),
        confidence=confidence(voice, standing.confidence_before, said.confidence if said else None),
        note=said.note if said else "",
        who=only_named(week, said.by_id if said else None),
    )


def confidence(voice: Voice, before: int | None, now: int | None) -> str:
    """How a belief has changed, where it has."""
    if before is None or now is None or before == now:
        return ""
    return voice.line("digest.confidence", before=before, now=now, band=band(voice, now))


def moved(voice: Voice, standing: Standing) -> str:
    """The old value and the new, or the new alone where that is all there is to say."""
    said, before = standing.said, standing.before
    if said is None or said.value is None:
        return ""
    after = picture.value(voice, standing, said.value)
    if before is None or before == said.value:
        return after
    unit = "" if standing.kr.unit != "%" else "%"
    numbers = standing.kr.kind not in ("done", "milestones")
    was = voice.number(before, unit) if numbers else picture.value(voice, standing, before)
    return voice.line("digest.from_to", before=was, after=after)


def reasons(voice: Voice, concern: Concern) -> str:
    """Why a key result needs a decision."""
    standing = concern.standing
    return " · ".join(
        voice.line(
            f"digest.{reason}",
            confidence=standing.confidence,
            band=band(voice, standing.confidence),
            pace=voice.line(f"picture.{standing.pace}") if standing.pace else "",
            week=standing.latest.week if standing.latest else 0,
        )
        for reason in concern.reasons
    )


def win(voice: Voice, won: Win) -> Spans:
    """One thing that went well."""
    return voice.spans(
        f"digest.{won.kind}",
        title=won.standing.kr.title,
        milestone=won.milestone.title if won.milestone else "",
    )


def thanked(voice: Voice, week: TeamWeek, thanks: Thanks) -> Spans:
    """Who was thanked by whom, and for what."""
    return voice.spans(
        "digest.thanked",
        who=only_named(week, thanks.kudos.to_id),
        by=only_named(week, thanks.kudos.from_id),
        text=thanks.kudos.text,
        title=thanks.title,
    )


def blocked(voice: Voice, week: TeamWeek, blocker: Blocker, *, tell: bool) -> Text:
    """What is in somebody's way, and who helps or could."""
    helper = told if tell else only_named
    day = "" if blocker.by is None else voice.day(blocker.by)
    late = blocker.by is not None and blocker.by < week.term.today
    return voice.text(
        "digest.blocked",
        who=only_named(week, blocker.person_id),
        text=brief(blocker.text),
        helper=helper(week, blocker.helper_id),
        by="" if late else day,
        overdue=day if late else "",
        since=blocker.week if 0 < blocker.week < week.week else 0,
        before=blocker.week < 1,
        taken=only_named(week, blocker.taken_by_id) if blocker.state == "taken" else "",
        solved=blocker.state == "solved",
    )


def in_full(voice: Voice, week: TeamWeek, blocker: Blocker) -> tuple[Button, ...]:
    """The way to all of a text that was cut: what is in the way stands there until it is solved."""
    if brief(blocker.text) == blocker.text:
        return ()
    meaning = action("blockers", "of", week.team.id)
    return (Button(voice.line("digest.in_full"), meaning, about=blocker.text[:LONGEST_ABOUT]),)
