"""How players plan: an objective and its key results, typed into the forms that everybody uses."""

from collections.abc import Sequence

from bot.chat.cards import Button, Card
from bot.chat.events import Values
from bot.chat.forms import Form
from bot.figures import format_number
from bot.method.shorthand import parse_key_result
from bot.rehearsal.asks import ADD

ANOTHER = "add:kr:"


def drafted(form: Form, objective: str, key_results: Sequence[str], step: int) -> Values | None:
    """First the objective, then each key result; None where there is no more to say."""
    values: dict[str, str | tuple[str, ...]] = {q.id: q.value for q in form.questions()}
    if form.action.startswith(ADD):
        return values | {"title": objective}
    if step > len(key_results):
        return None
    said = parse_key_result(key_results[step - 1], "en")
    if said is None:
        return None
    numbers = {
        name: format_number(number, form.locale)
        for name, number in (("baseline", said.baseline), ("target", said.target))
        if number is not None
    }
    return values | numbers | {"title": _capital(said.title), "kind": said.kind, "unit": said.unit}


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def more(shown: Card) -> Button | None:
    """The button for one more key result, where the saved card offers it."""
    return next((b for b in shown.buttons if b.action.startswith(ANOTHER)), None)
