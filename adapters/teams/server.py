"""Teams by HTTP: one path, behind the guard."""

import errno
from collections.abc import Callable

from aiohttp import web

from adapters.teams.guard import LARGEST, believed, guard
from adapters.teams.keys import Keys
from adapters.teams.settings import Config
from adapters.teams.talk import Talk

PATH = "/api/messages"


def routes(config: Config, keys: Keys, talk: Callable[[], Talk]) -> web.Application:
    """The public side of okr: nothing but what Teams posts."""

    async def hear(request: web.Request) -> web.Response:
        told = await talk().hear(await believed(request, config, keys))
        if not told.body:
            return web.Response(status=told.status)
        return web.Response(
            status=told.status, body=told.body, content_type="application/json", charset="utf-8"
        )

    served = web.Application(middlewares=[guard], client_max_size=LARGEST)
    served.router.add_post(PATH, hear)
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
            f"Port {port} is taken. Stop what listens there, or choose another with TEAMS_PORT",
        ) from None
    return runner
