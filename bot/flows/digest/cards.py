"""The team's summary: one message, and the answers in its thread."""

from collections.abc import Iterator, Mapping, Sequence

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Buttons, Card, Column, Spans, Table, Text, Words
from bot.flow import LONGEST_ABOUT, action, named
from bot.flows.digest import words
from bot.flows.digest.week import TeamWeek
from bot.method import pace
from bot.picture import Standing
from bot.quarter import reviewing
from bot.texts import Voice
from storage.checkins import Blocker, Commitment
from storage.people import Person


def summary(
    voice: Voice, week: TeamWeek, updated: str = "", buttons: Sequence[Button] = ()
) -> Card:
    """A team's week in one message; `updated` says when it changed after it was posted."""
    blocks: list[Block] = []
    if week.participation.anybody:
        blocks.append(Text(_participation(voice, week)))
    if updated:
        blocks.append(Text(voice.spans("digest.updated", at=updated), "quiet"))
    chart = picture.course(
        voice, voice.line("digest.course_title", team=week.team.name), week.counted, week.week
    )
    blocks += [chart] if chart else []
    news = [
        *_changed(voice, week),
        *_decisions(voice, week),
        *_decided(voice, week),
        *_help(voice, week),
    ]
    news += _wins(voice, week)
    blocks += news or voice.blocks("digest.quiet", agreed=bool(week.counted))
    if week.standings:
        blocks.append(_table(voice, week))
    blocks += _below(voice, week)
    if week.readers:
        readers = [week.people[i] for i in week.readers if i in week.people]
        blocks.append(Text(voice.spans("digest.read_by", who=words.names(readers)), "quiet"))
    if week.lead_id is not None and week.lead_id not in week.readers:
        buttons = (_read(voice, week), *buttons)
    title = voice.line(
        "digest.title", team=week.team.name, week=week.week, weeks=week.term.calendar.weeks
    )
    return Card(title, tuple(blocks), tuple(buttons))


def _read(voice: Voice, week: TeamWeek) -> Button:
    """The lead's one tap: "I have read this"."""
    meaning = action("digest", "read", week.term.cycle_id, week.week, week.team.id)
    return Button(voice.line("digest.read"), meaning, about=week.team.name[:LONGEST_ABOUT])


def _participation(voice: Voice, week: TeamWeek) -> Spans:
    took_part = week.participation
    return voice.spans(
        "digest.participation",
        answered=took_part.answered,
        expected=took_part.expected,
        late=len(took_part.late),
        open=words.names(took_part.open),
        over=week.over,
        away=words.names(took_part.away),
        away_count=len(took_part.away),
        skipped=words.names(took_part.skipped),
    )


def _changed(voice: Voice, week: TeamWeek) -> Iterator[Block]:
    moved = week.moved
    items = [words.change(voice, week, standing) for standing in moved[: words.MANY]]
    if items:
        yield from voice.blocks("digest.changed")
        yield from words.lines(voice, items, of=len(moved))


def _decisions(voice: Voice, week: TeamWeek) -> Iterator[Block]:
    items = [
        voice.spans(
            "digest.decision",
            title=concern.standing.kr.title,
            reasons=words.reasons(voice, concern),
            who=words.told(week, concern.standing.kr.owner_id),
        )
        for concern in week.concerns[: words.MANY]
    ]
    if items:
        yield from voice.blocks("digest.decisions")
        yield from words.lines(voice, items, of=len(week.concerns))


def _decided(voice: Voice, week: TeamWeek) -> Iterator[Block]:
    """What the review kept, adjusted and dropped; and targets that were moved in other weeks."""
    items = [reviewing.told(voice, outcome) for outcome in week.decided[: words.MANY]]
    if items or week.kept:
        yield from voice.blocks("digest.decided")
    if week.kept:
        yield voice.text("digest.kept", count=week.kept)
    yield from words.lines(voice, items, of=len(week.decided))


def _help(voice: Voice, week: TeamWeek) -> Iterator[Block]:
    shown = week.blockers[: words.MANY]
    if not shown:
        return
    yield from voice.blocks("digest.help")
    for blocker in shown:
        yield words.blocked(voice, week, blocker, tell=True)
        if blocker.state != "solved":
            yield Buttons(_offers(voice, week, blocker))
    if len(week.blockers) > len(shown):
        count = len(week.blockers) - len(shown)
        yield Text(voice.spans("digest.more", count=count), "quiet")


