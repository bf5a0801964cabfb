"""A line between a worker and its database, which a test may cut or hold still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url


class Line:
    """Passes bytes on, while it is up."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._flows = asyncio.Event()
        self._flows.set()
        self._refuses = False
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Every connection breaks, and new ones are refused."""
        self._refuses = True
        for end in list(self._ends):
            end.transport.abort()

    def hold(self) -> None:
        """Nothing passes, and nobody is told."""
        self._flows.clear()

    def mend(self) -> None:
        """All is as it was."""
        self._refuses = False
        self._flows.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, there and back."""
        if self._refuses:
            writer.transport.abort()
            return
        there, back = await asyncio.open_unix_connection(self._socket)
        ends = {writer, back}
        self._ends |= ends
        try:
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        finally:
            self._ends -= ends

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await reader.read(2**16):
                await self._flows.wait()
                writer.write(some)
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to the server of a URL that names a socket's folder, and the URL at its near end."""
    there = make_url(url)
    line = Line(Path(str(there.query["host"])) / ".s.PGSQL.5432")
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    near = there.difference_update_query(["host"]).set(host=host, port=port)
    try:
        yield line, near.render_as_string(hide_password=False)
    finally:
        server.close()
        line.mend()
        line.cut()
