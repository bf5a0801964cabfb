"""The check-in as cards: the question, the reminder, and what was said."""

from collections.abc import Iterator

from bot import picture
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Text,
    Words,
)
from bot.flow import LONGEST_ABOUT, action, named, opens
from bot.flows.checkin.form import title
from bot.flows.checkin.sheet import Sheet
from bot.kpis import readings
from bot.method import score
from bot.picture import Standing
from bot.quarter import reviewing
from bot.texts import Voice
from storage.checkins import Blocker

MOST_OVERDUE = 3


def ask(voice: Voice, cycle_id: int, sheet: Sheet, *, late: bool = False) -> Card:
    """The weekly question: all of somebody's key results, pre-filled."""
    blocks: list[Block] = []
    if late:
        blocks.append(voice.text("checkin.sorry_late"))
    if sheet.short:
        blocks.append(voice.text("checkin.ask_short", name=sheet.person.name.split()[0]))
    else:
        asked = "checkin.review_ask" if sheet.reviews else "checkin.ask"
        blocks.append(
            voice.text(asked, name=sheet.person.name.split()[0], count=len(sheet.standings))
        )
    for standing in sheet.standings:
        blocks += list(_asked(voice, cycle_id, sheet, standing))
    if sheet.readings:
        blocks.append(voice.text("kpi.in_checkin"))
        blocks.append(Bullets(tuple(readings.lines(voice, sheet.readings))))
    for blocker in sheet.overdue[:MOST_OVERDUE]:
        blocks += _chased(voice, sheet, blocker)
    if sheet.meant:
        blocks.append(voice.text("checkin.meant"))
        blocks.append(Bullets(tuple((Words(c.text),) for c in sheet.meant)))
    return Card(
        title(voice, sheet),
        tuple(blocks),
        _buttons(voice, cycle_id, sheet),
    )


def _asked(voice: Voice, cycle_id: int, sheet: Sheet, standing: Standing) -> Iterator[Block]:
    yield picture.meter(voice, standing)
    said = standing.said
    if said is not None and not said.changed and sheet.is_said(standing):
        yield Text(voice.spans("checkin.marked_same"), "quiet")
        return
    yield Text(_belief(voice, standing), "quiet")
    yield Buttons(
        (
            Button(
                voice.line("checkin.keep_one" if sheet.reviews else "checkin.no_change"),
                action("checkin", "same", cycle_id, sheet.week, standing.id),
                about=standing.kr.title,
            ),
        )
    )


def _chased(voice: Voice, sheet: Sheet, blocker: Blocker) -> Iterator[Block]:
    """What should be out of the way by now: is it? The helper is asked as well."""
    blocked = sheet.blocked.get(blocker.person_id)
    mine = blocker.person_id == sheet.person.id
    yield voice.text(
        "checkin.overdue" if mine else "checkin.overdue_helping",
        who=named(blocked) if blocked and not mine else "",
        text=blocker.text,
        by="" if blocker.by is None else voice.day(blocker.by),
    )
    verb = "solved" if mine or blocker.taken_by_id == sheet.person.id else "take"
    label, about = voice.line(f"digest.{verb}"), blocker.text[:LONGEST_ABOUT]
    yield Buttons((Button(label, action("digest", verb, blocker.id), about=about),))


def _belief(voice: Voice, standing: Standing) -> tuple[Words, ...]:
    confidence = voice.line(
        "picture.confidence",
        confidence=standing.confidence,
        band=voice.line(f"picture.{score.band(standing.confidence)}"),
    )
    last = standing.earlier
    key = "checkin.last_week" if last else "checkin.first_time"
    return (Words(voice.line(key, confidence=confidence)),)


def _buttons(voice: Voice, cycle_id: int, sheet: Sheet) -> tuple[Button, ...]:
    where = (cycle_id, sheet.week)
    nothing = "keep_all" if sheet.reviews else "nothing_short" if sheet.short else "nothing"
    return (
        opens(voice.line("checkin.open"), action("checkin", "open", *where), primary=True),
        Button(
            voice.line(f"checkin.{nothing}"),
            action("checkin", "none", *where),
        ),
        opens(voice.line("checkin.later"), action("snooze", "open", *where)),
        Button(
            voice.line("checkin.not_this_week"),
            action("checkin", "skip", *where),
            confirm=voice.line("checkin.skip_confirm"),
        ),
    )


