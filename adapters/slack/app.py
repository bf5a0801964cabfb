"""The Bolt app of one workspace: Bolt unwraps and authorizes, one catch-all of ours hears."""

import logging
from collections.abc import Sequence
from typing import Any

from msgspec import json
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.payloads import Misshapen
from adapters.slack.talk import Answer, Talk
from adapters.slack.workspace import Workspace

JSON: dict[str, str | Sequence[str]] = {"content-type": "application/json; charset=utf-8"}

bolt = logging.getLogger("slack_bolt.okr")
log = logging.getLogger(__name__)


def app(workspace: Workspace, talk: Talk) -> AsyncApp:
    """The app. Signatures are checked before it, by the guard; a socket needs none.

    Its one middleware answers everything itself: Bolt's listeners are tried one by one, and their
    acknowledgement is waited for in steps of 10 ms.
    """

    async def authorize(**_: Any) -> AuthorizeResult:
        """Whoever speaks to this app does so in its one workspace, or from another as a guest."""
        ours = await workspace.who()
        return AuthorizeResult(
            enterprise_id=ours.enterprise or None,
            team_id=ours.team,
            bot_user_id=ours.user,
            bot_id=ours.bot or None,
            bot_token=workspace.access.bot_token,
        )

    bolt.setLevel(logging.ERROR)  # it warns that our own way of authorizing is used
    made = AsyncApp(
        name="okr",
        logger=bolt,
        client=workspace.client,
        authorize=authorize,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
    )

    async def hear(req: AsyncBoltRequest) -> BoltResponse:
        try:
            return _response(await talk.hear(req.body, _retry(req)))
        except Misshapen as wrong:
            log.warning("misshapen: %s", wrong)
            return BoltResponse(status=400, body="")

    made.middleware(hear)
    return made


def _retry(request: AsyncBoltRequest) -> int:
    (number,) = request.headers.get("x-slack-retry-num", ["0"])[:1]
    return int(number) if number.isascii() and number.isdigit() else 0


def _response(answer: Answer) -> BoltResponse:
    if answer.body is None:
        return BoltResponse(status=answer.status, body="")
    body = json.encode(answer.body).decode()
    return BoltResponse(status=answer.status, body=body, headers=JSON)
