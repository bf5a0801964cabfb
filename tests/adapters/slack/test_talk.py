"""One event, one reply, as Slack tells and shows it."""

import asyncio

import pytest

from adapters.slack import talk
from bot.chat.adapter import Sent, TryLater
from bot.chat.cards import Button, Card, Text, Words
from bot.chat.events import Clicked, Event, Mentioned, Opened, Submitted, Typed
from bot.chat.forms import Form, Page, Problem, ShortText
from bot.chat.replies import Fix, Open, Quiet, Reply, Say, Unsaved
from bot.chat.who import Actor
from tests.adapters import contract, examples
from tests.adapters.slack.bench import ALICE, BOB, GROWTH, Bench
from tests.adapters.slack.world import BOT, TEAM, Json
from tests.adapters.stages import NOT_SAVED, Ear, Memory

UPDATE = Button("Update", "checkin:open:7", "primary", opens_form=True)
ASK = Card("Your week", (), (UPDATE,))
FORM = Form("Update", "checkin:save:7", (Page("", (ShortText(id="s", label="Line"),)),), "Send")
LONG = Form(
    "Plan the quarter",
    "plan:save",
    tuple(
        Page(f"Page {p}", tuple(ShortText(id=f"{p}-{n}", label=f"{p}-{n}") for n in range(60)))
        for p in range(2)
    ),
    "Send the plan",
)
HOME = Card("My week", (), (UPDATE, Button("No change", "checkin:same:7")))


async def test_command_is_answered_at_once_and_for_its_reader_alone(
    office: Bench, ear: Ear
) -> None:
    ear.answers = [Say(Card("Your team"))]
    seen = await office.alice.commands("team", office.channel)
    (event,) = ear.heard
    assert isinstance(event, Typed)
    assert (event.text, event.at, event.private) == ("team", office.channel, False)
    assert "Your team" in seen.said
    assert await office.bob.reads(office.channel) == []
    assert [m for m, _ in office.slack.calls if m.startswith("chat.")] == []


async def test_command_says_to_all_what_is_for_all(office: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("For all"), private=False)]
    await office.alice.commands("team", office.channel)
    assert "For all" in (await office.bob.reads(office.channel))[-1]


async def test_command_in_the_own_conversation_is_answered_by_a_message_that_stays(
    office: Bench, ear: Ear
) -> None:
    ear.answers = [Say(ASK)]
    seen = await office.alice.commands("checkin", office.alice.dm)
    assert isinstance(ear.heard[0], Typed)
    assert (ear.heard[0].at, ear.heard[0].private) == (office.alice.dm, True)
    assert "Your week" in seen.said
    assert office.slack.world.whispers == []


async def test_command_between_two_people_is_answered_where_it_stands(
    office: Bench, ear: Ear
) -> None:
    office.slack.world.open("D0PAIR", "directmessage", ALICE, BOB)
    ear.answers = [Say(Card("For you"))]
    status, body = await office.slack.command(ALICE, "D0PAIR", "help")
    assert (status, body["response_type"]) == (200, "ephemeral")
    assert isinstance(ear.heard[0], Typed)
    assert ear.heard[0].at == office.alice.dm


async def test_command_with_a_chart_falls_back_to_text(office: Bench, ear: Ear) -> None:
    office.slack.world.native = False
    ear.answers = [Say(Card("Team", (examples.BLOCKS["line"],)))]
    seen = await office.alice.commands("team", office.channel)
    assert "Growth is at 41% in week 7" in seen.said


async def test_command_with_a_chart_is_answered_at_once_where_charts_were_taken(
    office: Bench, ear: Ear
) -> None:
    """The first is sent by an address that tells whether it was taken, and so is one refused."""

    async def asked() -> Json:
        ear.answers = [Say(Card("Team", (examples.BLOCKS["line"],)))]
        status, body = await office.slack.command(ALICE, GROWTH, "team")
        await office.adapter.answered()
        assert status == 200
        return body

    assert await asked() == {}
    assert "data_visualization" in {block["type"] for block in (await asked())["blocks"]}
    office.slack.world.native = False
    ear.answers = [Say(Card("Team", (examples.BLOCKS["line"],) * 60))]  # too long for one answer
    await office.alice.commands("team", office.channel)
    assert await asked() == {}