def remind(voice: Voice, cycle_id: int, sheet: Sheet) -> Card:
    """The one reminder: short, with the same buttons."""
    return Card(
        voice.line("checkin.remind_title", week=sheet.week, review=sheet.reviews),
        voice.blocks("checkin.remind", name=sheet.person.name.split()[0]),
        _buttons(voice, cycle_id, sheet),
    )


def reminded(voice: Voice, sheet: Sheet) -> Card:
    """What the reminder becomes."""
    key = "checkin.reminded" if sheet.answered else "checkin.skipped"
    return Card(title(voice, sheet), voice.blocks(key))


def said(voice: Voice, cycle_id: int, sheet: Sheet) -> Card:
    """What somebody said, and their own picture back."""
    change = opens(voice.line("checkin.change"), action("checkin", "open", cycle_id, sheet.week))
    if sheet.skipped:
        return Card(title(voice, sheet), voice.blocks("checkin.skipped"), (change,))
    blocks: list[Block] = []
    for standing in sheet.standings:
        blocks.append(picture.meter(voice, standing))
        blocks.append(Text(_answer(voice, standing), "quiet"))
        outcome = sheet.outcome(standing.id)
        if outcome is not None:
            blocks.append(Text(reviewing.told(voice, outcome, title=False)))
    blocks += [Text(reviewing.told(voice, each)) for each in sheet.outcomes if each.dropped]
    given = [asked for asked in sheet.readings if asked.given is not None]
    if given:
        blocks.append(Bullets(tuple(readings.lines(voice, given))))
    blocks += list(_rest(voice, sheet))
    if not blocks:
        blocks += voice.blocks("checkin.nothing_said")
    mine = picture.course(voice, voice.line("checkin.course_title"), sheet.standings, sheet.week)
    if mine is not None:
        blocks += [Divider(), mine]
    checkin = sheet.checkin
    if checkin is not None and checkin.seconds is not None:
        blocks.append(Text(voice.spans("checkin.took", seconds=round(checkin.seconds)), "quiet"))
    return Card(voice.line("checkin.said_title", week=sheet.week), tuple(blocks), (change,))


def _answer(voice: Voice, standing: Standing) -> tuple[Words, ...]:
    update = standing.said
    confidence = voice.line(
        "picture.confidence",
        confidence=standing.confidence,
        band=voice.line(f"picture.{score.band(standing.confidence)}"),
    )
    if update is None:
        return (Words(voice.line("checkin.not_said")),)
    before, value = standing.before, update.value
    parts = [confidence]
    if standing.kr.kind not in ("done", "milestones") and value is not None:
        if before is not None and before != value:
            was = voice.number(before, standing.kr.unit)
            parts.insert(0, voice.line("checkin.was", before=was))
        elif before == value:
            parts.insert(0, voice.line("checkin.unchanged"))
    if update.note:
        parts.append(voice.line("picture.quoted", text=update.note))
    return (Words(" · ".join(parts)),)


def _rest(voice: Voice, sheet: Sheet) -> Iterator[Block]:
    if sheet.checkin is not None and sheet.checkin.line:
        yield voice.text("checkin.line_said", line=sheet.checkin.line)
    if sheet.blocker is not None:
        yield voice.text(
            "checkin.blocker_said",
            text=sheet.blocker.text,
            helper=named(sheet.helper) if sheet.helper else "",
            by="" if sheet.blocker.by is None else voice.day(sheet.blocker.by),
            solved=sheet.blocker.state == "solved",
        )
    done = [c for c in sheet.meant if c.done is not None]
    if done:
        yield voice.text(
            "checkin.done_said", done=sum(bool(c.done) for c in done), all=len(sheet.meant)
        )
    if sheet.commitments:
        yield voice.text("checkin.next_said")
        yield Bullets(tuple((Words(c.text),) for c in sheet.commitments))
