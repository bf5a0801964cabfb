"""How every adapter must hear and answer, whatever its platform."""

import pytest

from bot.chat.adapter import Sent
from bot.chat.cards import Button, Card
from bot.chat.events import Clicked, Opened, Submitted, Typed, Values
from bot.chat.forms import (
    Choice,
    Choices,
    Form,
    LongText,
    Page,
    Person,
    Problem,
    ShortText,
    Somebody,
)
from bot.chat.replies import Fix, Open, Quiet, Say, Unsaved
from tests.adapters import contract, examples, extremes
from tests.adapters.contract import Bench, Seen
from tests.adapters.stages import NOT_SAVED, Ear, Memory

HOSTILE = (
    b"", b"null", b"[]", b"{}", b"0", b'""', b"{", b"\x00", b"\xff\xfe", b"NaN", b"1e999",
    b'{"type": null}', b'{"type": "typed", "me": 1}', b'{"type": "event_callback", "event": []}',
    b'{"type": "message", "text": {}, "from": null}', b"payload=null", b"payload=%7B%7D",
    b"payload=[]", b"payload=%ff", b"command=%2Fokr", b"&&&===", b'{"a": "\\ud800"}',
    b'{"a":' * 5000, b"[" * 100_000, b'{"a": "' + b"x" * 2_000_000 + b'"}',
)  # fmt: skip
"""What somebody may send who is no platform."""


def asked(bench: Bench) -> Form:
    """A form with every kind of question, about people of this platform."""
    people = (
        Somebody("1", "Alice Berg", (bench.alice.actor,)),
        Somebody("2", "Bob Chen", (bench.bob.actor,)),
    )
    questions = [
        Person(id="helper", label="Who can help?", people=people, value="2")
        if isinstance(question, Person)
        else question
        for question in examples.QUESTIONS.values()
        if question.id != "title"
    ]
    pages = (
        Page("Weekly active teams", tuple(questions[:3])),
        Page("The rest", tuple(questions[3:])),
    )
    return Form("Check-in of week 7", "checkin:save:7", pages, "Send")


async def opened(bench: Bench, ear: Ear, form: Form) -> Seen:
    """This form, open before Alice: pressed for, from a card that was sent to her."""
    button = Button("Update", "checkin:open:7", opens_form=True)
    assert isinstance(
        await bench.adapter.send(bench.home, Card("Your week", (), (button,)), key="ask"), Sent
    )
    ear.answers.append(Open(form))
    seen = await bench.alice.presses("Update", bench.home)
    assert seen.form is not None
    return seen


async def test_typed_words_arrive_and_are_answered_where_they_stood(bench: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("Hello, Alice"))]
    seen = await bench.alice.types("help me", bench.alice.dm)
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert (event.text, event.actor, event.at) == ("help me", bench.alice.actor, bench.alice.dm)
    assert event.private
    assert "Hello, Alice" in seen.said
    assert any("Hello, Alice" in each for each in await bench.alice.reads(bench.alice.dm))
    assert not await bench.bob.reads(bench.bob.dm)


@pytest.mark.parametrize("typed", examples.TYPED)
async def test_typed_words_arrive_as_they_are(bench: Bench, ear: Ear, typed: str) -> None:
    await bench.alice.types(f"x {typed} x", bench.alice.dm)
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert event.text == f"x {typed} x"


async def test_delivered_twice_is_one_event(bench: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("Hello")), Say(Card("Hello"))]
    await bench.alice.types("help", bench.alice.dm)
    await bench.alice.repeats()
    ear.answers.clear()
    await bench.alice.types("help", bench.alice.dm)
    ids = [event.id for event in ear.heard]
    assert ids[0] == ids[-2] != ids[-1], "the core tells by the id what it has heard already"
    shown = [each for each in await bench.alice.reads(bench.alice.dm) if "Hello" in each]
    assert len(shown) == 1


async def test_channel_sees_what_is_said_to_all(bench: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("For all"), private=False)]
    seen = await bench.alice.types("team", bench.channel)
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert (event.text, event.at, event.private) == ("team", bench.channel, False)
    assert "For all" in seen.said
    assert any("For all" in each for each in await bench.bob.reads(bench.channel))


async def test_private_answer_in_a_channel_is_for_its_reader_alone(bench: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("For you"))]
    assert "For you" in (await bench.alice.types("mine", bench.channel)).said
    assert not any("For you" in each for each in await bench.bob.reads(bench.channel))
    assert not any("For you" in each for each in await bench.bob.reads(bench.bob.dm))


async def test_quiet_shows_nothing(bench: Bench, ear: Ear) -> None:
    ear.answers = [Quiet()]
    assert await bench.alice.types("done", bench.alice.dm) == Seen()
    assert len(ear.heard) == 1
    assert await bench.bob.reads(bench.channel) == []


