"""Slack by HTTP: one path for each workspace's app, behind the guard."""

import errno
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.slack.guard import LARGEST, guard, parsed, signed
from adapters.slack.payloads import Misshapen
from adapters.slack.settings import Access


def routes(apps: dict[Access, AsyncApp]) -> web.Application:
    """The public side of okr: nothing but what Slack posts."""
    served = web.Application(middlewares=[guard], client_max_size=LARGEST)
    for access, app in apps.items():
        served.router.add_post(access.path, _Ear(access, app).hear)
    return served


async def serve(served: web.Application, host: str, port: int) -> web.AppRunner:
    """Listen; whoever calls this ends it with `cleanup`."""
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=4)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno != errno.EADDRINUSE:
            raise
        raise OSError(
            errno.EADDRINUSE,
            f"Port {port} is taken. Stop what listens there, or choose another with SLACK_PORT",
        ) from None
    return runner


class _Ear:
    def __init__(self, access: Access, app: AsyncApp) -> None:
        self._verifier = SignatureVerifier(access.signing_secret)
        self._app = app

    async def hear(self, request: web.Request) -> web.Response:
        body = parsed(await signed(request, self._verifier), request.content_type)
        answer = await self._app.async_dispatch(_asked(body, request))
        kind = answer.first_headers().get("content-type", "text/plain; charset=utf-8")
        return web.Response(
            status=answer.status, text=answer.body or "", headers={"Content-Type": kind}
        )


def _asked(body: dict[str, Any], request: web.Request) -> AsyncBoltRequest:
    """A request that is verified and unwrapped already, as one that came by a socket is."""
    retry = request.headers.get("X-Slack-Retry-Num")
    headers: Any = {"x-slack-retry-num": retry} if retry else None
    try:
        return AsyncBoltRequest(mode="socket_mode", body=body, headers=headers)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Misshapen(str(error)) from None
