"""Forms as modals: what Slack takes, that what stands in them comes back, pages and problems."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from adapters.slack import forms
from bot.chat.cards import Divider, Text
from bot.chat.events import Values
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
    Problem,
    Question,
    ShortText,
    Somebody,
)
from bot.chat.who import Actor
from bot.flows import flows
from bot.texts import Voice
from tests.adapters import examples
from tests.adapters.examples import say
from tests.adapters.slack import judges, shown

Json = dict[str, Any]
NAME = ("Grow the number of clinics that book every week, " * 5)[:200]
SLACK_ALICE = Somebody("1", "Alice Berg", (Actor("slack", "T1", "U1"),))


def form_of(*questions: Question, **fields: Any) -> Form:
    return Form("Title", "a:b", (Page("", questions),), "Send", **fields)


def pages(form: Form, **how: Any) -> list[Json]:
    views = [forms.view(form, meta="{}", page=n, **how) for n in range(forms.pages(form))]
    assert [fault for view in views for fault in judges.of_modal(view)] == []
    return views


def element(question: Question, **how: Any) -> Json:
    """The field that a question is asked with."""
    (view,) = pages(form_of(question), **how)
    (field,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return dict(field)


def sent(*views: Json) -> Values:
    """What Slack sends when nobody has touched anything."""
    values: dict[str, str | tuple[str, ...]] = {}
    for view in views:
        state: dict[str, Json] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                field = block["element"]
                state[block["block_id"]] = {field["action_id"]: untouched(field)}
        values |= forms.values({"type": "modal", "team_id": "T1", "state": {"values": state}})
    return values


def untouched(field: Json) -> Json:
    match field["type"]:
        case "plain_text_input":
            said = {"value": field.get("initial_value")}
        case "datepicker":
            said = {"selected_date": field.get("initial_date")}
        case "users_select":
            said = {"selected_user": field.get("initial_user")}
        case "static_select" | "radio_buttons":
            said = {"selected_option": field.get("initial_option")}
        case "checkboxes" | "multi_static_select":
            said = {"selected_options": field.get("initial_options", [])}
        case kind:
            raise AssertionError(kind)
    return {"type": field["type"], **said}


def held(form: Form) -> Mapping[str, object]:
    """What a form holds when it is shown: no option that is gone, and no list of nothing."""
    return {
        question.id: _kept(question)
        for question in form.questions()
        if not isinstance(question, Choice | Choices) or question.options
    }


def _kept(question: Question) -> object:
    if not isinstance(question, Choice | Choices):
        return question.value
    known = {option.value for option in question.options}
    if isinstance(question, Choice):
        return question.value if question.value in known else ""
    return tuple(value for value in question.value if value in known)


@pytest.mark.parametrize("name", sorted(flows()))
@pytest.mark.parametrize("locale", ["en", "de-DE"])
def test_every_form_of_every_flow_comes_back_as_it_was(name: str, locale: str) -> None:
    for example in flows()[name].examples(Voice(locale, "Europe/Berlin")):
        if isinstance(example.shown, Form):
            assert sent(*pages(example.shown)) == held(example.shown), example.name


@pytest.mark.parametrize("typed", [*examples.TYPED, NAME[:140], "two\nlines", " ", "=", "-"])
def test_whatever_was_typed_comes_back(typed: str) -> None:
    form = examples.asked_everywhere(typed)
    assert sent(*pages(form)) == held(form)
    if typed.strip():
        assert shown.inert(shown.asked(form), typed)


@pytest.mark.parametrize(
    "question",
    [
        *examples.QUESTIONS.values(),
        Number(id="n", label="N", required=True),
        ShortText(id="s", label="S", value="x" * 300, longest=200),
        LongText(id="l", label="L", value="🚀" * 3000),
        Choice(id="c", label="C", options=examples.STATUS, value="", required=True),
        Choice(id="c", label="C", options=(Option("", "Nobody"), Option("a", "A")), value=""),
        Choice(id="c", label="C", options=(Option("a", "A"), Option("a", "B")), value="a"),
        Choices(id="m", label="M", options=examples.STATUS, value=("off", "on")),
        Choices(id="m", label="M", options=examples.MANY * 2, value=("o9", "o1")),
        Choices(id="m", label="M", options=examples.STATUS, value=(), required=True),
        Day(id="d", label="D", value="tomorrow"),
        Day(id="d", label="D", value="20260213"),
        Person(id="p", label="P", value="slack/T1/U0123"),
        Person(id="p", label="P", value="7"),
        Person(id="p", label="P", value=""),
        Person(id="p", label="P", people=(examples.BOB,), value="7"),
        ShortText(id="", label="", value="x"),
        ShortText(id="ä:/%25 \n\u202e" + "x" * 300, label="Odd", value="x"),
    ],
    ids=lambda question: (
        f"{type(question).__name__}-{question.id}"[:40].encode("unicode_escape").decode()
    ),
)
def test_what_stands_in_a_field_comes_back(question: Question) -> None:
    form = form_of(question)
    assert sent(*pages(form)) == {question.id: question.value}


@pytest.mark.parametrize(
    ("question", "left"),
    [
        (Choice(id="q", label="Q", options=examples.STATUS, value="gone"), {"q": ""}),
        (Choices(id="q", label="Q", options=examples.STATUS, value=("gone", "on")), {"q": ("on",)}),
        (Choice(id="q", label="Q", options=(), value="gone"), {}),
        (Choices(id="q", label="Q", options=(), value=("gone",)), {}),
    ],
)
def test_an_option_that_is_gone_is_not_chosen_any_more(question: Question, left: Values) -> None:
    assert sent(*pages(form_of(question))) == left


def test_what_was_entered_stands_in_the_form() -> None:
    entered: Values = {"value:42": "a lot", "done": ("risk",), "by": "", "helper": "1"}
    assert sent(*pages(examples.FORM, values=entered)) == {**held(examples.FORM), **entered}


def test_an_account_that_the_flow_names_is_that_person() -> None:
    question = Person(id="p", label="P", people=(SLACK_ALICE,), value="slack/T1/U1")
    assert sent(*pages(form_of(question))) == {"p": "1"}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (examples.QUESTIONS["number"], "plain_text_input"),
        (examples.QUESTIONS["chips"], "radio_buttons"),
        (replace(examples.QUESTIONS["chips"], required=False), "static_select"),
        (examples.QUESTIONS["scale"], "static_select"),
        (examples.QUESTIONS["choices"], "checkboxes"),
        (
            Choices(id="m", label="M", options=examples.MANY + examples.STATUS),
            "multi_static_select",
        ),
        (examples.QUESTIONS["day"], "datepicker"),
        (examples.QUESTIONS["person"], "static_select"),
        (Person(id="p", label="P"), "users_select"),
    ],
    ids=lambda each: each if isinstance(each, str) else f"{type(each).__name__}-{each.id}",
)
def test_a_question_is_asked_as_its_answers_fit(question: Question, kind: str) -> None:
    assert element(question)["type"] == kind


def test_a_choice_that_is_not_required_can_be_taken_back() -> None:
    field = element(examples.QUESTIONS["list"])
    nothing = {**untouched(field), "selected_option": field["options"][0]}
    assert forms.values({"values": {"0:parent": {"0:": nothing}}}) == {"parent": ""}


def test_a_picked_person_is_their_account() -> None:
    picked = {"state": {"values": {"0:p": {"0:": {"type": "users_select", "selected_user": "U7"}}}}}
    assert forms.values({**picked, "team_id": "T1"}) == {"p": "slack/T1/U7"}
    assert forms.values(picked, "T2") == {"p": "slack/T2/U7"}


def test_three_hundred_teams_stand_in_groups() -> None:
    teams = tuple(Option(str(n), f"{n}: {NAME}: end {n}") for n in range(300))
    question = Choice(id="t", label="Team", options=teams, value="299")
    field = element(question)
    assert "options" not in field
    options = [option for group in field["option_groups"] for option in group["options"]]
    listed = [option["value"] for option in options]
    assert field["initial_option"]["value"] == "=299"
    assert listed == ["-", *(f"={n}" for n in range(300))]
    assert options[1]["text"]["text"].startswith("0: Grow the number")
    assert options[1]["description"]["text"].startswith("clinics that book every week, ")
    said = shown.seen(shown.asked(form_of(question)))
    assert all(f"{n}: {NAME}: end {n}\n" in said for n in range(300))


def test_what_does_not_fit_into_a_list_is_said() -> None:
    teams = tuple(Option(str(n), f"{n}: {NAME}") for n in range(3000))
    form = form_of(Choice(id="t", label="Team", options=teams, value="2999", required=True))
    (view,) = pages(form)
    assert sent(view) == {"t": "2999"}
    said = view["blocks"][-1]["elements"][0]["text"]
    assert said.startswith("3000 could be chosen; only the first ")


@pytest.mark.parametrize("what", ["id", "value", "meta"])
def test_what_slack_cannot_carry_is_refused(what: str) -> None:
    long = "x" * 4000
    question: Question = ShortText(id=long if what == "id" else "s", label="S")
    if what == "value":
        question = Choice(id="c", label="C", options=(Option(long, "A"),))
    with pytest.raises(ValueError, match="too long for Slack: xxx"):
        forms.view(form_of(question), meta=long if what == "meta" else "")


def test_a_form_says_its_title_and_button_in_full() -> None:
    form = replace(
        form_of(examples.QUESTIONS["number"]), title=NAME, submit="Send it to the whole team"
    )
    (view,) = pages(form)
    assert len(view["title"]["text"]) <= 24
    assert view["blocks"][0]["elements"][0]["elements"][0]["text"] == NAME
    assert view["submit"]["text"] == "Send it to the whole te…"
    assert "Send it to the whole team" in shown.asked(form)


def test_long_labels_and_hints_are_shown_whole() -> None:
    form = form_of(ShortText(id="s", label=NAME * 12, hint="h" * 2500))
    pages(form)
    assert NAME * 9 in shown.seen(shown.asked(form)).replace("\n", "")
    assert "h" * 2500 in shown.seen(shown.asked(form)).replace("\n", "")


def test_a_list_of_nothing_is_said() -> None:
    form = form_of(Choice(id="c", label="Contributes to", options=()), ShortText(id="s", label="S"))
    (view,) = pages(form)
    assert view["blocks"][0]["elements"][0]["text"] == "Contributes to: –"


# Pages


def long_form(key_results: int = 60) -> Form:
    """A check-in of many key results."""
    return Form(
        "Check-in of week 7",
        "checkin:save:7",
        tuple(
            Page(
                f"{n}: {NAME}"[:200],
                (
                    Number(id=f"value-{n}", label="Value", value="1.240,5", required=True),
                    Choice(id=f"confidence-{n}", label="Confidence", options=examples.CONFIDENCE),
                    ShortText(id=f"note-{n}", label="What changed?", longest=500),
                ),
                (Text(say("41%, behind the pace of 54%")),),
            )
            for n in range(key_results)
        ),
        "Send",
        "de-DE",
    )


def test_a_short_form_is_one_modal_and_a_long_one_several() -> None:
    assert forms.pages(examples.FORM) == 1
    assert forms.pages(long_form()) == 4


def test_sixty_key_results_come_back_from_all_pages() -> None:
    form = long_form()
    views = pages(form)
    assert sent(*views) == held(form)
    assert [view["submit"]["text"] for view in views] == ["Weiter"] * 3 + ["Send"]
    assert views[1]["blocks"][0]["elements"][0]["text"] == "Seite 2 von 4"
    backs = [block["elements"][0] for view in views for block in view["blocks"]
             if block["type"] == "actions"]  # fmt: skip
    assert [back["value"] for back in backs] == ["0", "1", "2"]
    assert {back["action_id"].partition("-")[0] for back in backs} == {forms.BACK}


def test_half_a_character_is_left_out_and_the_rest_is_kept() -> None:
    entered = {"0-note": {"0-note": {"type": "plain_text_input", "value": "Good\ud83d week 🙂"}}}
    (read,) = forms.values({"state": {"values": entered}}).values()
    assert read == "Good week 🙂"
    assert msgspec.json.decode(msgspec.json.encode(read)) == read


def test_a_page_is_not_torn_apart_where_it_fits() -> None:
    for view in pages(long_form()):
        ids = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        assert len(ids) % 3 == 0


def test_a_page_that_is_too_long_is_parted_between_questions() -> None:
    questions = tuple(LongText(id=f"q{n}", label=NAME, longest=3000) for n in range(150))
    form = Form("F", "a:b", (Page("All", questions, (Divider(),)),), "Send")
    assert forms.pages(form) > 8
    filled = {question.id: "ä" * 3000 for question in questions}
    views = pages(form, values=filled)
    assert sent(*views) == filled
    assert [b["type"] for view in views for b in view["blocks"]].count("divider") == 1


def test_an_introduction_without_end_leaves_room_for_the_questions() -> None:
    form = Form("F", "a:b", (Page("P", (examples.QUESTIONS["number"],), (Divider(),) * 200),), "Go")
    assert sent(*pages(form)) == {"value:42": "1,240"}
    assert "There is more than fits here." in shown.asked(form)


def test_a_form_of_nothing_can_be_shown() -> None:
    form = Form("F", "a:b", (), "Go")
    assert sent(*pages(form)) == {}
    assert forms.errors(form, examples.PROBLEMS) == {}


# Problems


def test_a_problem_stands_at_its_field() -> None:
    assert forms.errors(examples.FORM, examples.PROBLEMS) == {
        "0:value:42": "“a lot” is not a number I can read.",
        "7:by": "This day is after the end of the cycle.",
    }
    (view,) = pages(examples.FORM)
    blocks = {block.get("block_id") for block in view["blocks"]}
    assert blocks >= forms.errors(examples.FORM, examples.PROBLEMS).keys()


def test_a_problem_of_an_earlier_page_says_which() -> None:
    form = long_form()
    problems = (
        Problem("value-3", "Keine Zahl."),
        Problem("note-59", "Zu lang."),
        Problem("?", "Zu."),
    )
    assert forms.errors(form, problems) == {
        "162:value-54": "Seite 1, „Value“: Keine Zahl. Zu.",
        "179:note-59": "Zu lang.",
    }
    assert forms.errors(form, problems, 0) == {
        "9:value-3": "Keine Zahl.",
        "0:value-0": "Seite 4, „What changed?“: Zu lang. Zu.",
    }


def test_problems_are_drawn_where_a_page_is_shown_again() -> None:
    form = long_form()
    problems = tuple(Problem(question.id, "Fehlt.") for question in form.questions())
    view = pages(form, problems=problems)[1]
    texts = shown.seen(f"[{json.dumps(view)}]").split("\n")
    assert sum(text == "⚠ Fehlt." for text in texts) == sum(
        block["type"] == "input" for block in view["blocks"]
    )
    assert "⚠ Seite 1, „Value“: Fehlt." in texts


def test_a_problem_of_no_question_stands_at_the_head() -> None:
    (view,) = pages(examples.FORM, problems=(Problem("gone", "The cycle is closed."),))
    assert view["blocks"][0]["elements"][0]["elements"][0]["text"] == "⚠ The cycle is closed."
