"""What people say and press in Teams, beside what every platform's people do."""

import pytest

from bot.chat.cards import Button, Card, Text, Words
from bot.chat.events import Arrived, Clicked, Left, Opened, Submitted, Typed
from bot.chat.forms import Form, Page, Problem, ShortText
from bot.chat.replies import Fix, Open, Quiet, Say, Unsaved
from tests.adapters.stages import NOT_SAVED, Ear
from tests.adapters.teams.bench import ALICE, BOB, GROWTH, Bench
from tests.adapters.teams.conftest import Musing
from tests.adapters.teams.world import BOT, TENANT, Refused, card

ASK = Card("Your week", (), (Button("Check in", "checkin:open:7", opens_form=True),))
FORM = Form(
    "Check-in", "checkin:save:7", (Page("", (ShortText(id="note", label="How is it?"),)),), "Send"
)
LONG = Form(
    "Planning",
    "plan:save:7",
    tuple(Page(f"Part {n}", tuple(ShortText(id=f"q{n}-{m}", label=f"Question {n}.{m}")
          for m in range(20))) for n in range(3)),
    "Send",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("/okr checkin", "checkin"),
        ("/OKR", ""),
        ("/okrs checkin", "/okrs checkin"),
        ("  kr 12 40  ", "kr 12 40"),
        ("kr 12 40\nwell", "kr 12 40\nwell"),
    ],
)
async def test_command_may_begin_with_its_name(
    office: Bench, ear: Ear, said: str, heard: str
) -> None:
    await office.alice.types(said, office.alice.dm)
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert event.text == heard


async def test_only_the_bot_s_own_mention_is_left_out(office: Bench, ear: Ear) -> None:
    entities = [
        {"type": "mention", "text": "<at>okr</at>", "mentioned": {"id": BOT, "name": "okr"}},
        {"type": "mention", "text": "<at>Bob Chen</at>", "mentioned": {"id": f"29:{BOB}"}},
        {"type": "clientInfo", "locale": "de-DE"},
    ]
    text = "<at>okr</at>&nbsp; ask <at>Bob Chen</at> about okr &amp; <b>"
    await office.alice.writes(text, GROWTH, entities=entities)
    event = ear.heard[0]
    assert isinstance(event, Typed)
    assert event.text == "ask @Bob Chen about okr &amp; <b>"
    (bob,) = event.mentions
    assert (bob.actor, bob.text) == (office.bob.actor, "@Bob Chen")


async def test_answer_to_a_mention_stands_in_its_thread(office: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("For all"), private=False)]
    await office.alice.types("team", office.channel)
    asked, answered = office.alice.sees(office.channel)
    assert answered["root"] == asked["id"]


async def test_channel_that_is_called_like_a_person_s_chat_is_a_channel(
    office: Bench, ear: Ear
) -> None:
    """What Teams says of a conversation counts, and not how its id looks."""
    there = {"id": "team-id", "conversationType": "channel", "tenantId": TENANT}
    said = office.teams.activity(ALICE, GROWTH, type="message", text="checkin")
    ear.answers = [Open(FORM)]
    assert (await office.teams.tell(said | {"conversation": there}))[0] == 200
    await office.adapter.answered()
    assert isinstance(ear.heard[0], Typed)
    assert not ear.heard[0].private
    assert "How is it?" in str(office.alice.sees(office.alice.dm))


async def test_whisper_is_answered_by_a_whisper(office: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("For you"))]
    seen = await office.alice.whispers("mine", office.channel)
    assert "For you" in seen.said
    (whispered,) = office.alice.sees(office.channel)
    assert whispered["target"] == office.alice.sees(office.channel)[0]["recipient"]["id"]
    assert await office.bob.reads(office.channel) == []
    assert await office.alice.reads(office.alice.dm) == []


async def test_where_whispers_are_not_taken_it_is_said_in_their_own_chat(
    office: Bench, ear: Ear
) -> None:
    office.teams.does("post", Refused(400, "BadArgument"))
    ear.answers = [Say(Card("For you"))]
    assert "For you" in (await office.alice.whispers("mine", office.channel)).said
    assert await office.bob.reads(office.channel) == []
    assert any("For you" in each for each in await office.alice.reads(office.alice.dm))


