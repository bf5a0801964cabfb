"""What the Bot Connector's answers mean: arrived, later, never, or nobody knows."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.chat.adapter import Outcome, TryLater, Undeliverable, Unknown

SOON = 5.0
BUSY = 2.0
"""Seconds until a conversation that is being changed by somebody else is tried again."""
LOGIN_AGAIN = 600.0
"""Seconds until an app is tried again that may not log in; its letters wait."""
LONGEST_PAUSE = 3600.0
LONGEST_DETAIL = 300

NEVER = {
    "ActivityNotFoundInConversation": "message_gone",
    "BadArgument": "not_understood",
    "BotDisabledByUser": "blocked",
    "BotNotInConversationRoster": "not_installed",
    "BotNotRegistered": "not_registered",
    "ConversationBlockedByUser": "blocked",
    "ConversationNotFound": "no_conversation",
    "ForbiddenOperationException": "not_installed",
    "InvalidBotApiHost": "other_address",
    "MessageSizeTooBig": "too_large",
    "MessageWritesBlocked": "blocked",
    "NotEnoughPermissions": "may_not_write",
    "ThreadNotFound": "no_conversation",
    "UserNotFound": "no_such_account",
}
"""Teams' words, and the reasons that the report has words for."""
SHUT_OUT = {
    "BotDisabledByAdmin": "admin_off",
    "login_refused": "login",
    "token": "login",
}
"""What may stop a whole tenant: nothing is given up, it waits for an admin."""
OUR_ACCESS = {
    401: "Teams does not accept the app's token: look at TEAMS_APP_ID and TEAMS_TENANT_ID.",
}


class Trouble(Exception):
    """A call that did not succeed: Teams' word for it, and what that means for a message."""

    def __init__(self, code: str, outcome: Outcome, detail: str = "", status: int = 0) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.outcome = outcome
        self.status = status

    @property
    def pause(self) -> float:
        """Seconds after which the same call may succeed, 0 where it is not known to."""
        return self.outcome.after if isinstance(self.outcome, TryLater) else 0.0

    @property
    def is_final(self) -> bool:
        """Whether it will not succeed until an admin or a person does something."""
        return isinstance(self.outcome, Undeliverable)


def trouble(error: BaseException) -> Trouble:
    """What an error of the network means. Raises it again where it is none."""
    match error:
        case Trouble():
            return error
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Trouble("unreachable", TryLater(SOON), str(error))
        case aiohttp.ClientError() | asyncio.TimeoutError() | OSError() | ValueError():
            return Trouble("silent", Unknown(), type(error).__name__)
        case _:
            raise error


def refused(status: int, headers: Mapping[str, str], body: str) -> Trouble:
    """What an answer other than a success means; it may be a page of HTML."""
    code, detail = _said(body)
    code = code or f"http_{status}"
    if status == 429:
        return Trouble(code, TryLater(_pause(headers)), detail, status)
    if status == 412:
        return Trouble(code, TryLater(BUSY), detail, status)
    if status in OUR_ACCESS:
        return Trouble("token", TryLater(LOGIN_AGAIN), OUR_ACCESS[status], status)
    if code in SHUT_OUT:
        return Trouble(code, TryLater(LOGIN_AGAIN), detail, status)
    if status >= 500 or status < 400:
        return Trouble(code, Unknown(), detail, status)
    return Trouble(code, Undeliverable(_reason(status, code, detail)), detail, status)


def _reason(status: int, code: str, detail: str) -> str:
    if code in NEVER:
        return NEVER[code]
    if status == 413:
        return NEVER["MessageSizeTooBig"]
    about = detail if code.startswith("http_") else f"{code} {detail}".strip()
    return f"refused: {about or status}"


def _said(body: str) -> tuple[str, str]:
    """Teams' word and its explanation, in either of the forms in which it gives them."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    said = said if isinstance(said, dict) else {}
    inner = said.get("error")
    if isinstance(inner, dict):
        return str(inner.get("code") or ""), str(inner.get("message") or "")[:LONGEST_DETAIL]
    message = str(said.get("message") or "")
    if "subCode" in message:
        code, detail = _sub(message)
        return code, detail[:LONGEST_DETAIL]
    return str(said.get("code") or said.get("errorCode") or ""), message[:LONGEST_DETAIL]


def _sub(message: str) -> tuple[str, str]:
    try:
        said: Any = json.loads(message)
    except (ValueError, RecursionError):
        return "", message
    if not isinstance(said, dict):
        return "", message
    return str(said.get("subCode") or ""), str(said.get("details") or "")


def _pause(headers: Mapping[str, str]) -> float:
    text = headers.get("Retry-After", "")
    return min(max(float(text), 1.0), LONGEST_PAUSE) if text.isdecimal() else SOON