def _offers(voice: Voice, week: TeamWeek, blocker: Blocker) -> tuple[Button, ...]:
    about = blocker.text[:LONGEST_ABOUT]
    take = Button(voice.line("digest.take"), action("digest", "take", blocker.id), about=about)
    rest = (solved(voice, blocker), *words.in_full(voice, week, blocker))
    return (take, *rest) if blocker.state == "open" else rest


def solved(voice: Voice, blocker: Blocker) -> Button:
    """The button of a blocker that is out of the way."""
    return Button(
        voice.line("digest.solved"),
        action("digest", "solved", blocker.id),
        about=blocker.text[:LONGEST_ABOUT],
    )


def _wins(voice: Voice, week: TeamWeek) -> Iterator[Block]:
    items = [words.win(voice, won) for won in week.wins]
    items += [words.thanked(voice, week, thanks) for thanks in week.thanks]
    if items:
        yield from voice.blocks("digest.wins")
        yield from words.lines(voice, items)


def _table(voice: Voice, week: TeamWeek) -> Table:
    headings = ("key_result", "value", "progress", "pace", "confidence_column")
    return Table(
        voice.line("digest.table"),
        tuple(Column(voice.line(f"digest.{name}"), name == "progress") for name in headings),
        tuple(_row(voice, week, standing) for standing in week.standings),
    )


def _row(voice: Voice, week: TeamWeek, standing: Standing) -> tuple[Spans, ...]:
    believed = standing.confidence
    if week.stale(standing):
        since = standing.latest.week if standing.latest else 0
        confidence = voice.line("digest.stale", confidence=0, band="", pace="", week=since)
    else:
        band = words.band(voice, believed)
        confidence = voice.line("digest.of_ten", confidence=believed, band=band)
    cells = (
        standing.kr.title,
        picture.value_of_target(voice, standing),
        "–" if standing.progress is None else voice.percent(standing.progress),
        voice.line(f"picture.{standing.pace}") if standing.pace else "–",
        confidence,
    )
    return tuple((Words(cell),) for cell in cells)


def _below(voice: Voice, week: TeamWeek) -> Iterator[Block]:
    if not week.below:
        return
    yield from voice.blocks("digest.below")
    items = []
    for below in week.below:
        progress, expected = picture.means(below.standings)
        judged = pace.judge(expected, progress)
        items.append(
            voice.spans(
                "digest.below_line",
                team=below.team.name,
                progress="" if progress is None else voice.percent(progress),
                expected="" if expected is None else voice.percent(expected),
                pace=voice.line(f"picture.{judged}") if judged else "",
            )
        )
    yield from words.lines(voice, items, 3 * words.MANY)


def details(
    voice: Voice,
    week: TeamWeek,
    meant: Mapping[int, Sequence[Commitment]],
    commitments: Mapping[int, Sequence[Commitment]],
) -> Card:
    """What each person wrote, for the summary's thread."""
    blocks: list[Block] = []
    for number in sorted(week.heard, key=lambda i: (week.people[i].name, i)):
        items = list(_notes(voice, week, number))
        line = ""
        if number in week.members and number in week.said:
            line = week.said[number].line
            items += _plans(voice, meant.get(number, ()), commitments.get(number, ()))
            items += _in_the_way(voice, week, number)
        if line or items:
            blocks.append(_person(voice, week.people[number], line))
        blocks += [Bullets(tuple(items))] if items else []
    answered = bool(week.heard) or any(standing.said for standing in week.standings)
    return Card(
        voice.line("digest.details_title", week=week.week),
        tuple(blocks) or voice.blocks("digest.no_words", answered=answered),
    )


def _person(voice: Voice, person: Person, line: str) -> Text:
    return voice.text("digest.person", who=named(person), line=line)


def _notes(voice: Voice, week: TeamWeek, person_id: int) -> Iterator[Spans]:
    for standing in week.standings:
        said = standing.said
        if said is not None and said.note and said.by_id == person_id:
            yield voice.spans("digest.note", title=standing.kr.title, note=said.note)


def _plans(
    voice: Voice, meant: Sequence[Commitment], commitments: Sequence[Commitment]
) -> Iterator[Spans]:
    for commitment in meant:
        if commitment.done is not None:
            name = "digest.was_done" if commitment.done else "digest.was_not_done"
            yield voice.spans(name, text=commitment.text)
    for commitment in commitments:
        yield voice.spans("digest.next", text=commitment.text)


def _in_the_way(voice: Voice, week: TeamWeek, person_id: int) -> Iterator[Spans]:
    for blocker in week.blockers:
        if blocker.person_id == person_id and blocker.week == week.week:
            solved = blocker.state == "solved"
            yield voice.spans("digest.in_the_way", text=blocker.text, solved=solved)
