"""Forms as cards with inputs: in place or in a dialog, led page by page, sent together."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct, field

from adapters.teams import forms
from adapters.teams.events import Where
from adapters.teams.payloads import Misshapen, convert
from bot.chat.adapter import Keep
from bot.chat.events import Values
from bot.chat.forms import Form, Problem

Json = dict[str, Any]

SHEET = "sheet"
OPEN_FOR = 3
"""Days for which what was typed is kept of a form that is neither sent nor put away."""
REMEMBERED = 500

log = logging.getLogger(__name__)


class Sheet(Struct, frozen=True, omit_defaults=True):
    """What every button of a form carries: which page of how many, and where the rest is kept.

    `own` is a form that stands in a message of its own or of an answer, not in a letter's.
    """

    title: str = ""
    page: int = 0
    of: int = 1
    kept: str = ""
    own: bool = False


class Draft(Struct, frozen=True):
    """A form, what stands in its pages that were filled in, and what is wrong with that."""

    form: Form
    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class Sheets:
    """Open forms. What is typed on earlier pages is kept for all replicas."""

    def __init__(self, keep: Callable[[], Keep]) -> None:
        self._keep = keep
        self._drafts: OrderedDict[str, str] = OrderedDict()

    async def open(self, form: Form, where: Where, *, own: bool = True) -> Json:
        """The form's first page. In a dialog it is kept: Teams closes it where we say no more."""
        of = forms.pages(form)
        kept = secrets.token_urlsafe(12) if of > 1 or where.in_dialog else ""
        if kept:
            await self._put(kept, Draft(form))
        return _card(form, Sheet(form.title, 0, of, kept, own), {}, (), where)

    async def turn(self, sheet: Sheet, data: Json, where: Where) -> Json | None:
        """The page that follows, or the one before; None where all is filled in and sent."""
        page = sheet.page - 1 if data.get(forms.BACK) else sheet.page + 1
        if not sheet.kept or not 0 <= page < sheet.of:
            return None
        draft = await self._draft(sheet)
        values = {**draft.values, **forms.values(data, where.tenant)}
        draft = msgspec.structs.replace(draft, values=values)
        await self._put(sheet.kept, draft)
        turned = msgspec.structs.replace(sheet, page=page)
        return _card(draft.form, turned, draft.values, draft.problems, where)

    async def all_typed(self, sheet: Sheet, data: Json, where: Where) -> Values:
        """Everything that was filled in, on all pages."""
        if sheet.of == 1:
            return forms.values(data, where.tenant)
        return {**(await self._draft(sheet)).values, **forms.values(data, where.tenant)}

    async def fix(
        self, form: Form, problems: tuple[Problem, ...], values: Values, where: Where, sheet: Sheet
    ) -> Json:
        """The form with what was typed, at the first page where something is wrong."""
        of = forms.pages(form)
        kept = sheet.kept or (secrets.token_urlsafe(12) if of > 1 else "")
        if kept:  # what stands on the one page there is comes back with it, and is kept nowhere
            await self._put(kept, Draft(form, dict(values) if of > 1 else {}, problems))
        wrong = {problem.question for problem in problems}
        page = next((n for n in range(of) if wrong & forms.asked(form, n)), min(sheet.page, of - 1))
        return _card(form, Sheet(form.title, page, of, kept, sheet.own), values, problems, where)

    async def again(self, sheet: Sheet, values: Values, said: str, where: Where) -> Json:
        """The form as it was typed, with a word above it. Raises Misshapen where it is gone."""
        draft = await self._draft(sheet)
        return _card(draft.form, sheet, values, (Problem("", said),), where)

    async def close(self, sheet: Sheet) -> None:
        """A form was sent: nothing of it is kept."""
        if sheet.kept:
            self._drafts.pop(sheet.kept, None)
            await self._keep().put(f"form:{sheet.kept}", "", days=OPEN_FOR)

    async def _put(self, kept: str, draft: Draft) -> None:
        text = self._drafts[kept] = msgspec.json.encode(draft).decode()
        if len(self._drafts) > REMEMBERED:
            self._drafts.popitem(last=False)
        try:
            await self._keep().put(f"form:{kept}", text, days=OPEN_FOR)
        except Exception:  # whatever the store raises: this process still knows it
            log.exception("teams_form_not_kept")

    async def _draft(self, sheet: Sheet) -> Draft:
        """What all processes keep; what this one knows where that cannot be asked for now."""
        try:
            text = await self._keep().get(f"form:{sheet.kept}")
        except Exception:  # whatever the store raises
            log.exception("teams_form_not_recalled")
            text = None
        if text is None:
            text = self._drafts.get(sheet.kept)
        if not text:
            raise Misshapen("This form was sent already.")
        return msgspec.json.decode(text, type=Draft)


def read(data: Json) -> Sheet | None:
    """The form that a button belongs to; None for a button of a card. Raises Misshapen."""
    return convert(data[SHEET], Sheet) if SHEET in data else None


def carry(card: Json, more: Json) -> Json:
    """The card, every button of ours carrying this too."""

    def carried(value: Any) -> Any:
        if isinstance(value, list):
            return [carried(each) for each in value]
        if not isinstance(value, dict) or str(value.get("type")).startswith("Input."):
            return value
        changed = {name: carried(each) for name, each in value.items()}
        data = changed.get("data")
        if isinstance(data, dict) and "okr" in data:
            changed["data"] = {**data, **more}
        return changed

    carrying: Json = carried(card)
    return carrying


def for_dialog(card: Json) -> Json:
    """The card as a dialog takes it: there, buttons can only be sent."""

    def plainer(value: Any) -> Any:
        if isinstance(value, list):
            return [plainer(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.get("type") == "Action.Execute":
            value = {k: v for k, v in value.items() if k not in ("verb", "fallback")}
            value["type"] = "Action.Submit"
        return {name: plainer(each) for name, each in value.items()}

    plain: Json = plainer(card)
    return plain


def _card(
    form: Form, sheet: Sheet, values: Values, problems: tuple[Problem, ...], where: Where
) -> Json:
    draw = forms.task if where.in_dialog else forms.card
    page, tenant = sheet.page, where.tenant
    drawn = draw(form, page=page, values=values, problems=problems, tenant=tenant)
    return carry(drawn, {SHEET: msgspec.to_builtins(sheet)})