async def test_reply_whose_look_slack_refuses_is_said_without_it(office: Bench, ear: Ear) -> None:
    office.slack.does("chat.postMessage", "msg_blocks_too_long", "invalid_blocks")
    ear.answers = [Say(Card("Team", (examples.BLOCKS["line"],)))]
    await office.alice.types("team", office.alice.dm)
    assert "Growth is at 41% in week 7" in office.alice.sees(office.alice.dm)[-1]["text"]


async def test_command_opens_a_form_by_its_trigger(office: Bench, ear: Ear) -> None:
    ear.answers = [Open(FORM)]
    seen = await office.alice.commands("checkin", office.channel)
    assert seen.form is not None
    ear.answers = [Say(Card("Thank you"), private=False)]
    seen = await office.alice.sends({"s": "done"})
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert (event.at, event.values) == (office.channel, {"s": "done"})
    assert "Thank you" in (await office.bob.reads(office.channel))[-1]


async def test_trigger_that_is_too_old_becomes_a_button(office: Bench, ear: Ear) -> None:
    await office.adapter.send(office.home, ASK, key="k")
    office.slack.does("views.open", "expired_trigger_id")
    ear.answers = [Open(FORM), Open(FORM)]
    seen = await office.alice.presses("Update", office.home)
    assert seen.form is None
    assert seen.buttons == ("Update",)
    assert (await office.alice.presses("Update", office.home)).form is not None
    assert isinstance(ear.heard[-1], Clicked)
    assert ear.heard[-1].action == FORM.action


async def test_mentioned_people_are_told_by_name(office: Bench, ear: Ear) -> None:
    text = f"thanks <@{BOB}> &amp; <@U0GONE|eve> &lt;3 <#{GROWTH}|growth>"
    event = {"type": "message", "channel": f"D{ALICE[1:]}", "channel_type": "im", "user": ALICE,
             "ts": "1.2", "text": text}  # fmt: skip
    assert await office.slack.event(event) == 200
    (heard,) = ear.heard
    assert isinstance(heard, Typed)
    assert heard.text == "thanks @Bob Chen & @eve <3 #growth"
    bob, eve = Actor("slack", TEAM, BOB), Actor("slack", TEAM, "U0GONE")
    assert heard.mentions == (Mentioned(bob, "@Bob Chen"), Mentioned(eve, "@eve"))


@pytest.mark.parametrize(
    "change",
    [
        {"subtype": "message_changed", "message": {}},
        {"bot_id": "B0OTHER"},
        {"user": BOT},
        {"channel": GROWTH, "channel_type": "channel"},
        {"subtype": "channel_join"},
        {"type": "reaction_added"},
    ],
)
async def test_what_is_not_meant_for_the_bot_is_acknowledged_and_left(
    office: Bench, ear: Ear, change: Json
) -> None:
    event = {"type": "message", "channel": f"D{ALICE[1:]}", "channel_type": "im", "user": ALICE,
             "ts": "1.2", "text": "help"}  # fmt: skip
    assert await office.slack.event(event | change) == 200
    assert ear.heard == []


async def test_answer_in_a_thread_stays_in_it(office: Bench, ear: Ear) -> None:
    await office.bob.types("first", office.channel)
    root = office.slack.world.channels[GROWTH].messages[0]
    event = {"type": "app_mention", "channel": GROWTH, "user": ALICE, "ts": "1.2",
             "thread_ts": root["ts"], "text": f"<@{BOT}>: team"}  # fmt: skip
    ear.answers = [Say(Card("Under it"), private=False)]
    await office.slack.event(event)
    await office.adapter.answered()
    assert isinstance(ear.heard[-1], Typed)
    assert ear.heard[-1].text == "team"
    assert office.slack.called("chat.postMessage")[-1]["thread_ts"] == root["ts"]


