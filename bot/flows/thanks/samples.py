"""Examples of thanks."""

from collections.abc import Iterable

from bot import cast
from bot.chat.forms import Somebody
from bot.chat.stage import Example
from bot.flows.thanks import cards
from bot.flows.thanks.reading import Meant
from bot.offer import with_people
from bot.texts import Voice
from storage.kudos import Kudos, Thanks

TEXT = "Your calls with every new clinic made the difference"


def examples(voice: Voice) -> Iterable[Example]:
    """Dana thanks Bob."""
    people = (Somebody("2", "Bob Okafor"), Somebody("3", "Charlie Rao"))
    empty = cards.form(voice, Meant(), "0123456789abcdef")
    filled = cards.form(voice, Meant(cast.BOB, cast.NPS, TEXT), "0123456789abcdef")
    known = {4: cast.DANA, 1: cast.ALICE}

    def thanks(text: str, title: str = "") -> Thanks:
        row = Kudos(cycle_id=1, week=cast.WEEK, from_id=4, to_id=2, text=text, at=cast.FRIDAY)
        return Thanks(row, title)

    one, odd = thanks(TEXT, cast.NPS.title), thanks(cast.HOSTILE, cast.HOSTILE)
    shown = (
        ("the form", with_people(empty, people)),
        ("the form, filled", with_people(filled, people)),
        ("kept", cards.said(voice, cast.BOB, cast.NPS.title, TEXT, reached=True)),
        ("kept, not reached", cards.said(voice, cast.BOB, "", cast.HOSTILE, reached=False)),
        ("told", cards.told(voice, [one], known)),
        ("told, with hostile text", cards.told(voice, [one, odd, thanks("")], known)),
        ("told, many", cards.told(voice, [one] * 25, known)),
    )
    return (Example("thanks", name, card) for name, card in shown)