async def test_button_comes_back_with_all_that_it_means(bench: Bench, ear: Ear) -> None:
    meaning = f"checkin:same:{'x' * 300}:Ünï"
    card = Card("Your week", (), (Button("Other", "a:b"), Button("No change", meaning)))
    sent = await bench.adapter.send(bench.channel, card, key="k")
    assert isinstance(sent, Sent)
    ear.answers = [Say(Card("Noted"))]
    seen = await bench.bob.presses("No change", bench.channel)
    (event,) = ear.heard
    assert isinstance(event, Clicked)
    assert (event.actor, event.at, event.action) == (bench.bob.actor, bench.channel, meaning)
    assert event.message == sent.id
    assert not event.private
    assert "Noted" in seen.said
    assert not any("Noted" in each for each in await bench.alice.reads(bench.channel))


async def test_two_presses_are_two_events(bench: Bench, ear: Ear) -> None:
    card = Card("Your week", (), (Button("No change", "checkin:same:1"),))
    await bench.adapter.send(bench.home, card, key="k")
    for _ in range(2):
        await bench.alice.presses("No change", bench.home)
    assert ear.heard[0].id != ear.heard[1].id


async def test_every_button_of_many_can_be_pressed(bench: Bench, ear: Ear) -> None:
    card = extremes.LARGE["40 buttons"]
    assert isinstance(await bench.adapter.send(bench.home, card, key="k"), Sent)
    for label in ("Block 0", "Block 39", "Foot 0", "Foot 39"):
        await bench.alice.presses(label, bench.home)
    actions = [event.action for event in ear.heard if isinstance(event, Clicked)]
    assert actions == ["b:0", "b:39", "f:0", "f:39"]


async def test_home_is_shown_and_not_posted(bench: Bench, ear: Ear) -> None:
    home = Card("Your week", (), (Button("Update", "checkin:open:7", opens_form=True),))
    ear.answers = [Say(home), Open(asked(bench))]
    seen = await bench.alice.opens_home()
    assert isinstance(ear.heard[0], Opened)
    assert (ear.heard[0].actor, ear.heard[0].at) == (bench.alice.actor, bench.alice.dm)
    assert "Your week" in seen.said
    assert await bench.alice.reads(bench.alice.dm) == []
    seen = await bench.alice.presses("Update", None)
    assert isinstance(ear.heard[1], Clicked)
    assert (ear.heard[1].action, ear.heard[1].at) == ("checkin:open:7", bench.alice.dm)
    assert seen.form is not None


async def test_form_is_opened_by_a_word(bench: Bench, ear: Ear) -> None:
    """At once, or by the one button of a card where typing cannot open a form."""
    ear.answers = [Open(asked(bench)), Open(asked(bench))]
    seen = await bench.alice.types("checkin", bench.alice.dm)
    if seen.form is None:
        assert seen.said
        (label,) = seen.buttons
        seen = await bench.alice.presses(label, bench.alice.dm)
    assert seen.form is not None
    assert set(seen.form.values) == {question.id for question in asked(bench).questions()}


async def test_what_was_filled_in_before_comes_back_untouched(bench: Bench, ear: Ear) -> None:
    form = asked(bench)
    await opened(bench, ear, form)
    await bench.alice.sends({})
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert (event.actor, event.action) == (bench.alice.actor, form.action)
    before: Values = {question.id: question.value for question in form.questions()}
    assert form.read(event.values).answers == form.read(before).answers
    assert not form.read(event.values).faults


@pytest.mark.parametrize("name", [name for name, form in extremes.FORMS.items() if form.pages])
async def test_any_form_can_be_opened_and_sent(bench: Bench, ear: Ear, name: str) -> None:
    form = extremes.FORMS[name]
    seen = await opened(bench, ear, form)
    assert seen.form is not None
    assert (await bench.alice.sends({})).form is None
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert event.action == form.action
    for question in form.questions():
        if isinstance(question, LongText | ShortText):
            assert event.values.get(question.id, "") == question.value
        if isinstance(question, Choice | Choices):
            known = {option.value for option in question.options}
            value = (question.value,) if isinstance(question.value, str) else question.value
            kept = event.values.get(question.id, "")
            assert {*((kept,) if isinstance(kept, str) else kept)} - {""} == known & {*value}


async def test_what_is_filled_in_arrives_as_it_was_entered(bench: Bench, ear: Ear) -> None:
    await opened(bench, ear, asked(bench))
    filled: Values = {
        "value:42": "1.000,25", "note": "one\n<b>two</b>\n\n&amp; @everyone", "confidence": "10",
        "status": "off", "parent": "o9", "done": ("risk",), "by": "2026-03-02", "helper": "1",
    }  # fmt: skip
    assert await bench.alice.sends(filled) == Seen()
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    form = asked(bench)
    assert form.read(event.values).answers == form.read(filled).answers
    assert (event.values["note"], event.values["value:42"]) == (filled["note"], "1.000,25")