async def test_form_takes_the_card_s_place_and_the_answer_the_form_s(
    office: Bench, ear: Ear
) -> None:
    await office.adapter.send(office.home, ASK, key="k")
    ear.answers = [Open(FORM), Say(Card("You said: well"))]
    seen = await office.alice.presses("Check in", office.home)
    assert seen.form is not None
    assert "Your week" not in "".join(await office.alice.reads(office.home))
    seen = await office.alice.sends({"note": "well"})
    assert (seen.said, seen.form) == ("You said: well", None)
    (kept,) = office.alice.sees(office.home)
    assert "Your week" in str(card(kept)), "what was asked is there when they look again"


async def test_answer_to_a_form_of_its_own_is_kept(office: Bench, ear: Ear) -> None:
    ear.answers = [Open(FORM), Say(Card("You said: well"))]
    assert (await office.alice.types("checkin", office.alice.dm)).form is not None
    seen = await office.alice.sends({"note": "well"})
    assert (seen.said, seen.form) == ("You said: well", None)
    _, kept = office.alice.sees(office.home)
    assert "You said: well" in str(card(kept)), "it must be there when they look again"


async def test_answer_too_long_for_a_card_follows_in_parts(office: Bench, ear: Ear) -> None:
    long = Card("All", tuple(Text((Words(f"{n}. {'word ' * 600}"),)) for n in range(14)))
    ear.answers = [Open(FORM), Say(long)]
    await office.alice.types("checkin", office.alice.dm)
    seen = await office.alice.sends({"note": "well"})
    assert all(f"{n}. word" in seen.said for n in range(14))
    assert seen.form is None


async def test_old_client_fills_in_a_form_too(office: Bench, ear: Ear) -> None:
    office.alice.is_old = True
    await office.adapter.send(office.home, ASK, key="k")
    wrong = (Problem("note", "Too short."),)
    ear.answers = [Open(FORM), Fix(FORM, wrong), Unsaved(NOT_SAVED), Say(Card("You said: well"))]
    assert (await office.alice.presses("Check in", office.home)).form is not None
    seen = await office.alice.sends({"note": "w"})
    assert seen.form is not None
    assert "Too short." in seen.form.problems["note"]
    assert seen.form.values["note"] == "w"
    seen = await office.alice.sends({"note": "well"})
    assert NOT_SAVED.title in seen.said
    assert seen.form is not None
    assert seen.form.values["note"] == "well"
    seen = await office.alice.sends({})
    assert (seen.said, seen.form) == ("You said: well", None)
    heard = ear.heard[-1]
    assert isinstance(heard, Submitted)
    assert heard.values == {"note": "well"}


async def test_old_client_walks_through_pages(office: Bench, ear: Ear) -> None:
    office.alice.is_old = True
    ear.answers = [Open(LONG), Quiet()]
    assert (await office.alice.types("plan", office.alice.dm)).form is not None
    await office.alice.sends({"q0-0": "first", "q2-19": "last"})
    heard = ear.heard[-1]
    assert isinstance(heard, Submitted)
    assert (heard.values["q0-0"], heard.values["q2-19"]) == ("first", "last")


async def test_pages_are_kept_for_another_process(office: Bench, ear: Ear) -> None:
    ear.answers = [Open(LONG)]
    await office.alice.types("plan", office.alice.dm)
    await office.alice.sends({"q0-0": "first", "q2-19": "last"})
    heard = ear.heard[-1]
    assert isinstance(heard, Submitted)
    assert heard.values["q0-0"] == "first"


async def test_channel_s_form_is_a_dialog(office: Bench, ear: Ear) -> None:
    await office.adapter.send(office.channel, ASK, key="k")
    wrong = (Problem("note", "Too short."),)
    ear.answers = [Open(FORM), Fix(FORM, wrong), Unsaved(NOT_SAVED), Say(Card("You said: well"))]
    assert (await office.bob.presses("Check in", office.channel)).form is not None
    assert "Your week" in "".join(await office.bob.reads(office.channel))
    seen = await office.bob.sends({"note": "w"})
    assert seen.form is not None
    assert "Too short." in seen.form.problems["note"]
    seen = await office.bob.sends({"note": "well"})
    assert seen.form is not None
    assert NOT_SAVED.title in seen.said + "".join(seen.form.problems.values())
    assert seen.form.values["note"] == "well"
    seen = await office.bob.sends({})
    assert (seen.said, seen.form) == ("You said: well", None)
    assert len(office.bob.sees(office.channel)) == 1


