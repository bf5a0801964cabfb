"""What Teams knows of an account → profile."""

from typing import Any

from bot.chat.events import Profile
from bot.chat.who import Actor, Destination

NAME = "teams"
FOREIGN = "#ext#"
"""In the user principal name of everybody who belongs to another organisation."""


def actor(tenant: str, account: str) -> Actor:
    """An account of this tenant, by its object id in the directory."""
    return Actor(NAME, tenant, account)


def dm(tenant: str, account: str) -> Destination:
    """An account's own conversation with the bot, whether it was opened already or not."""
    return Destination(NAME, tenant, account)


def profile(member: dict[str, Any], tenant: str, zone: str = "", locale: str = "") -> Profile:
    """A member as a conversation's roster brings them. Zone and locale come with what they say."""
    guest = is_guest(member, tenant)
    principal = str(member.get("userPrincipalName") or "")
    email = str(member.get("email") or principal)
    return Profile(
        name=_name(member),
        email=email.lower() if "@" in email and not guest else "",
        zone=zone,
        locale=locale,
        guest=guest,
    )


def is_guest(member: dict[str, Any], tenant: str) -> bool:
    """Guests, bots, and people of other organisations who share a channel with this one."""
    principal = str(member.get("userPrincipalName") or "").lower()
    home = str(member.get("tenantId") or tenant).lower()
    role = str(member.get("userRole") or "").lower()
    return FOREIGN in principal or home != tenant or role in ("guest", "anonymous", "bot")


def account(member: dict[str, Any]) -> str:
    """A member's object id in the directory, "" where they have none."""
    return str(member.get("aadObjectId") or member.get("objectId") or "").lower()


def _name(member: dict[str, Any]) -> str:
    full = " ".join(str(member.get(part) or "") for part in ("givenName", "surname")).strip()
    return str(member.get("name") or full or member.get("email") or member.get("id") or "")