async def test_private_word_reaches_somebody_whose_channel_is_closed_to_us(
    office: Bench, ear: Ear
) -> None:
    office.slack.world.channels[GROWTH].members.discard(BOT)
    ear.answers = [Say(Card("For you"))]
    await office.alice.types("mine", office.channel)
    assert "For you" in (await office.alice.reads(office.alice.dm))[-1]


async def test_home_shows_what_a_press_in_it_says_and_is_drawn_anew(
    office: Bench, ear: Ear
) -> None:
    ear.answers = [Say(HOME)]
    await office.alice.opens_home()
    ear.answers = [Say(Card("Noted", (), (Button("Undo", "undo:7"),))), Say(Card("All is done"))]
    seen = await office.alice.presses("No change", None)
    assert "Noted" in seen.said
    assert "All is done" in seen.said
    assert await office.alice.reads(office.alice.dm) == []
    assert [type(event) for event in ear.heard] == [Opened, Clicked, Opened]
    ear.answers = [Say(Card("Undone")), Say(HOME)]
    assert "Undone" in (await office.alice.presses_in_modal("Undo")).said
    ear.answers = [Open(FORM)]
    assert (await office.alice.presses("Update", None)).form is not None
    ear.answers = [Quiet(), Say(Card("Fresh"))]
    assert "Fresh" in (await office.alice.sends({})).said


async def test_form_over_a_card_in_a_modal_closes_both(office: Bench, ear: Ear) -> None:
    ear.answers = [Say(HOME)]
    await office.alice.opens_home()
    ear.answers = [Say(Card("More", (), (UPDATE,)))]
    await office.alice.presses("No change", None)
    ear.answers = [Open(FORM)]
    assert (await office.alice.presses_in_modal("Update")).form is not None
    await office.alice.sends({})
    assert office.slack.world.stacks[ALICE] == []


async def test_pages_are_walked_back_and_forth_and_sent_together(office: Bench, ear: Ear) -> None:
    ear.answers = [Open(LONG), Quiet()]
    await office.alice.commands("plan", office.channel)
    typed = {"0-3": "one", "1-59": "two"}
    seen = await office.alice.sends(typed)
    assert seen.form is None
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert {name: text for name, text in event.values.items() if text} == typed
    assert len(event.values) == 120
    assert len(ear.heard) == 2


async def test_problem_on_an_earlier_page_leads_back_to_it(office: Bench, ear: Ear) -> None:
    ear.answers = [Open(LONG), Fix(LONG, (Problem("0-3", "Too vague."),))]
    await office.alice.commands("plan", office.channel)
    seen = await office.alice.sends({"0-3": "x", "1-59": "two"})
    assert seen.form is not None
    assert seen.form.problems == {"0-3": "⚠ Too vague."}
    assert (seen.form.values["0-3"], seen.form.values["1-59"]) == ("x", "two")
    await office.alice.sends({"0-3": "clear"})
    event = ear.heard[-1]
    assert isinstance(event, Submitted)
    assert (event.values["0-3"], event.values["1-59"]) == ("clear", "two")


async def test_form_that_is_put_away_leaves_nothing(office: Bench, ear: Ear, kept: Memory) -> None:
    ear.answers = [Open(LONG)]
    await office.alice.commands("plan", office.channel)
    keys = [key for key in kept.kept if key.startswith("form:")]
    assert len(keys) == 1
    await office.alice.closes()
    await office.adapter.answered()
    assert await kept.get(keys[0]) is None


@pytest.mark.parametrize("problem", [Unsaved(NOT_SAVED), RuntimeError("a fault of ours")])
async def test_event_that_nobody_waits_for_is_sent_again(
    office: Bench, ear: Ear, problem: Exception
) -> None:
    user = office.slack.world.users[ALICE]
    ear.answers = [problem, Quiet()]
    change = {"type": "user_change", "user": user}
    status = await office.slack.event(change, "Ev1")
    assert status in (500, 503)
    assert await office.slack.event(change, "Ev1", retry=1) == 200
    assert await office.slack.event(change, "Ev1", retry=2) == 200
    assert len(ear.heard) == 2


