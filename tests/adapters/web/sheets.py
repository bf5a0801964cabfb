"""A form as it stands in a browser: what its fields hold, and what is said beside them."""

from bot.chat.events import Values
from tests.adapters.contract import Sheet
from tests.adapters.web.dom import Element

FIELDS = ("input", "textarea", "select")


def sheet(form: Element, values: Values) -> Sheet:
    """The form with these values in its fields."""
    problems = {
        question["data-question"]: each.text
        for question in _questions(form)
        for each in question.all("p")
        if each["class"] == "problem"
    }
    head = [each.text for each in form.all("p") if each["class"] == "problem head"]
    if head:
        problems[""] = "\n".join(head)
    return Sheet(next(form.all("h2")).text, values, problems)


def values(form: Element) -> dict[str, str | tuple[str, ...]]:
    """What the fields hold, as the page's script reads them."""
    return {question["data-question"]: _value(question) for question in _questions(form)}


def fill(form: Element, question: str, answer: str | tuple[str, ...]) -> None:
    """Complain where nobody could enter this answer with a mouse and a keyboard."""
    field = next(each for each in _questions(form) if each["data-question"] == question)
    offered = {each["value"] for each in field.all("option")} | {
        each["value"] for each in field.all("input") if each["type"] in {"radio", "checkbox"}
    }
    chosen = {answer} if isinstance(answer, str) else set(answer)
    assert not offered or chosen <= offered | {""}, f"{question} offers {offered}, not {chosen}"


def _questions(form: Element) -> list[Element]:
    return [each for each in form.all() if each.has("data-question")]


def _value(question: Element) -> str | tuple[str, ...]:
    checked = [each["value"] for each in question.all("input") if each.has("checked")]
    match question["role"]:
        case "group":
            return tuple(checked)
        case "radiogroup":
            return "".join(checked[-1:])
        case _:
            return _entered(next(question.all(*FIELDS)))


def _entered(field: Element) -> str:
    """A browser takes line ends out of a line, and shows the first option where none is chosen."""
    if field.tag == "textarea":
        return field.text
    if field.tag == "select":
        options = list(field.all("option"))
        chosen = [option["value"] for option in options if option.has("selected")]
        return (chosen or [options[0]["value"]])[-1]
    return field["value"].replace("\r", "").replace("\n", "")
