"""The one form of the check-in: key results, last week's commitments, blocker, next week."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot import picture
from bot.chat.cards import Text, Words
from bot.chat.forms import (
    Choice,
    Choices,
    Day,
    Form,
    LongText,
    Number,
    Option,
    Page,
    Person,
    Question,
    ShortText,
    Somebody,
)
from bot.flow import action
from bot.flows.checkin.sheet import Sheet
from bot.method import score
from bot.picture import Standing
from bot.texts import Voice

COMMITMENTS = 3
CONFIDENCE = tuple(Option(str(n), str(n)) for n in range(1, 11))


def form(
    voice: Voice,
    cycle_id: int,
    sheet: Sheet,
    people: tuple[Somebody, ...],
    today: date,
    opened: int,
) -> Form:
    """Everything pre-filled with what was said last. `opened` is the second it was opened at."""
    return Form(
        voice.line("checkin.title", week=sheet.week),
        action("checkin", "answer", cycle_id, sheet.week, opened),
        (
            *(_key_result(voice, standing) for standing in sheet.standings),
            _week(voice, sheet, people, today),
        ),
        voice.line("checkin.submit"),
        voice.locale,
    )


def _key_result(voice: Voice, standing: Standing) -> Page:
    latest = standing.said
    return Page(
        standing.kr.title,
        (
            *_value(voice, standing),
            Choice(
                id=f"confidence-{standing.id}",
                label=voice.line("checkin.confidence"),
                hint=voice.line(
                    "checkin.confidence_hint_asks"
                    if standing.disagrees
                    else "checkin.confidence_hint",
                    band=voice.line(f"picture.{score.band(standing.confidence)}"),
                    pace=voice.line(f"picture.{standing.pace}") if standing.pace else "",
                ),
                options=CONFIDENCE,
                value=str(standing.confidence),
                required=True,
            ),
            ShortText(
                id=f"note-{standing.id}",
                label=voice.line("checkin.note"),
                value=latest.note if latest else "",
                longest=500,
            ),
        ),
        (Text((Words(picture.summary(voice, standing)),), "quiet"),),
    )


def _value(voice: Voice, standing: Standing) -> Iterator[Question]:
    number, value = standing.id, standing.value
    match standing.kr.kind:
        case "done":
            yield Choice(
                id=f"value-{number}",
                label=voice.line("checkin.is_done"),
                options=(
                    Option("0", voice.line("picture.not_done")),
                    Option("1", voice.line("picture.done")),
                ),
                value="1" if (value or 0) >= 1 else "0",
                required=True,
            )
        case "milestones":
            if standing.milestones:
                yield Choices(
                    id=f"value-{number}",
                    label=voice.line("checkin.which_milestones"),
                    options=tuple(Option(str(m.id), m.title) for m in standing.milestones),
                    value=tuple(str(m.id) for m in standing.milestones if m.done_on is not None),
                )
        case _:
            unit = standing.kr.unit
            yield Number(
                id=f"value-{number}",
                label=voice.line("checkin.value_in" if unit else "checkin.value", unit=unit),
                value="" if value is None else voice.number(value),
                hint=""
                if value is None
                else voice.line("checkin.value_hint", value=voice.number(value, unit)),
                required=standing.kr.kind != "within",
            )


def _week(voice: Voice, sheet: Sheet, people: Sequence[Somebody], today: date) -> Page:
    questions: list[Question] = []
    blocker, checkin = sheet.blocker, sheet.checkin
    if sheet.short:
        questions.append(
            ShortText(
                id="line",
                label=voice.line("checkin.line"),
                value=checkin.line if checkin else "",
                longest=500,
            )
        )
    if sheet.meant:
        questions.append(
            Choices(
                id="meant",
                label=voice.line("checkin.which_done"),
                options=tuple(Option(str(c.position), c.text) for c in sheet.meant),
                value=tuple(str(c.position) for c in sheet.meant if c.done),
            )
        )
    questions += [
        LongText(
            id="blocker",
            label=voice.line("checkin.blocker"),
            hint=voice.line("checkin.blocker_hint"),
            value=blocker.text if blocker else "",
        ),
        Person(
            id="helper",
            label=voice.line("checkin.helper"),
            people=tuple(people),
            value=str(blocker.helper_id) if blocker and blocker.helper_id else "",
        ),
        Day(
            id="by",
            label=voice.line("checkin.by"),
            value=blocker.by.isoformat() if blocker and blocker.by else "",
            first="" if blocker and blocker.by and blocker.by < today else today.isoformat(),
        ),
    ]
    for position in range(COMMITMENTS):
        meant = next((c.text for c in sheet.commitments if c.position == position), "")
        questions.append(
            ShortText(
                id=f"next-{position}",
                label=voice.line("checkin.next", number=position + 1),
                value=meant,
            )
        )
    return Page(voice.line("checkin.week_page"), tuple(questions))