async def test_word_in_a_channel_opens_its_form_in_their_own_chat(office: Bench, ear: Ear) -> None:
    ear.answers = [Open(FORM)]
    assert (await office.alice.types("checkin", office.channel)).form is not None
    _, told = await office.bob.reads(office.channel)
    assert told == "I have answered in our own chat."
    assert len(office.alice.sees(office.home)) == 1
    assert (await office.alice.sends({"note": "well"})).form is None


async def test_private_answer_in_a_channel_is_no_silence_there(office: Bench, ear: Ear) -> None:
    office.alice.more = {"locale": "de-DE"}
    await office.alice.types("hallo", office.alice.dm)
    ear.answers = [Say(Card("For you")), Say(Card("For you, again")), Unsaved(NOT_SAVED)]
    for word in ("mine", "mine", "mine"):
        await office.alice.types(word, office.channel)
    seen = office.bob.sees(office.channel)
    answers = [message for message in seen if message["from"]["id"] == BOT]
    asked = [message["id"] for message in seen if message not in answers]
    assert [message["root"] for message in answers] == asked, "one sentence under each question"
    for told in await office.bob.reads(office.channel):
        assert told.startswith(("<at>", "Ich habe in unserem eigenen Chat geantwortet."))
    private = "".join(await office.alice.reads(office.alice.dm))
    assert all(each in private for each in ("For you", "For you, again", NOT_SAVED.title))
    await office.alice.repeats()
    assert len(office.bob.sees(office.channel)) == len(seen), "told again, said once"


async def test_who_cannot_be_written_to_alone_is_told_where_they_asked(
    office: Bench, ear: Ear
) -> None:
    ear.answers = [Say(Card("For you"))]
    async with office._closed():
        await office.alice.types("mine", office.channel)
    *_, told = await office.bob.reads(office.channel)
    assert told.startswith("I can't write to you alone yet.")


async def test_pressing_in_a_channel_says_nothing_to_all(office: Bench, ear: Ear) -> None:
    await office.adapter.send(
        office.channel, Card("Team", (), (Button("Mine", "mine:1"),)), key="k"
    )
    before = await office.bob.reads(office.channel)
    for is_old in (False, True):
        office.bob.is_old = is_old
        ear.answers = [Say(Card("Yours"))]
        assert "Yours" in (await office.bob.presses("Mine", office.channel)).said
    assert await office.bob.reads(office.channel) == before


async def test_answer_leads_on_in_its_own_place(office: Bench, ear: Ear) -> None:
    listed = Card("Your key results", (), (Button("Leads", "kr:show:1"),))
    ear.answers = [Say(listed), Say(Card("Leads: 40 of 100"))]
    await office.alice.types("kr", office.alice.dm)
    assert "40 of 100" in (await office.alice.presses("Leads", office.alice.dm)).said
    answers = [m for m in office.alice.sees(office.home) if m["from"]["id"] == BOT]
    assert len(answers) == 1
    assert "40 of 100" in str(card(answers[0]))


async def test_what_was_asked_stays_when_something_else_is_pressed(office: Bench, ear: Ear) -> None:
    asked = Card("Your week", (), (Button("Why?", "why:me"), *ASK.buttons))
    await office.adapter.send(office.home, asked, key="k")
    ear.answers = [Say(Card("Because"))]
    assert "Because" in (await office.alice.presses("Why?", office.home)).said
    assert len(office.alice.sees(office.home)) == 2
    assert "Your week" in (await office.alice.reads(office.home))[0]