async def test_emptied_form_comes_back_empty(bench: Bench, ear: Ear) -> None:
    await opened(bench, ear, asked(bench))
    empty: Values = {
        question.id: () if isinstance(question, Choices) else ""
        for question in asked(bench).questions()
        if not question.required
    }
    await bench.alice.sends(empty)
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    answers = asked(bench).read(event.values).answers
    assert {question: answers[question] for question in empty} == dict.fromkeys(empty)


async def test_problem_stands_beside_its_question_until_mended(bench: Bench, ear: Ear) -> None:
    form = asked(bench)
    await opened(bench, ear, form)
    ear.answers = [Fix(form, (*examples.PROBLEMS, Problem("gone", "The cycle is closed.")))]
    typed: Values = {"value:42": "a <b>lot</b>", "note": "Kept.", "done": ("risk",), "helper": "1"}
    seen = await bench.alice.sends(typed)
    assert seen.form is not None
    for problem in examples.PROBLEMS:
        assert problem.text in seen.form.problems[problem.question]
    assert "The cycle is closed." in seen.form.problems[""]
    assert {*seen.form.problems} == {"value:42", "by", ""}
    assert {**seen.form.values, **typed} == seen.form.values
    ear.answers = [Say(Card("Saved"))]
    seen = await bench.alice.sends({"value:42": "1,300"})
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert form.read(event.values).answers == {
        **form.read({**{q.id: q.value for q in form.questions()}, **typed}).answers,
        "value:42": 1300.0,
    }
    assert seen.form is None
    assert "Saved" in seen.said


async def test_next_form_takes_the_place_of_the_one_sent(bench: Bench, ear: Ear) -> None:
    await opened(bench, ear, asked(bench))
    ear.answers = [Open(extremes.one(ShortText(id="second", label="And now?")))]
    seen = await bench.alice.sends({})
    assert seen.form is not None
    assert set(seen.form.values) == {"second"}


@pytest.mark.parametrize("is_private", [True, False])
async def test_form_of_a_channel_is_answered_there(
    bench: Bench, ear: Ear, is_private: bool
) -> None:
    card = Card("Team", (), (Button("Help", "flag:open:7", opens_form=True),))
    await bench.adapter.send(bench.channel, card, key="k")
    ear.answers = [Open(asked(bench)), Say(Card("Thank you"), private=is_private)]
    await bench.alice.presses("Help", bench.channel)
    assert "Thank you" in (await bench.alice.sends({})).said
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert (event.at, event.private) == (bench.channel, False)
    told = any("Thank you" in each for each in await bench.bob.reads(bench.channel))
    assert told != is_private


async def test_what_could_not_be_stored_is_said_and_kept(bench: Bench, ear: Ear) -> None:
    await opened(bench, ear, asked(bench))
    ear.answers = [Unsaved(NOT_SAVED), Quiet()]
    typed: Values = {"value:42": "1,300", "note": "Kept."}
    seen = await bench.alice.sends(typed)
    assert NOT_SAVED.title in seen.said
    assert seen.form is not None
    assert {**seen.form.values, **typed} == seen.form.values
    assert (await bench.alice.sends({})).form is None
    first, second = ear.heard[-2:]
    assert isinstance(first, Submitted)
    assert isinstance(second, Submitted)
    assert first.values == second.values


async def test_press_and_word_that_could_not_be_stored_say_so(bench: Bench, ear: Ear) -> None:
    card = Card("Your week", (), (Button("No change", "checkin:same:1"),))
    await bench.adapter.send(bench.home, card, key="k")
    ear.answers = [Unsaved(NOT_SAVED), Unsaved(NOT_SAVED)]
    assert NOT_SAVED.title in (await bench.alice.presses("No change", bench.home)).said
    assert NOT_SAVED.title in (await bench.alice.types("kr 12 40", bench.alice.dm)).said


async def test_hostile_input_is_refused_and_the_bot_stays(bench: Bench, ear: Ear) -> None:
    answered = {body[:40]: await bench.throws(body) for body in HOSTILE}
    assert not {body: status for body, status in answered.items() if status >= 500}
    ear.heard.clear()
    await bench.alice.types("help", bench.alice.dm)
    assert len(ear.heard) == 1


async def test_it_stops_at_once_and_runs_again(bench: Bench) -> None:
    keep = Memory()
    for word in ("one", "two"):
        ear = Ear()
        ear.answers = [Say(Card(f"Answer {word}"))]
        async with contract.listening(bench, ear, keep):
            assert f"Answer {word}" in (await bench.alice.types(word, bench.alice.dm)).said
        assert len(ear.heard) == 1
    assert isinstance(await bench.adapter.send(bench.home, NOT_SAVED, key="k"), Sent)
