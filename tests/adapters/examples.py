"""One example of everything that can be said and asked, for every platform's tests."""

from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Divider,
    Fact,
    Facts,
    Link,
    Mention,
    Meter,
    Series,
    Spans,
    Table,
    Text,
    Words,
)
from bot.chat.events import (
    Arrived,
    Clicked,
    Event,
    Left,
    Mentioned,
    Opened,
    PlaceChanged,
    Profile,
    ProfileChanged,
    Submitted,
    Typed,
    WorkspaceChanged,
)
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
from bot.chat.who import Actor, Destination

TYPED = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "@everyone",
    "**bold** _italic_ `code` ~gone~",
    "[a link](https://evil.example)",
    "{{7*7}} {% raw %} ${7*7}",
    "&amp; &lt;b&gt;",
    "javascript:alert(1)",
    "\u202eright to left\u202c and back",
    "zero\u200bwidth\u0007bell",
    "Ağrı Łódź 東京 🚀",
)
"""What people type, and what must arrive as exactly these characters."""

ALICE = Actor("web", "", "alice@example.org")


def say(text: str) -> Spans:
    return (Words(text),)


STYLED = (
    Words("plain, "),
    Words("bold", bold=True),
    Words(", "),
    Words("italic", italic=True),
    Words(", "),
    Words("code", code=True),
    Words(", "),
    Mention("Alice Berg", (ALICE,)),
    Words(" and "),
    Link("a link", "https://example.org/?a=1&b=2"),
)

LINE = Chart(
    kind="line",
    title="Progress against pace",
    labels=tuple(f"W{week}" for week in range(1, 14)),
    series=(
        Series("Growth", (0.0, 0.06, 0.11, None, 0.3, 0.34, 0.41) + (None,) * 6),
        Series("Expected pace", tuple(week / 13 for week in range(1, 14)), dashed=True),
    ),
    text="Growth is at 41% in week 7; the pace expects 54%.",
    percent=True,
)
BARS = Chart(
    kind="bar",
    title="Answers by week",
    labels=("W1", "W2", "W3", "W4"),
    series=(Series("On time", (9, 11, 10, 12)), Series("Late", (3, None, 2, 1))),
    text="12 of 13 answered on time in week 4.",
)
TABLE = Table(
    caption="Key results of Growth",
    columns=(Column("Key result"), Column("Now", number=True), Column("Confidence", number=True)),
    rows=(
        (say("Weekly active teams"), say("1,240"), say("7")),
        (say("Churn below 3%"), say("3.6%"), say("4")),
    ),
)

BLOCKS: dict[str, Block] = {
    "text": Text(STYLED),
    "heading": Text(say("What changed"), "heading"),
    "quiet": Text(say("Asked on Friday.\nAnswer any time this week."), "quiet"),
    "quote": Text(say("We lost two days to the move."), "quote"),
    "bullets": Bullets((say("Ship the importer"), say("Call ten customers"))),
    "facts": Facts((Fact("Now", say("1,240")), Fact("Target", say("2,000")))),
    "meter": Meter("Weekly active teams", "41%, behind the pace of 54%", 0.41, 0.54, "warn"),
    "meter of nothing": Meter("Churn", "no figure yet"),
    "meter beyond": Meter("Sign-ups", "130%", 1.3, 0.5, "good"),
    "line": LINE,
    "bar": BARS,
    "empty chart": Chart("line", "Nothing yet", (), (), "There are no figures yet."),
    "table": TABLE,
    "divider": Divider(),
    "buttons": Buttons(
        (
            Button("Update", "checkin:open:42", "primary", opens_form=True, about="Churn"),
            Button("Give up", "kr:drop:42", "danger", confirm="Really give it up?"),
            Button("Read more", "", url="https://example.org/help"),
        )
    ),
}

CARD = Card("Your check-in", tuple(BLOCKS.values()), (Button("No change", "checkin:same"),))

CONFIDENCE = tuple(Option(str(number), str(number)) for number in range(1, 11))
STATUS = (Option("on", "On track"), Option("risk", "At risk"), Option("off", "Off track"))
MANY = tuple(Option(f"o{number}", f"Objective number {number}") for number in range(1, 10))
BOB = Somebody("2", "Bob Chen", (Actor("web", "", "bob@example.org"),))
ALICE_HERE = Somebody("1", "Alice Berg", (ALICE,))

