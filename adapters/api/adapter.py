"""The API as a gate: it listens, and there is nobody to write to."""

import asyncio
import errno

from aiohttp import web

from adapters.api.server import routes
from adapters.api.settings import Settings
from bot.chat.adapter import Finding, Take


class Api:
    """Takes figures and hands out files."""

    name = "api"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def app(self, take: Take) -> web.Application:
        """Its routes, for a server of one's own."""
        return routes(take)

    async def serve(self, take: Take) -> None:
        """Listen until cancelled."""
        runner = web.AppRunner(self.app(take), access_log=None, shutdown_timeout=4)
        await runner.setup()
        try:
            await self._listen(runner)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def check(self) -> list[Finding]:
        """Where it is, and whether its port is free."""
        host, port = self.settings.host, self.settings.port
        try:
            _, line = await asyncio.open_connection(host, port)
        except OSError:
            return [Finding("good", f"The API is at http://{host}:{port}/api/openapi.json.")]
        line.close()
        remedy = "Stop who holds it, or choose another with OKR_API_PORT."
        return [Finding("bad", f"Port {port} of the API is taken.", remedy, port)]

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self.settings.host, self.settings.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            why = f"OKR_API_HOST: {host!r} is no address of this machine"
            if error.errno == errno.EADDRINUSE:
                why = (
                    f"Port {port} is taken, by another okr perhaps. "
                    "Stop that one, or choose another port with OKR_API_PORT"
                )
            raise OSError(error.errno, why) from None
