"""The app's manifest: what an admin pastes at api.slack.com/apps, and all is set up."""

from typing import Any
from urllib.parse import urlsplit

from adapters.slack.limits import leads

PATH = "/slack/events"
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "team:read",
    "users:read",
    "users:read.email",
)
"""What the bot may do; history only to see whether a message of its own has arrived."""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
)
LONGEST_NAME = 35


def manifest(name: str, http_url: str | None = None) -> dict[str, Any]:
    """The manifest of an app called `name`, for Socket Mode, or for HTTP at a public address.

    Of an address without a path the bot's own is taken. Raises ValueError, in words for an admin.
    """
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(f"The app's name must have 1 to {LONGEST_NAME} characters.")
    at = {} if http_url is None else {"url": _address(http_url)}
    to = {} if http_url is None else {"request_url": at["url"]}
    return {
        "display_information": {
            "name": name,
            "description": "Runs the OKR cadence: planning, weekly check-ins, summaries.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": "/okr",
                    "description": "Your objectives and key results",
                    "usage_hint": "checkin, mine, team, help",
                    "should_escape": True,
                    **at,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**to, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **to},
            "org_deploy_enabled": False,
            "socket_mode_enabled": http_url is None,
            "token_rotation_enabled": False,
        },
    }


def _address(url: str) -> str:
    if not leads(url) or not url.startswith("https://"):
        raise ValueError(f"Slack needs a public address such as https://okr.example.com, not {url}")
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}{PATH}"