QUESTIONS: dict[str, Question] = {
    "number": Number(
        id="value:42", label="Weekly active teams", value="1,240", hint="Last week 1,180.", least=0
    ),
    "short text": ShortText(id="title", label="In one line", required=True),
    "long text": LongText(
        id="note",
        label="What changed?",
        value="\nFirst line\nSecond line",
        hint="Your team reads it.",
    ),
    "scale": Choice(id="confidence", label="Confidence", options=CONFIDENCE, value="7"),
    "chips": Choice(id="status", label="Status", options=STATUS, value="risk", required=True),
    "list": Choice(id="parent", label="Contributes to", options=MANY, value="o3"),
    "choices": Choices(
        id="done", label="Which of last week’s are done?", options=STATUS, value=("on", "off")
    ),
    "day": Day(
        id="by", label="By when?", value="2026-02-13", first="2026-02-09", last="2026-03-27"
    ),
    "person": Person(id="helper", label="Who can help?", people=(ALICE_HERE, BOB), value="2"),
}

FORM = Form(
    title="Check-in of week 7",
    action="checkin:save:7",
    pages=(
        Page("Weekly active teams", tuple(QUESTIONS.values())[:4], (BLOCKS["meter"],)),
        Page("The rest", tuple(QUESTIONS.values())[4:]),
    ),
    submit="Send",
)
PROBLEMS = (
    Problem("value:42", "“a lot” is not a number I can read."),
    Problem("by", "This day is after the end of the cycle."),
)
LONG_FORM = Form(
    title="Plan the quarter",
    action="plan:save",
    pages=tuple(
        Page(
            f"Objective {page}",
            tuple(ShortText(id=f"{page}-{n}", label=f"Line {n}") for n in range(9)),
        )
        for page in range(1, 4)
    ),
    submit="Send the plan",
)

EVENTS: tuple[Event, ...] = (
    Typed(ALICE, Destination("web", "", "dm:a"), "e1", "help", mentions=(Mentioned(ALICE, "@A"),)),
    Clicked(ALICE, Destination("web", "", "channel:x"), "e2", "checkin:open:42", private=False),
    Submitted(ALICE, Destination("web", "", "dm:a"), "e3", "save", {"a": "1", "b": ("x", "y")}),
    Opened(ALICE, Destination("web", "", "dm:a"), "e4"),
    Arrived(ALICE, Destination("web", "", "dm:a"), "e5", Profile("Alice Berg")),
    Left(ALICE, "e6", "gone"),
    ProfileChanged(ALICE, "e7", Profile("Alice Berg", zone="Europe/Oslo")),
    PlaceChanged(Destination("web", "", "channel:x"), "e8", "archived"),
    WorkspaceChanged("web", "", "e9", "lost", "Harbour", "app_uninstalled"),
)


def typed_everywhere(text: str) -> Card:
    """A card with what somebody typed in each place that can hold it."""
    said = say(text)
    return Card(
        text,
        (
            Text(said),
            Text(said, "heading"),
            Text(said, "quote"),
            Text((Mention(text, (ALICE,)), Link(text, "https://example.org"))),
            Bullets((said,)),
            Facts((Fact(text, said),)),
            Meter(text, text, 0.5, 0.5),
            Chart("line", text, (text,), (Series(text, (0.5,)), Series(text, (0.4,))), text),
            Table(text, (Column(text),), ((said, said),)),
            Buttons((Button(text, "a:b", about=text, confirm=text),)),
        ),
        (Button(text, "a:b"),),
    )


def asked_everywhere(text: str) -> Form:
    """A form with what somebody typed in each place that can hold it."""
    option = (Option(text, text),)
    return Form(
        text,
        "a:b",
        (
            Page(
                text,
                (
                    Number(id="n", label=text, value=text, hint=text),
                    ShortText(id="s", label=text, value=text, hint=text),
                    LongText(id="l", label=text, value=text, hint=text),
                    Choice(id="c", label=text, options=option, value=text, hint=text),
                    Choices(id="m", label=text, options=option, value=(text,), hint=text),
                    Day(id="d", label=text, value=text, hint=text),
                    Person(id="p", label=text, people=(Somebody(text, text),), value=text),
                ),
                (Text(say(text)),),
            ),
        ),
        text,
    )
