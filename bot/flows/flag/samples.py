"""Examples: Bob's churn fell from 9 to 4, and Growth's time to first answer left its range."""

from collections.abc import Iterable
from datetime import timedelta

from bot import cast
from bot.chat.stage import Example
from bot.flows.flag import cards
from bot.flows.flag.falls import Fall
from bot.kpis import watch
from bot.kpis.left import News
from bot.kpis.watch import Look
from bot.texts import Voice
from storage.kpis import Dot, Kpi

DAY = cast.FRIDAY.date()
ANSWER = Kpi(id=1, slug="support-time", name="Time to first answer", unit="h", high=4)
HOSTILE = Kpi(id=3, slug="hostile", name=cast.HOSTILE, unit="<b>", high=4)


def examples(voice: Voice) -> Iterable[Example]:
    """What fell, what left its range, both, and what was put right since."""
    churn, rude = _fall(cast.ANSWERS[2].note), _fall(cast.HOSTILE)
    late = _news(voice, _look(3.0, 4.6))
    back = _news(voice, _look(3.0, 4.8), relapse=True)
    since = News(_look(3.0, 4.6, 3.1), 4.6, DAY - timedelta(days=7), late.range)
    shown = {
        "one key result": cards.card(voice, [churn]),
        "two, with hostile text": cards.card(voice, [churn, rude]),
        "after days off": cards.card(voice, [churn], since=DAY),
        "changed since": cards.cleared(voice),
        "one kpi": cards.card(voice, (), [late]),
        "kpis, with hostile text": cards.card(
            voice, (), [back, since, _news(voice, _look(3.0, 4.6, of=HOSTILE))]
        ),
        "one kpi, corrected": cards.card(voice, (), [News(_look(3.3, 3.0), None)]),
        "a key result and a kpi": cards.card(voice, [churn], [late]),
        "key results and kpis": cards.card(voice, [churn, rude], [back, late]),
    }
    for name, card in shown.items():
        yield Example("flag", name, card)


def _fall(note: str) -> Fall:
    standing = cast.standings(answered=True)[1]
    said = cast.ANSWERS[2]._replace(note=note)
    return Fall(standing, standing.confidence_before, said, cast.BOB)


def _look(*values: float, of: Kpi = ANSWER) -> Look:
    days = [DAY - timedelta(weeks=n) for n in reversed(range(len(values)))]
    return watch.seen(cast.TERM, of, [Dot(*each) for each in zip(days, values, strict=True)])


def _news(voice: Voice, look: Look, *, relapse: bool = False) -> News:
    newest = look.judged[-1]
    return News(look, newest.value, newest.day, watch.span(voice, look), relapse)
