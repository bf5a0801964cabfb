"""The forms of a retrospective. What is asked without names stands on one page.

A form of one page is kept nowhere while somebody writes: it comes as a whole, when it is sent.
"""

from collections.abc import Iterator

from bot.chat.forms import Choice, Form, LongText, Option, Page, Person, Question, Read, ShortText
from bot.flow import action
from bot.flows.retro.survey import Survey
from bot.texts import Voice
from storage.retros import SCORES, TEXTS, Answer

LONGEST_ANSWER = 1500
LONGEST_DECISION = 200
NOTHING = Answer()


def answer(voice: Voice, own: Survey, named: bool, before: Answer = NOTHING) -> Form:
    """The survey; `named` as it was, or is, when the form was opened."""
    kind = "named" if named else "anonymous"
    meaning = action("retro", "answer", own.cycle_id, own.id, kind)
    intro = voice.blocks(f"retro.{kind}_intro", channel=own.channel)
    if not named and own.small:
        intro += voice.blocks("retro.too_few_intro", people=len(own.members))
    return Form(
        voice.line("retro.form_title", team=own.team.name),
        meaning,
        (Page("", tuple(_questions(voice, kind, before)), intro),),
        voice.line("retro.send"),
        voice.locale,
    )


def _questions(voice: Voice, kind: str, before: Answer) -> Iterator[Question]:
    hint = voice.line(f"retro.{kind}_hint")
    for name in TEXTS:
        yield LongText(
            id=name,
            label=voice.line(f"retro.ask_{name}"),
            value=before.texts.get(name, ""),
            hint=hint,
            longest=LONGEST_ANSWER,
        )
    steps = tuple(Option(str(n), voice.line(f"retro.step_{n}")) for n in range(1, 6))
    for name in SCORES:
        score = before.scores.get(name)
        yield Choice(
            id=name,
            label=voice.line(f"retro.ask_{name}"),
            options=steps,
            value="" if score is None else str(score),
            hint=voice.line(f"retro.{kind}_score_hint"),
        )


def answered(read: Read) -> Answer:
    """What a form says; what was left out is not in it."""
    texts = {name: read.text(name) for name in TEXTS if read.text(name)}
    return Answer(texts, {name: int(read.text(name)) for name in SCORES if read.text(name)})


def decision(voice: Voice, meaning: str, own: Survey) -> Form:
    """What the team changes from now on, and who sees to it."""
    questions = (
        ShortText(
            id="text",
            label=voice.line("retro.decision_text"),
            hint=voice.line("retro.decision_hint", channel=own.channel),
            required=True,
            longest=LONGEST_DECISION,
        ),
        Person(
            id="owner",
            label=voice.line("retro.decision_owner"),
            hint=voice.line("retro.decision_owner_hint"),
            required=True,
        ),
    )
    title = voice.line("retro.decision_title", team=own.team.name)
    return Form(title, meaning, (Page("", questions),), voice.line("retro.save"), voice.locale)
