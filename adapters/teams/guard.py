"""What stands before botbuilder: only what Teams has signed, of tenants that may use the bot."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from adapters.teams import payloads
from adapters.teams.keys import Keyless, Keys, Unsigned
from adapters.teams.payloads import Activity, Misshapen
from adapters.teams.settings import Config

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 512 * 1024
CHANNEL = "msteams"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what is wrong with 4xx in a few words, and keep tracebacks to the log."""
    try:
        return await handler(request)
    except Misshapen as wrong:
        log.warning("teams_misshapen %s", str(wrong)[:200])
        return refuse(400, "This is not what Teams sends.")
    except Unsigned as wrong:
        log.warning("teams_unsigned %s", str(wrong)[:200])
        return refuse(401, "This is not signed by Teams for this bot.")
    except Keyless as problem:
        log.warning("teams_keyless %s", str(problem)[:200])
        return refuse(503, "Teams' signing keys cannot be had now.")
    except web.HTTPRequestEntityTooLarge:
        return refuse(413, "This is too large.")
    except web.HTTPException as error:
        return refuse(error.status, f"{error.reason}.")
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return refuse(500, "Something went wrong here. The log of okr says more.")


async def believed(request: web.Request, config: Config, keys: Keys) -> Activity:
    """The activity, when Teams has signed it for us and its tenant may use the bot.

    Raises Unsigned, Keyless, Misshapen, or HTTPForbidden.
    """
    claims: dict[str, Any] | None = None
    if config.app_id:
        claims = await keys.claims(request.headers.get("Authorization", ""), CHANNEL)
    said = payloads.read(await request.read())
    if claims is not None and not _is_at(claims.get("serviceurl"), said.service_url):
        raise Unsigned("the token is for another service URL")
    if said.channel_id != CHANNEL:
        raise web.HTTPForbidden(reason=f"Only {CHANNEL} is spoken here")
    if not said.service_url.startswith(config.service_urls):
        log.warning("teams_service_refused %s", said.service_url[:200])
        raise web.HTTPForbidden(reason="This service URL is not among okr's settings")
    if config.tenants and said.tenant not in config.tenants:
        log.warning("teams_tenant_refused %s", said.tenant[:80])
        raise web.HTTPForbidden(reason="This tenant is not among okr's settings")
    return said


def refuse(status: int, words: str) -> web.Response:
    """An error in words."""
    return web.json_response({"error": words}, status=status)


def _is_at(claimed: object, told: str) -> bool:
    return isinstance(claimed, str) and claimed.rstrip("/") == told.rstrip("/")
