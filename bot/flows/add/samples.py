"""Examples of every card and form of `add`."""

from collections.abc import Iterable

from bot import cast
from bot.chat.cards import Card
from bot.chat.forms import Form, Somebody
from bot.chat.stage import Example
from bot.flow import action
from bot.flows.add import asked, cards
from bot.goals import forms
from bot.goals.findings import Found, Left
from bot.goals.forms import Choices
from bot.goals.values import KeyResultValues, ObjectiveValues
from bot.method.lint import Spoken
from bot.method.shorthand import parse_key_result
from bot.texts import Voice
from storage.kpis import Kpi


def examples(voice: Voice) -> Iterable[Example]:
    """Dana proposes an objective, Alice approves it; Bob adds churn."""
    people = (Somebody("2", cast.BOB.name), Somebody("4", cast.DANA.name))
    names = {1: cast.COMPANY.name, 2: cast.GROWTH.name}
    kpis = (Kpi(id=1, slug="churn", name="Churn", unit="%"),)
    choices = Choices(people, (cast.GROWTH,), (cast.LOVED, cast.STEADY), names, kpis)
    new = cast.STEADY.model_copy(update={"state": "review", "owner_id": 4})
    hostile = cast.LOVED.model_copy(update={"title": cast.HOSTILE})
    churn = KeyResultValues.of(cast.CHURN, ())
    objective = ObjectiveValues(team_id=2, owner_id=4)
    krs = (cast.UPTIME, cast.GUIDE)
    against = parse_key_result("reduce churn from 1 to 5", voice.locale)

    task = Found(2, "objective", 2, new.title, Spoken("objective_task", {"word": "launch"}))
    unit = Found(2, "key_result", 2, cast.CHURN.title, Spoken("no_unit"))
    kept = Left(Found(2, "objective", 2, new.title, Spoken("no_parent")), cast.HOSTILE, "Dana")
    team, owner = cast.GROWTH.name, cast.DANA.name

    def said(text: str, **values: object) -> Card:
        title = voice.line(f"add.{text}_title", **values)
        return Card(title, voice.blocks(f"add.{text}", **values))

    def kr_form(now: KeyResultValues, meaning: str, intro: bool) -> Form:
        title = voice.line("add.key_result_title")
        more = asked.understood(voice, against) if intro else ()
        return forms.key_result(voice, title, meaning, now, choices, cast.CYCLE, more)

    shown = (
        ("start", cards.start(voice, (), names)),
        ("start, one waits", cards.start(voice, (new,), names)),
        (
            "objective form",
            forms.objective(
                voice,
                voice.line("add.objective_title"),
                action("add", "objective", "k1", "", ""),
                objective,
                choices,
            ),
        ),
        ("key result form", kr_form(churn, action("add", "kr", "k2", "", ""), intro=False)),
        (
            "key result form, contradiction",
            kr_form(churn, action("add", "kr", "k3", "", ""), intro=True),
        ),
        ("objective added", cards.objective(voice, hostile, cast.GROWTH.name, cast.BOB.name)),
        (
            "objective waits",
            cards.objective(
                voice, new, cast.GROWTH.name, cast.DANA.name, waits_for=cast.ALICE.name
            ),
        ),
        ("key result added", cards.key_result(voice, 2, churn, cast.LOVED, cast.BOB.name)),
        (
            "objective added, with a finding",
            cards.objective(voice, new, team, owner, found=(task,)),
        ),
        (
            "key result added, with a finding",
            cards.key_result(voice, 2, churn, cast.LOVED, owner, found=(unit,), asks=True),
        ),
        (
            "to the lead, with findings",
            cards.review(voice, new, team, owner, krs, (task, unit), (kept,)),
        ),
        ("to the lead", cards.review(voice, new, cast.GROWTH.name, cast.DANA.name, krs)),
        ("approved", cards.approved(voice, new, cast.GROWTH.name, cast.DANA.name, krs)),
        ("nothing to add to", said("no_objective", names=cast.ALICE.name)),
        ("sent twice", said("twice")),
    )
    return (Example("add", name, card) for name, card in shown)
