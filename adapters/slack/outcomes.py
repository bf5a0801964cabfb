"""What Slack's answers mean: arrived, later, never, or nobody knows."""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.chat.adapter import Outcome, TryLater, Undeliverable, Unknown

SOON = 5.0
WORKSPACE_AGAIN = 600.0
"""Seconds until a workspace is tried again whose token no longer works; its letters wait."""
LONGEST_PAUSE = 3600.0

DOUBTFUL = {"internal_error", "fatal_error"}
"""Slack says of these that part of the work may have been done."""
OUR_ACCESS = {
    "account_inactive": "The app was removed from the workspace or its token switched off.",
    "app_uninstalled": "The app was removed from the workspace.",
    "access_denied": "The workspace denies access to the app.",
    "ekm_access_denied": "The workspace's key management has suspended the app.",
    "enterprise_is_restricted": "The organisation does not allow this app.",
    "invalid_auth": "The bot token is not valid.",
    "missing_scope": "The app lacks a scope.",
    "no_permission": "The app lacks a permission.",
    "not_allowed_token_type": "This is not a bot token.",
    "not_authed": "There is no bot token.",
    "org_login_required": "The workspace is being moved to an organisation.",
    "team_access_not_granted": "The organisation has not granted the app this workspace.",
    "token_expired": "The bot token has expired.",
    "token_revoked": "The bot token was revoked.",
    "two_factor_setup_required": "The workspace asks for two-factor login first.",
}
"""What stops a whole workspace, not one message: nothing is given up, it waits for an admin."""
ONE_METHOD = {"missing_scope", "no_permission", "not_allowed_token_type", "access_denied"}
"""These may concern one method alone, while others still work."""
LATER = {
    "accesslimited": 3600.0,
    "message_limit_exceeded": 3600.0,
    "rate_limited": 30.0,
    "ratelimited": 30.0,
    "request_timeout": SOON,
    "service_unavailable": 30.0,
    "team_added_to_org": 300.0,
    "upgrade_required": 3600.0,
}
PAUSES = {"ratelimited", "message_limit_exceeded", "service_unavailable"}
"""These are said of the whole workspace: no other call of the method would fare better."""
NEVER = {
    "as_user_not_supported": "may_not_write",
    "cannot_dm_bot": "bot_account",
    "cannot_reply_to_message": "thread_closed",
    "cant_update_message": "not_ours",
    "channel_type_not_supported": "may_not_write",
    "channel_is_archived": "archived",
    "channel_not_found": "not_visible",
    "edit_window_closed": "edit_closed",
    "is_archived": "archived",
    "message_not_found": "message_gone",
    "messages_tab_disabled": "messages_tab",
    "not_in_channel": "invite",
    "restricted_action": "may_not_write",
    "restricted_action_non_threadable_channel": "thread_closed",
    "restricted_action_read_only_channel": "may_not_write",
    "restricted_action_thread_locked": "thread_closed",
    "restricted_action_thread_only_channel": "only_threads",
    "team_not_found": "no_workspace",
    "thread_not_found": "message_gone",
    "user_disabled": "account_inactive",
    "user_not_found": "no_such_account",
    "user_not_visible": "no_such_account",
}
"""Slack's words, and the reasons that the report has words for."""
BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
"""The message is refused for how it is drawn. How long all blocks may be Slack tells nobody."""


class Trouble(Exception):
    """A call that did not succeed: Slack's word for it, and what that means for a message."""

    def __init__(self, code: str, outcome: Outcome, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.outcome = outcome

    @classmethod
    def refused(cls, status: int, body: str) -> "Trouble":
        """What an answer address says that takes no message."""
        if status == 429:
            return cls("ratelimited", TryLater(SOON))
        code = next((code for code in BAD_BLOCKS if code in body), f"http_{status}")
        return cls(code, Unknown() if status >= 500 else _meaning(code))

    @property
    def is_access(self) -> bool:
        """Whether the app may do nothing at all in the workspace."""
        return self.code in OUR_ACCESS and self.code not in ONE_METHOD

    @property
    def pause(self) -> float:
        """Seconds after which the same call may succeed, 0 where it is not known to."""
        return self.outcome.after if isinstance(self.outcome, TryLater) else 0.0


def trouble(error: BaseException) -> Trouble:
    """What an error of the SDK means. Raises it again where it is none of the network's."""
    match error:
        case SlackApiError():
            return _refused(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Trouble("unreachable", TryLater(SOON), str(error))
        case aiohttp.ClientError() | asyncio.TimeoutError() | OSError():
            return Trouble("silent", Unknown(), type(error).__name__)
        case _:
            raise error


def _refused(error: SlackApiError) -> Trouble:
    answer = error.response
    status = int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0)
    data: Any = getattr(answer, "data", None)
    data = data if isinstance(data, dict) else {}
    code = str(data.get("error") or f"http_{status}")
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Trouble("ratelimited", TryLater(_pause(getattr(answer, "headers", {}) or {})))
    if status >= 500 or not data or code in DOUBTFUL:
        return Trouble(code, Unknown())
    return Trouble(code, _meaning(code, detail := _detail(data)), detail)


def _meaning(code: str, detail: str = "") -> Outcome:
    if code in OUR_ACCESS:
        return TryLater(WORKSPACE_AGAIN)
    if code in LATER:
        return TryLater(LATER[code])
    if code in NEVER:
        return Undeliverable(NEVER[code])
    return Undeliverable(f"refused: {code} {detail}".strip(), by_itself=True)


def _pause(headers: Any) -> float:
    text = str(headers.get("Retry-After", headers.get("retry-after", "")))
    return min(float(text), LONGEST_PAUSE) if text.isdecimal() else LATER["ratelimited"]


def _detail(data: dict[str, Any]) -> str:
    """What Slack says beyond its one word, such as which block it did not like."""
    more = data.get("response_metadata") or {}
    said = more.get("messages", ()) if isinstance(more, dict) else ()
    wanted = f"needs {data['needed']}" if "needed" in data else ""
    return "; ".join(filter(None, (wanted, *map(str, said))))[:500]
