"""One event, one reply, as the page sees it."""

from bot.chat.cards import Card
from bot.chat.events import Clicked, Mentioned, Opened, Submitted, Typed, Values
from bot.chat.replies import Fix, Open, Quiet, Say, Unsaved
from bot.chat.who import Actor, Destination
from tests.adapters import examples
from tests.adapters.stages import FRIDAY, NOT_SAVED, Ear
from tests.adapters.web.visitor import Visitor

ALICE = Actor("web", "", "alice@example.org")
BOB = Actor("web", "", "bob@example.org")
DM = Destination("web", "", "dm:alice@example.org")
GROWTH = Destination("web", "", "channel:growth")


async def test_typed_text_stands_before_the_answer(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Say(Card("Hello"))]
    assert (await alice.tell("typed", text="/okr  help ", id="event-01"))[0] == 200
    assert ear.heard == [Typed(ALICE, DM, "event-01", "help")]
    mine, answer = await alice.read()
    assert mine["author"] == "alice@example.org"
    assert "/okr  help " in mine["html"]
    assert answer["author"] == ""
    assert "Hello" in answer["html"]
    assert answer["posted"] == FRIDAY.isoformat()


async def test_the_same_event_again_is_shown_once(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Say(Card("Hello")), Say(Card("Hello"))]
    for _ in range(2):
        await alice.tell("typed", text="help", id="event-01")
    assert len(await alice.read()) == 2


async def test_another_person_with_the_same_id_is_heard(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Say(Card("Hello")), Say(Card("Hello"))]
    bob = alice.other("bob@example.org")
    await alice.tell("typed", text="help", id="event-01")
    await bob.tell("typed", text="help", id="event-01")
    assert len(await bob.read()) == 2


async def test_nothing_typed_is_kept_while_it_is_not_saved(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Unsaved(NOT_SAVED), Quiet()]
    status, answer = await alice.tell("typed", text="kr 12 40", id="event-01")
    assert status == 503
    assert answer["reply"] == "unsaved"
    assert "Not saved yet. Please press again." in answer["html"]
    assert await alice.read() == []
    assert (await alice.tell("typed", text="kr 12 40", id="event-01"))[0] == 200
    assert len(await alice.read()) == 1


async def test_channel_talk_is_not_for_the_bot(alice: Visitor, ear: Ear) -> None:
    await alice.tell("typed", at="channel:growth", text="Lunch?")
    await alice.tell("typed", at="channel:growth", text="okra is a plant, /okr is not")
    await alice.tell("typed", at="channel:growth", text="/okra")
    assert ear.heard == []
    assert len(await alice.other("bob@example.org").read("channel:growth")) == 3


async def test_channel_talk_that_calls_the_bot(alice: Visitor, ear: Ear) -> None:
    for text in ("/okr team", "@okr team", "@OKR: team"):
        await alice.tell("typed", at="channel:growth", text=text)
    assert [(e.text, e.at, e.private) for e in ear.heard if isinstance(e, Typed)] == [
        ("team", GROWTH, False)
    ] * 3


async def test_private_answer_in_a_channel_is_for_its_actor(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Say(Card("For you")), Say(Card("For all"), private=False)]
    for _ in range(2):
        await alice.tell("typed", at="channel:growth", text="/okr team")
    mine = await alice.read("channel:growth")
    theirs = await alice.other("bob@example.org").read("channel:growth")
    assert [each["private"] for each in mine] == [False, True, False, False]
    assert not any("For you" in each["html"] for each in theirs)
    assert any("For all" in each["html"] for each in theirs)


async def test_mentions_are_found_and_the_words_kept(alice: Visitor, ear: Ear) -> None:
    text = "@Bob Chen and @alice, not @bobby or a@bob"
    await alice.tell("typed", text=text)
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert event.text == text
    assert event.mentions == (Mentioned(BOB, "@Bob Chen"), Mentioned(ALICE, "@alice"))


async def test_click_opens_a_form(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Open(examples.FORM)]
    _, answer = await alice.tell("clicked", action="checkin:open:1", message="7", id="event-01")
    assert ear.heard == [Clicked(ALICE, DM, "event-01", "checkin:open:1", True, "7")]
    assert answer["reply"] == "open"
    assert 'data-action="checkin:save:7"' in answer["html"]
    assert await alice.read() == []


async def test_submitted_values_arrive_as_they_are(alice: Visitor, ear: Ear) -> None:
    values = {"value:42": " 1.000,25 ", "note": "a\r\nb", "done": ["on", "off"], "none": []}
    _, answer = await alice.tell("submitted", action="save", values=values, id="event-01")
    kept: Values = {"value:42": " 1.000,25 ", "note": "a\nb", "done": ("on", "off"), "none": ()}
    assert ear.heard == [Submitted(ALICE, DM, "event-01", "save", kept)]
    assert answer == {"reply": "quiet"}


async def test_form_to_fix_keeps_what_was_typed(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Fix(examples.FORM, examples.PROBLEMS)]
    values = {"value:42": "a <b>lot</b>", "status": "off", "done": ["risk"]}
    _, answer = await alice.tell("submitted", action="save", values=values)
    html = answer["html"]
    assert (answer["reply"], answer["count"]) == ("fix", 2)
    assert 'value="a &lt;b&gt;lot&lt;/b&gt;"' in html
    assert 'value="off" checked' in html
    assert 'value="risk" checked' in html
    assert html.count('aria-invalid="true"') == 2
    assert 'aria-describedby="form-0-hint form-0-problem"' in html
    assert "“a lot” is not a number I can read." in html


async def test_form_that_is_not_saved_says_so(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Unsaved(NOT_SAVED)]
    status, answer = await alice.tell("submitted", action="save", values={"a": "b"})
    assert (status, answer["reply"]) == (503, "unsaved")


async def test_home_is_shown_and_not_posted(alice: Visitor, ear: Ear) -> None:
    ear.answers = [Say(Card("Your week"))]
    _, answer = await alice.tell("opened", id="event-01")
    assert ear.heard == [Opened(ALICE, DM, "event-01")]
    assert "Your week" in answer["html"]
    assert await alice.read() == []


async def test_what_people_type_is_only_characters(alice: Visitor, ear: Ear) -> None:
    for number, text in enumerate(examples.TYPED):
        await alice.tell("typed", text=text, id=f"typed-{number:03}")
    messages = await alice.read()
    assert [e.text for e in ear.heard if isinstance(e, Typed)] == [
        t.strip() for t in examples.TYPED
    ]
    assert len(messages) == len(examples.TYPED)
    assert not any("<script" in each["html"] or "<img" in each["html"] for each in messages)


async def test_a_hundred_thousand_characters_arrive(alice: Visitor, ear: Ear) -> None:
    text = "ö\u0000\u202e🚀x" * 20_000
    assert (await alice.tell("typed", text=text))[0] == 200
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert event.text == text
