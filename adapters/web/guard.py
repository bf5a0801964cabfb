"""What stands before every route: only this machine, only our own page, and clear words."""

import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

from aiohttp import web

from adapters.web.events import Refused
from adapters.web.settings import is_loopback

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 1024 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Rejected(Exception):
    """A request that is refused before it is read."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what is not from our own page; say in words what went wrong."""
    try:
        _check_host(request)
        if request.method != "GET":
            _check_origin(request)
        return await handler(request)
    except Rejected as error:
        return say(error.status, str(error))
    except Refused as error:
        return say(400, str(error))
    except web.HTTPRequestEntityTooLarge:
        return say(413, "This is too long: a page may send one megabyte at most.")
    except web.HTTPException as error:
        return say(error.status, f"{error.reason}.")
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return say(500, "Something went wrong here. The log of okr says more.")


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Nothing is loaded from elsewhere, framed, or kept."""
    response.headers.update(HEADERS)


def say(status: int, words: str) -> web.Response:
    """An error in words."""
    return web.json_response({"error": words}, status=status)


def _check_host(request: web.Request) -> None:
    """A page of somebody else whose name leads here (DNS rebinding) comes with its own name."""
    host = request.headers.get("Host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if not is_loopback(name):
        _reject(403, "This page answers only to its own machine: open http://127.0.0.1.")


def _check_origin(request: web.Request) -> None:
    if request.headers.get("Origin") != f"http://{request.headers['Host']}":
        _reject(403, "Only okr's own page may do this.")
    if request.content_type != "application/json":
        _reject(415, "This must be JSON.")


def _reject(status: int, words: str) -> NoReturn:
    raise Rejected(status, words)
