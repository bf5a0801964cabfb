"""What `okr doctor` finds of Teams, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator

from adapters.teams.keys import Keyless, Keys
from adapters.teams.outcomes import Trouble
from adapters.teams.places import Places
from adapters.teams.server import PATH
from adapters.teams.settings import Config
from adapters.teams.wire import Wire
from bot.chat.adapter import Finding

AFRESH = (
    "In Azure, under the app's registration > Certificates & secrets, "
    "make a new one for TEAMS_APP_PASSWORD."
)
NETWORK = "Let this machine reach login.microsoftonline.com and login.botframework.com over HTTPS."
INSTALL = "Upload what `okr teams package` writes in Teams' admin centre, and add it to a team."


async def findings(
    config: Config, wire: Wire, keys: Keys, places: Places, *, listens: bool
) -> AsyncIterator[Finding]:
    """In the order of what depends on what. `listens` where it is this process that does."""
    if not config.app_id:
        yield Finding(
            "warn",
            "Teams: development, without an app. Whoever reaches this machine is believed.",
            "Set TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID before others use it.",
        )
    else:
        yield await _login(config, wire)
        yield await _keys(keys)
        yield Finding("good", f"People of {_many(len(config.tenants), 'tenant')} may use it.")
    yield await _port(config, listens=listens)
    async for finding in _installed(config, places):
        yield finding


async def _login(config: Config, wire: Wire) -> Finding:
    try:
        await wire.login()
    except Trouble as problem:
        if problem.code == "login_refused":
            return Finding("bad", f"Teams: Microsoft gives no token. {problem}", AFRESH)
        return Finding("bad", f"Teams: Microsoft's login does not answer: {problem}.", NETWORK)
    return Finding("good", f"Teams: the app {config.app_id} can log in.")


async def _keys(keys: Keys) -> Finding:
    try:
        count = await keys.fetch()
    except Keyless as problem:
        return Finding("bad", f"Teams' signing keys cannot be had: {problem}.", NETWORK)
    return Finding("good", f"What Teams sends can be verified ({_many(count, 'signing key')}).")


async def _port(config: Config, *, listens: bool) -> Finding:
    at = f"{config.host}:{config.port}"
    remedy = (
        f"The bot's messaging endpoint in Azure must be https://<your host>{PATH}, led to {at}."
    )
    try:
        async with asyncio.timeout(2):
            _, writer = await asyncio.open_connection(config.host, config.port)
    except (OSError, TimeoutError):
        return Finding("good", f"Teams will be heard at {at}.", remedy)
    writer.close()
    if listens:
        return Finding("good", f"okr listens at {at} for {PATH}.", remedy)
    free = "Stop who holds it, or choose another with TEAMS_PORT."
    return Finding("bad", f"Port {config.port} of Teams is taken.", free, config.port)


async def _installed(config: Config, places: Places) -> AsyncIterator[Finding]:
    for tenant in sorted(config.tenants):
        known = await places.rosters(tenant)
        if known:
            yield Finding("good", f"The app is in {_many(len(known), 'team or chat')}.")
            continue
        yield Finding("warn", "The app is in no team yet: nobody can be found by e-mail.", INSTALL)


def _many(count: int, thing: str) -> str:
    first, *more = thing.split(" ", 1)
    plural = " ".join([f"{first}s", *(part.replace("chat", "chats") for part in more)])
    return f"{count} {thing if count == 1 else plural}"