class Slow:
    """A bot that takes its time."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.go = asyncio.Event()

    async def __call__(self, event: Event) -> Reply:
        self.heard.append(event)
        await self.go.wait()
        return Say(Card("At last"))


async def test_slack_is_answered_in_time_and_the_reply_comes_late(
    office: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "IN_TIME", 0.05)
    slow = Slow()
    await office.adapter.send(office.home, ASK, key="k")
    async with contract.listening(office, slow, Memory()):
        event = {"type": "message", "channel": f"D{ALICE[1:]}", "channel_type": "im",
                 "user": ALICE, "ts": "1.2", "text": "help"}  # fmt: skip
        assert await office.slack.event(event, "Ev1") == 503
        assert await office.slack.event(event, "Ev1", retry=1) == 503
        command, _ = await office.slack.command(ALICE, GROWTH, "team")
        assert command == 200
        slow.go.set()
        await office.adapter.answered()
        assert await office.slack.event(event, "Ev1", retry=2) == 200
        await office.adapter.answered()
    assert len(slow.heard) == 2
    shown = [text for text in await office.alice.reads(office.alice.dm) if "At last" in text]
    assert len(shown) == 1
    assert "At last" in (await office.alice.reads(office.channel))[-1]


async def test_slow_slack_keeps_nobody_waiting_for_a_name(office: Bench, ear: Ear) -> None:
    office.slack.slow = {"users.info": 3.0, "conversations.open": 3.0}
    text = f"thanks <@{BOB}|bob>"
    async with asyncio.timeout(2.5):
        status, body = await office.slack.command(ALICE, f"D{ALICE[1:]}", text)
    assert status == 200
    (heard,) = ear.heard
    assert isinstance(heard, Typed)
    assert heard.text == "thanks @bob"
    assert body == {}


async def test_long_reply_goes_on_below(office: Bench, ear: Ear) -> None:
    lines = tuple(Text((Words(f"line {n}."),)) for n in range(120))
    ear.answers = [Say(Card("Long", lines))]
    seen = await office.alice.types("report", office.alice.dm)
    assert "line 0." in seen.said
    assert "line 119." in seen.said
    ear.answers = [Say(Card("Long", lines))]
    assert "line 119." in (await office.alice.commands("report", office.channel)).said


async def test_removed_app_stops_and_says_so(office: Bench, ear: Ear) -> None:
    event = {"type": "tokens_revoked", "tokens": {"oauth": [ALICE], "bot": []}}
    assert await office.slack.event(event) == 200
    assert isinstance(await office.adapter.send(office.home, ASK, key="k1"), Sent)
    event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}
    assert await office.slack.event(event) == 200
    assert isinstance(await office.adapter.send(office.home, ASK, key="k2"), TryLater)
    assert await office.slack.event({"type": "app_uninstalled"}) == 200
    assert len(office.slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "action",
    [
        {"type": "button", "action_id": "link-1", "url": "https://example.org"},
        {"type": "static_select", "action_id": "x", "selected_option": None},
    ],
)
async def test_what_means_nothing_to_the_bot_is_acknowledged(
    office: Bench, ear: Ear, action: Json
) -> None:
    body = {"type": "block_actions", "user": {"id": ALICE}, "actions": [action],
            "trigger_id": "1.2", "container": {"type": "message"}}  # fmt: skip
    assert await office.slack.interaction(body) == (200, {})
    assert (await office.slack.interaction({"type": "block_suggestion"}))[1] == {"options": []}
    assert (await office.slack.interaction({"type": "shortcut", "callback_id": "x"}))[0] == 200
    assert ear.heard == []


async def test_slack_tells_again_what_came_before_we_knew_who_we_are(
    office: Bench,
) -> None:
    ear, change = Ear(), {"type": "channel_archive", "channel": GROWTH}
    async with office.slack.during(503, "auth.test"), contract.listening(office, ear, Memory()):
        assert await office.slack.event(change, "Ev1") == 500
    async with contract.listening(office, ear, Memory()):
        assert await office.slack.event(change, "Ev1", retry=1) == 200
    assert len(ear.heard) == 1
