"""What stands around every route: limits, one shape of error, and nothing kept by caches."""

import logging
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from aiohttp import web

from adapters.api.events import Bad
from bot.chat.replies import Unsaved, Why

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 64 * 1024
REFUSED: Mapping[Why, int] = {
    "no_token": 401,
    "no_scope": 403,
    "unknown": 404,
    "closed": 409,
    "invalid": 422,
    "other_body": 422,
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
WORDS = {
    404: ("no_route", "There is nothing here. GET /api/openapi.json says what there is."),
    405: ("no_method", "This cannot be asked for like that: see the header Allow."),
    413: ("too_large", f"A request holds {LARGEST // 1024} KB at most."),
}
AGAIN = "5"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in JSON whatever goes wrong, and never with a success before the commit."""
    try:
        return await handler(request)
    except Bad as error:
        return no(error.status, error.error, str(error), error.field)
    except Unsaved:
        words = "The database does not answer, so nothing was stored. Send it again in a moment."
        answer = no(503, "not_stored", words)
        answer.headers["Retry-After"] = AGAIN
        return answer
    except web.HTTPException as error:
        return _of_http(error)
    except Exception:
        log.exception("%s failed", request.match_info.route.name or request.method)
        return no(500, "failed", "Something went wrong here. The log of okr says more.")


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Nothing is kept, framed or guessed at."""
    response.headers.update(HEADERS)


def no(status: int, error: str, words: str, field: str = "") -> web.Response:
    """An error in the one shape that there is."""
    body = {"error": error, "message": words} | ({"field": field} if field else {})
    headers = {"WWW-Authenticate": 'Bearer realm="okr"'} if status == 401 else {}
    return web.Response(
        status=status,
        body=msgspec.json.encode(body),
        content_type="application/json",
        headers=headers,
    )


async def parsed(request: web.Request) -> bytes:
    """The body, if it says that it is JSON."""
    if request.content_type != "application/json":
        raise Bad(415, "no_json", "Send JSON, with “Content-Type: application/json”.")
    return await request.read()


def _of_http(error: web.HTTPException) -> web.Response:
    name, words = WORDS.get(error.status, ("bad_request", f"{error.reason}."))
    answer = no(error.status, name, words)
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
