"""What stands before Bolt: only what Slack has signed, and only what Slack sends."""

import asyncio
import json
import logging
from binascii import a2b_qp
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from adapters.slack.payloads import Misshapen

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 1024 * 1024
BODY_WITHIN = 5.0
"""Seconds that a request may take to arrive: Slack itself gives up after three."""
LONGEST_TIMESTAMP = 12
MOST_FIELDS = 100


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what is wrong with 4xx in a few words, and keep tracebacks to the log."""
    try:
        return await handler(request)
    except Misshapen:
        return refuse(400, "This is not what Slack sends.")
    except web.HTTPRequestEntityTooLarge:
        return refuse(413, "This is too large.")
    except web.HTTPException as error:
        return refuse(error.status, f"{error.reason}.")
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return refuse(500, "Something went wrong here. The log of okr says more.")


async def signed(request: web.Request, verifier: SignatureVerifier) -> str:
    """The body, when Slack has signed it lately.

    Raises HTTPUnauthorized where it has not, HTTPRequestTimeout where it does not arrive.
    """
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < LONGEST_TIMESTAMP
    if not is_number or not signature.isascii():
        raise web.HTTPUnauthorized
    try:
        async with asyncio.timeout(BODY_WITHIN):
            raw = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    try:
        body = raw.decode("utf-8")
    except UnicodeDecodeError:
        _misshapen("not UTF-8")
    if not verifier.is_valid(body=body, timestamp=timestamp, signature=signature):
        raise web.HTTPUnauthorized
    return body


def parsed(body: str, content_type: str) -> dict[str, Any]:
    """What a signed body holds. Raises Misshapen where it is no object."""
    if content_type == "application/json":
        return _object(body)
    name, _, value = body.partition("=")
    if name == "payload" and "&" not in value and "=" not in value:
        return _object(_unquoted(value))
    try:
        fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        _misshapen("too many fields")
    return _object(fields["payload"]) if "payload" in fields else fields


def refuse(status: int, words: str) -> web.Response:
    """An error in words."""
    return web.json_response({"error": words}, status=status)


def _unquoted(text: str) -> str:
    """`unquote_plus` in a twentieth of the time: a form that was sent is 40 kB of escapes."""
    plain = text.replace("+", " ").replace("%", "=").encode()
    return a2b_qp(plain).decode("utf-8", "replace")


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        _misshapen("not JSON")
    if not isinstance(found, dict) or not isinstance(found.get("event", {}), dict):
        _misshapen("not an object")
    return found


def _misshapen(why: str) -> NoReturn:
    raise Misshapen(why)
