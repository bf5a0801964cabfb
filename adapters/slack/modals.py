"""Forms as modals: opened while the trigger lives, led page by page, sent together at the end."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from msgspec import Struct, field

from adapters.slack import cards, forms
from adapters.slack.events import Where
from adapters.slack.ids import question
from adapters.slack.meta import Meta
from adapters.slack.outcomes import Trouble
from adapters.slack.payloads import Misshapen, View
from adapters.slack.plain import unescape
from adapters.slack.workspace import Ask, Workspace
from bot.chat.adapter import Keep
from bot.chat.cards import Button, Card
from bot.chat.events import Values
from bot.chat.forms import Form, Problem

Json = dict[str, Any]
Say = Callable[[Card, Where], Awaitable[None]]

FULL = "push_limit_reached"
TOO_LATE = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}
LONGEST_ERROR = 2000
OPEN_FOR = 3
"""Days for which what was typed is kept of a form that is neither sent nor put away."""

log = logging.getLogger(__name__)


class Draft(Struct, frozen=True):
    """A form of several pages, and what stands in those that were filled in."""

    form: Form
    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)


class Modals:
    """One workspace's open forms. What is typed on earlier pages is kept for all replicas."""

    def __init__(self, workspace: Workspace, keep: Callable[[], Keep], say: Say) -> None:
        self._workspace, self._keep, self._say = workspace, keep, say

    async def open(self, form: Form, where: Where) -> None:
        """Show a form, or a card with a button that does where no modal can be opened now."""
        if where.trigger:
            try:
                await self._open(await self.first(form, where), where)
            except Trouble as problem:
                if problem.code not in TOO_LATE:
                    log.warning("slack_form_not_opened action=%s %s", form.action[:80], problem)
            else:
                return
        await self._say(invitation(form), Where(where.user, where.channel, where.thread, where.url))

    async def first(self, form: Form, where: Where) -> Json:
        """The form's first page."""
        pages = forms.pages(form)
        kept = secrets.token_urlsafe(12) if pages > 1 else ""
        if kept:
            await self._put(kept, Draft(form))
        return self._view(form, Meta.of(form.action, where, 0, pages, kept), {})

    async def turn(self, view: View, meta: Meta, page: int) -> Json | None:
        """Another page of a form, whatever stands on this one kept; None where none follows."""
        if not meta.kept or not 0 <= page < meta.pages:
            return None
        draft = await self._draft(meta)
        draft = Draft(draft.form, {**draft.values, **self.typed(view)})
        await self._put(meta.kept, draft)
        return self._view(draft.form, msgspec.structs.replace(meta, page=page), draft.values)

    async def all_typed(self, view: View, meta: Meta) -> Values:
        """Everything that was filled in, on all pages."""
        before = (await self._draft(meta)).values if meta.kept else {}
        return {**before, **self.typed(view)}

    def typed(self, view: View) -> Values:
        """What stands in the fields of this page."""
        return forms.values(view.state, self._workspace_id())

    async def fix(
        self, form: Form, problems: tuple[Problem, ...], view: View, meta: Meta, values: Values
    ) -> Json:
        """What Slack is answered: problems beside their fields, or a page that says more.

        Slack's own mark stands only beside fields of the open page, and there must be one.
        """
        page = min(meta.page, forms.pages(form) - 1)
        shown = _asked(view.blocks)
        same = _asked(self._view(form, msgspec.structs.replace(meta, page=page), {})["blocks"])
        if same == shown and {problem.question for problem in problems} <= set(shown.values()):
            return {"response_action": "errors", "errors": forms.errors(form, problems, page)}
        return await self._fix_elsewhere(form, problems, meta, values)

    async def close(self, meta: Meta) -> None:
        """A form was sent or put away: nothing of it is kept."""
        if meta.kept:
            await self._keep().drop(f"form:{meta.kept}")

    def unsaved(self, card: Card, view: View, pushed: Json | None) -> Json:
        """An honest word, while all that was typed stays where it is."""
        words = unescape(cards.draw(card, workspace="").text)[:LONGEST_ERROR]
        if shown := _asked(view.blocks):
            return {"response_action": "errors", "errors": {next(iter(shown)): words}}
        return {"response_action": "push", "view": pushed} if pushed else {}

    async def _fix_elsewhere(
        self, form: Form, problems: tuple[Problem, ...], meta: Meta, values: Values
    ) -> Json:
        pages = forms.pages(form)
        kept = meta.kept or (secrets.token_urlsafe(12) if pages > 1 else "")
        if kept:
            await self._put(kept, Draft(form, dict(values)))
        wrong = {problem.question for problem in problems}
        of_pages = [
            self._view(form, _meta(meta, form, page, pages, kept), values, problems)
            for page in range(pages)
        ]
        with_problem = (v for v in of_pages if wrong & set(_asked(v["blocks"]).values()))
        return {"response_action": "update", "view": next(with_problem, of_pages[0])}

    async def _open(self, view: Json, where: Where) -> None:
        if not where.view:
            await self._ask("views.open", view, where)
            return
        try:
            await self._ask("views.push", view, where)
        except Trouble as problem:
            if problem.code != FULL:
                raise
            await self.show(where.view, view)

    async def show(self, id: str, view: Json) -> None:  # noqa: A002 - the view's own word
        """Put another view in the place of an open one. Raises Trouble."""
        await self._workspace.ask(
            "views.update", lambda client: client.views_update(view_id=id, view=view)
        )

    async def _ask(self, method: str, view: Json, where: Where) -> None:
        trigger = where.trigger
        ask: Ask = lambda client: (  # noqa: E731 - either of two
            client.views_push if method == "views.push" else client.views_open
        )(trigger_id=trigger, view=view)
        await self._workspace.ask(method, ask)

    def _view(
        self, form: Form, meta: Meta, values: Values, problems: tuple[Problem, ...] = ()
    ) -> Json:
        view = forms.view(
            form,
            meta=meta.text(),
            page=meta.page,
            values=values,
            problems=problems,
            workspace=self._workspace_id(),
        )
        return {**view, "notify_on_close": bool(meta.kept)}

    def _workspace_id(self) -> str:
        known = self._workspace.known
        return known.id if known else ""

    async def _put(self, kept: str, draft: Draft) -> None:
        text = msgspec.json.encode(draft).decode()
        await self._keep().put(f"form:{kept}", text, days=OPEN_FOR)

    async def _draft(self, meta: Meta) -> Draft:
        text = await self._keep().get(f"form:{meta.kept}")
        if not text:
            raise Misshapen("This form was sent or put away already.")
        return msgspec.json.decode(text, type=Draft)


def invitation(form: Form) -> Card:
    """A card that opens a form, for where Slack lets none be opened."""
    return Card(form.title, (), (Button(form.title, form.action, "primary", opens_form=True),))


def _meta(meta: Meta, form: Form, page: int, pages: int, kept: str) -> Meta:
    return msgspec.structs.replace(meta, action=form.action, page=page, pages=pages, kept=kept)


def _asked(blocks: list[Json]) -> dict[str, str]:
    """The questions of a view by their `block_id`."""
    return {
        block["block_id"]: question(block["block_id"], block["element"]["action_id"])
        for block in blocks
        if block.get("type") == "input"
    }