async def test_adding_the_app_shows_home(office: Bench, ear: Ear) -> None:
    ear.answers = [Quiet(), Say(Card("Hello Alice"))]
    seen = await office.alice.installs()
    assert "Hello Alice" in seen.said
    arrived, opened = ear.heard
    assert isinstance(arrived, Arrived)
    assert (arrived.actor, arrived.at) == (office.alice.actor, office.alice.dm)
    assert (arrived.profile.name, arrived.profile.email) == ("Alice Berg", "alice@example.org")
    assert isinstance(opened, Opened)


async def test_removing_the_app_ends_it(office: Bench, ear: Ear) -> None:
    await office.alice.installs("remove")
    (left,) = ear.heard
    assert isinstance(left, Left)
    assert left.actor == office.alice.actor
    assert "removed" in left.reason


async def test_invoke_that_nobody_knows_is_no_failure_of_ours(office: Bench, ear: Ear) -> None:
    place = office.teams.world.dm(office.alice.account).id
    for name in ("fileConsent/invoke", "signin/verifyState", ""):
        said = office.teams.activity(office.alice.account, place, type="invoke", name=name)
        assert (await office.teams.tell(said))[0] == 404
    for kind in ("messageReaction", "event", "typing", "endOfConversation", "new some day"):
        said = office.teams.activity(office.alice.account, place, type=kind, text="x")
        assert (await office.teams.tell(said))[0] == 200
    assert ear.heard == []


@pytest.mark.parametrize(
    "value",
    [None, 0, [], {}, {"action": None}, {"action": {"data": []}}, {"action": {"data": {"okr": 1}}},
     {"action": {"data": {"okr": "a:b", "sheet": 1}}},
     {"action": {"data": {"okr": "a:b", "sheet": {"page": "x"}}}},
     {"action": {"data": {"okr": "a:b", "sheet": {"page": 0, "of": 2, "kept": "gone"}}}}],
)  # fmt: skip
@pytest.mark.parametrize("name", ["adaptiveCard/action", "task/submit"])
async def test_hostile_values_are_refused(
    office: Bench, ear: Ear, value: object, name: str
) -> None:
    place = office.teams.world.dm(office.alice.account).id
    in_card = name == "adaptiveCard/action" or not isinstance(value, dict)
    shaped = value if in_card else value.get("action")  # type: ignore[attr-defined] # it is one
    said = office.teams.activity(
        office.alice.account, place, type="invoke", name=name, value=shaped
    )
    assert (await office.teams.tell(said))[0] == 400
    assert ear.heard == []


async def test_slow_bot_is_waited_for_and_the_answer_follows(
    office: Bench, ear: Musing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.answers.IN_TIME", 0.05)
    ear.answers = [Open(FORM), Say(Card("You said: well"))]
    await office.alice.types("checkin", office.home)
    ear.pause = 0.15
    seen = await office.alice.sends({"note": "well"})
    assert "The answer follows" in seen.said
    assert "You said: well" in seen.said
    assert seen.form is None


async def test_home_is_a_dialog_that_leads_on(office: Bench, ear: Ear) -> None:
    ear.answers = [Say(ASK), Open(FORM), Say(Card("You said: well"))]
    assert "Your week" in (await office.alice.opens_home()).said
    assert (await office.alice.presses("Check in", None)).form is not None
    seen = await office.alice.sends({"note": "well"})
    assert (seen.said, seen.form) == ("You said: well", None)
    opened, clicked, sent = ear.heard
    assert isinstance(opened, Opened)
    assert isinstance(clicked, Clicked)
    assert isinstance(sent, Submitted)
    assert opened.at == clicked.at == sent.at == office.alice.dm
    assert await office.alice.reads(office.alice.dm) == []


async def test_german_hears_german_asides(office: Bench, ear: Ear) -> None:
    office.bob.more = {"locale": "de-DE"}
    await office.bob.types("hallo", office.bob.dm)
    await office.adapter.send(
        office.channel, Card("Team", (), (Button("Mine", "mine:1"),)), key="k"
    )
    ear.answers = [Say(Card("Deins"))]
    seen = await office.bob.presses("Mine", office.channel)
    assert "Ich habe in unserem eigenen Chat geantwortet." in seen.said
    assert "Deins" in seen.said
