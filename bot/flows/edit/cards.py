"""What was changed, as cards; and all that one may change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import cast
from bot.chat.cards import Block, Button, Buttons, Card, Text, Words
from bot.chat.forms import Form, Somebody
from bot.chat.stage import Example
from bot.flow import action, opens
from bot.flows.edit import goalposts
from bot.goals import findings, forms, shown
from bot.goals.findings import Found
from bot.goals.forms import Choices
from bot.goals.values import KeyResultValues, ObjectiveValues
from bot.method.lint import Spoken
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from bot.texts import Voice
from storage.objectives import KeyResult, Objective
from storage.reviews import Review

SHOWN = 8


def listed(voice: Voice, krs: Sequence[KeyResult], objectives: Sequence[Objective]) -> Card:
    """Each with its button; what does not fit can be named by its number."""
    if not krs and not objectives:
        return Card(voice.line("edit.nothing_title"), voice.blocks("edit.nothing"))
    blocks: list[Block] = []
    if objectives:
        blocks += voice.blocks("edit.objectives")
    for each in objectives[:SHOWN]:
        meaning = action("edit", "objective", each.id or 0)
        blocks += _row(voice, f"#{each.id} {each.title}", meaning, each.title)
    if krs:
        blocks += voice.blocks("edit.key_results")
    for kr in krs[:SHOWN]:
        blocks += _row(voice, f"#{kr.id} {kr.title}", action("edit", "kr", kr.id or 0), kr.title)
    if len(krs) > SHOWN or len(objectives) > SHOWN:
        blocks += voice.blocks("edit.more")
    return Card(voice.line("edit.title"), tuple(blocks))


def _row(voice: Voice, text: str, meaning: str, about: str) -> list[Block]:
    button = opens(voice.line("edit.edit"), meaning, about=about)
    return [Text((Words(text),)), Buttons((button,))]


def objective(
    voice: Voice, row: Objective, team: str, owner: str, found: Sequence[Found] = ()
) -> Card:
    """An objective as it is now."""
    again = opens(voice.line("edit.edit"), action("edit", "objective", row.id or 0))
    facts = shown.objective(voice, ObjectiveValues.of(row), team, owner)
    blocks = (facts, *findings.noted(voice, found))
    drop = Button(
        voice.line("edit.drop"),
        action("edit", "drop_objective", row.id or 0),
        "danger",
        about=row.title,
        confirm=voice.line("edit.drop_objective_confirm", title=findings.short(row.title)),
    )
    return Card(voice.line("edit.objective_saved"), blocks, (again, drop))


def key_result(
    voice: Voice,
    number: int,
    before: KeyResultValues,
    values: KeyResultValues,
    objective: Objective,
    owner: str,
    found: Sequence[Found] = (),
    proposed: Outcome | None = None,
) -> Card:
    """A key result as it is now; a new measure names the old one, or whom it waits for."""
    blocks: list[Block] = [shown.key_result(voice, values, objective.title, owner)]
    was, now = shown.course(voice, before), shown.course(voice, values)
    if was != now:
        blocks += voice.blocks("edit.was", course=was)
    if proposed is not None:
        blocks.append(Text(reviewing.told(voice, proposed, title=False)))
    blocks += findings.noted(voice, found)
    drop = Button(
        voice.line("edit.drop"),
        action("edit", "drop", number),
        "danger",
        about=values.title,
        confirm=voice.line("edit.drop_confirm", title=values.title),
    )
    again = opens(voice.line("edit.edit"), action("edit", "kr", number))
    title = voice.line("edit.key_result_saved", number=number)
    return Card(title, tuple(blocks), (again, drop))


def dropped(voice: Voice, kr: KeyResult) -> Card:
    """A key result that is dropped, or asked about again."""
    text = {"dropped": "dropped", "open": "restored"}.get(kr.state, "closed")
    button = Button(voice.line("edit.restore"), action("edit", "restore", kr.id or 0))
    return Card(
        voice.line(f"edit.{text}_title", number=kr.id),
        voice.blocks(f"edit.{text}", title=kr.title),
        (button,) if text == "dropped" else (),
    )


def objective_dropped(voice: Voice, row: Objective, krs: int) -> Card:
    """An objective that is dropped with its key results, or back again."""
    gone = row.state == "dropped"
    text = "objective_dropped" if gone else "objective_restored"
    label, meaning = voice.line("edit.restore"), action("edit", "restore_objective", row.id or 0)
    return Card(
        voice.line(f"edit.{text}_title"),
        voice.blocks(f"edit.{text}", title=row.title, count=krs, state=row.state),
        (Button(label, meaning),) if gone else (),
    )


def examples(voice: Voice) -> Iterable[Example]:
    """Bob changes the target of churn, and drops the guide."""
    people = (Somebody("2", cast.BOB.name),)
    names = {2: cast.GROWTH.name}
    choices = Choices(people, (cast.GROWTH,), (cast.LOVED, cast.STEADY), names)
    churn = KeyResultValues.of(cast.CHURN, ())
    bolder = replace(churn, target=2.5)
    guide = KeyResultValues.of(cast.GUIDE, cast.STEPS)
    hostile = cast.CHURN.model_copy(update={"title": cast.HOSTILE})
    review = Review(
        cycle_id=1, week=5, key_result_id=2, decision="adjust", state="waiting", baseline=4,
        target=2.5, reason=cast.HOSTILE, approver_id=1, by_id=2, at=cast.FRIDAY,
    )  # fmt: skip
    waiting = Outcome(review, cast.CHURN, cast.LOVED, approver=cast.ALICE)
    lost = cast.LOVED.model_copy(update={"state": "dropped", "title": cast.HOSTILE})
    gone = cast.GUIDE.model_copy(update={"state": "dropped"})

    unit = Found(2, "key_result", 2, cast.CHURN.title, Spoken("no_unit"))

    def form(now: KeyResultValues, number: int, found: Sequence[Found] = ()) -> Form:
        title = voice.line("edit.key_result_title", number=number)
        meaning = action("edit", "kr", number, 0)
        intro = findings.told(voice, found)
        why = (goalposts.question(voice, authority=number != 2),)
        return forms.key_result(voice, title, meaning, now, choices, cast.CYCLE, intro, why=why)

    loved = ObjectiveValues.of(cast.LOVED)
    title, meaning = voice.line("edit.objective_title"), action("edit", "objective", 1, 0)
    shown_now = (
        ("list", listed(voice, [cast.NPS, hostile], [cast.LOVED])),
        ("nothing to edit", listed(voice, [], [])),
        ("key result form", form(churn, 2)),
        ("key result form, with a finding", form(churn, 2, (unit,))),
        ("key result form, milestones", form(guide, 4)),
        ("objective form", forms.objective(voice, title, meaning, loved, choices)),
        ("saved", key_result(voice, 2, churn, bolder, cast.LOVED, cast.BOB.name)),
        (
            "saved, with a finding",
            key_result(voice, 2, churn, bolder, cast.LOVED, cast.BOB.name, (unit,)),
        ),
        (
            "saved, waits",
            key_result(voice, 2, churn, churn, cast.LOVED, cast.BOB.name, proposed=waiting),
        ),
        ("objective saved", objective(voice, cast.LOVED, cast.GROWTH.name, cast.ALICE.name)),
        ("objective dropped", objective_dropped(voice, lost, 3)),
        ("objective taken back", objective_dropped(voice, cast.LOVED, 1)),
        ("dropped", dropped(voice, gone)),
        ("taken back", dropped(voice, cast.GUIDE)),
    )
    return (Example("edit", name, card) for name, card in shown_now)
