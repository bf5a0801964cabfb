"""What Slack knows of an account → profile."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from adapters.slack.workspace import NAME, Self
from bot.chat.events import Profile
from bot.chat.who import Actor, Destination

HALF_A_DAY = timedelta(hours=12)
AWAY_SIGNS = {
    "airplane", "airplane_departure", "beach_with_umbrella", "camping", "desert_island",
    "face_with_thermometer", "face_with_head_bandage", "island", "luggage", "ooo",
    "out_of_office", "palm_tree", "sleeping_accommodation", "sneezing_face", "umbrella_on_ground",
    "vacation", "sick",
}  # fmt: skip
"""Slack's own suggestions for "vacationing" and "out sick", and what people choose beside them."""
AWAY_WORDS = re.compile(
    r"\b(vacation\w*|holidays?|annual leave|on leave|parental leave|pto|ooo|out of (the )?office"
    r"|out sick|sick leave|off sick|away until|urlaub|krank\w*|abwesend|elternzeit|im urlaub)\b",
    re.IGNORECASE,
)
SLACKBOT = "USLACKBOT"


def actor(workspace: str, account: str) -> Actor:
    """An account of this workspace."""
    return Actor(NAME, workspace, account)


def dm(workspace: str, account: str) -> Destination:
    """An account's conversation with the app: Slack takes the account's own name for it."""
    return Destination(NAME, workspace, account)


def profile(user: dict[str, Any], ours: Self) -> Profile:
    """A user object as `users.info` and `user_change` bring it."""
    about = user.get("profile") or {}
    guest = is_guest(user, ours)
    confirmed = user.get("is_email_confirmed", True) and not guest
    return Profile(
        name=_name(user, about),
        email=str(about.get("email") or "").lower() if confirmed else "",
        zone=user.get("tz") or "",
        locale=user.get("locale") or "",
        away_until=_away_until(about, user.get("tz") or ""),
        guest=guest,
        active=not user.get("deleted", False),
    )


def is_guest(user: dict[str, Any], ours: Self) -> bool:
    """Guests, bots, and people of other workspaces who share a channel with this one."""
    signs = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
    if any(user.get(sign) for sign in signs) or user.get("id") == SLACKBOT:
        return True
    team = user.get("team_id") or ours.team
    organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
    return team not in (ours.team, ours.enterprise) and not (
        ours.enterprise and organisation == ours.enterprise
    )


def _name(user: dict[str, Any], about: dict[str, Any]) -> str:
    names = (about.get("real_name"), user.get("real_name"), about.get("display_name"))
    return next((str(name) for name in names if name), str(user.get("name") or user.get("id")))


def _away_until(about: dict[str, Any], zone: str) -> str:
    """The last day that a status of absence covers till past noon, where it says when it ends."""
    ends = about.get("status_expiration")
    sign = str(about.get("status_emoji") or "").strip(":").partition("::")[0]
    is_away = sign in AWAY_SIGNS or AWAY_WORDS.search(str(about.get("status_text") or ""))
    if not is_away or not isinstance(ends, int) or not 0 < ends < 2**33:
        return ""
    try:
        here = ZoneInfo(zone or "UTC")
    except (KeyError, ValueError, OSError):
        here = ZoneInfo("UTC")
    moment = datetime.fromtimestamp(ends, UTC).astimezone(here) - HALF_A_DAY
    return moment.date().isoformat()
