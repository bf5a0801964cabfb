"""The one form of the check-in: key results, last week's commitments, blocker, next week."""

from datetime import date

from msgspec.structs import replace

from bot import picture, saying
from bot.chat.cards import Text, Words
from bot.chat.forms import (
    Choices,
    Day,
    Form,
    LongText,
    Option,
    Page,
    Person,
    Question,
    ShortText,
)
from bot.flow import action
from bot.flows.checkin.sheet import Sheet
from bot.kpis import readings
from bot.picture import Standing
from bot.quarter import reviewing
from bot.texts import Voice

COMMITMENTS = 3


def form(
    voice: Voice,
    cycle_id: int,
    sheet: Sheet,
    today: date,
    begun: int,
    opened: int,
) -> Form:
    """Everything pre-filled with what was said last.

    `begun` is the second at which it was opened first, `opened` that of what it shows.
    """
    first, *rest = (
        *(_key_result(voice, sheet, standing) for standing in sheet.standings),
        *([readings.page(voice, sheet.readings)] if sheet.readings else []),
        _week(voice, sheet, today),
    )
    return Form(
        title(voice, sheet),
        action("checkin", "answer", cycle_id, sheet.week, begun, opened),
        (replace(first, intro=(*first.intro, saying.seen(voice))), *rest),
        voice.line("checkin.submit"),
        voice.locale,
    )


def title(voice: Voice, sheet: Sheet) -> str:
    """What a week's questions are called."""
    return voice.line("checkin.review_title" if sheet.reviews else "checkin.title", week=sheet.week)


def _key_result(voice: Voice, sheet: Sheet, standing: Standing) -> Page:
    asked = saying.questions(voice, standing)
    if sheet.reviewed_in is not None:
        outcome = sheet.outcome(standing.id)
        review = outcome.review if outcome else None
        asked += tuple(reviewing.questions(voice, sheet.reviewed_in, standing, review))
    return Page(
        standing.kr.title,
        asked,
        (Text((Words(picture.summary(voice, standing)),), "quiet"),),
    )


def _week(voice: Voice, sheet: Sheet, today: date) -> Page:
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
    if sheet.in_the_way:
        questions.append(
            Choices(
                id="solved",
                label=voice.line("checkin.which_solved"),
                options=tuple(Option(str(b.id), b.text) for b in sheet.in_the_way),
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
            others=True,
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
