"""Examples of the company's screen."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot import cast
from bot.chat.stage import Example
from bot.flows.company.cards import Screen, card
from bot.kpis import watch
from bot.looking.tree import Branch
from bot.participation import Participation
from bot.picture import Standing
from bot.texts import Voice
from storage.kpis import Dot, Kpi

KPI = Kpi(id=1, slug="answer", name="Time to first answer", unit="h", high=4, direction="lower")
READINGS = [Dot(date(2026, 10, 23), 3.5), Dot(date(2026, 10, 30), 5.5)]


def examples(voice: Voice) -> Iterable[Example]:
    """Harbour in week 5."""
    known = {1: cast.ALICE, 2: cast.BOB}
    took_part = Participation(on_time=(cast.BOB,), open=(cast.CHARLIE, cast.DANA))
    growth = Branch(cast.GROWTH, cast.standings(answered=True), took_part, (), known)
    many = tuple(
        replace(growth, team=cast.GROWTH.model_copy(update={"id": n, "name": f"Team {n}"}))
        for n in range(10, 24)
    )
    ours = Standing(
        cast.NPS, cast.LOVED.model_copy(update={"team_id": 1}), cast.WEEK, cast.STARTS,
        cast.HISTORY[1],
    )  # fmt: skip
    company = Branch(cast.COMPANY, [ours], Participation(), (growth,), known)
    outside = watch.seen(cast.TERM, KPI, READINGS, (), [cast.STARTS])
    hostile = Branch(
        cast.COMPANY.model_copy(update={"name": cast.HOSTILE}),
        [
            replace(
                ours, objective=cast.LOVED.model_copy(update={"title": cast.HOSTILE, "team_id": 1})
            )
        ],
        below=(replace(growth, team=cast.GROWTH.model_copy(update={"name": cast.HOSTILE})),),
        people=known,
    )
    bad = watch.seen(
        cast.TERM, KPI.model_copy(update={"name": cast.HOSTILE}), READINGS, (), [cast.STARTS]
    )
    shown = (
        ("Harbour", Screen(cast.TERM, [company], 1, 5, 1, [outside])),
        ("many teams", Screen(cast.TERM, [replace(company, below=many)], 14, 60, 0, [outside] * 7)),
        ("nothing said yet", Screen(cast.TERM, [company], 0, 5, 1, [], 5)),
        ("nothing yet", Screen(cast.TERM, [Branch(cast.COMPANY)], 0, 0, 0, [])),
        ("no company", Screen(cast.TERM, [growth, many[0]], 2, 8, 0, [])),
        ("with hostile text", Screen(cast.TERM, [hostile], 1, 5, 1, [bad])),
    )
    return (Example("company", name, card(voice, screen)) for name, screen in shown)
