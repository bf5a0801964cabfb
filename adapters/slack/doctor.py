"""What `okr doctor` finds in one workspace, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator

from adapters.slack.manifest import SCOPES
from adapters.slack.outcomes import OUR_ACCESS, Trouble
from adapters.slack.settings import Config
from adapters.slack.workspace import SOCKET, Self, Workspace
from bot.chat.adapter import Finding, Unknown

HANDY = {"channels:join", "channels:history", "groups:history", "team:read", "dnd:read"}
"""Scopes without which the bot still does its main work."""
REINSTALL = "Paste what `okr slack manifest` prints as the app's manifest, and reinstall the app."
AFRESH = "Copy the token anew from OAuth & Permissions (reinstall the app if it was removed)."
NETWORK = "Let this machine reach slack.com over HTTPS; a proxy is read from HTTPS_PROXY."


async def findings(
    workspace: Workspace, config: Config, *, listens: bool
) -> AsyncIterator[Finding]:
    """In the order of what depends on what. `listens` where it is this process that does."""
    end = f"_{workspace.access.name.upper()}" if workspace.access.name else ""
    try:
        ours = await workspace.introduce()
    except Trouble as problem:
        yield _no_entry(problem, end)
        return
    place = f"{ours.name or ours.team} ({ours.url})" if ours.url else ours.name or ours.team
    yield Finding(
        "good",
        f"Slack: the bot token works in {place}; in the teams file its channels are "
        f"slack:{ours.id}/C….",
    )
    for finding in _scopes(ours):
        yield finding
    yield await (
        _socket(workspace, end)
        if workspace.access.by_socket
        else _http(workspace, config, listens=listens)
    )
    yield Finding(
        "warn",
        "Slack does not tell whether people may write to the app.",
        "Look at App Home > Show Tabs: Messages Tab on, and “Allow users to send … messages” too.",
    )


def _no_entry(problem: Trouble, end: str) -> Finding:
    if problem.code in OUR_ACCESS:
        text = f"SLACK_BOT_TOKEN{end}: {OUR_ACCESS[problem.code]}"
        return Finding("bad", text, AFRESH)
    return Finding("bad", f"Slack does not answer: {problem}.", NETWORK)


def _scopes(ours: Self) -> list[Finding]:
    if not ours.scopes:
        return [Finding("warn", "Slack did not say which scopes the app has.", "Try again later.")]
    missing = [scope for scope in SCOPES if scope not in ours.scopes]
    if not missing:
        return [Finding("good", "The app has all scopes it needs.")]
    return [
        Finding("warn" if scope in HANDY else "bad", f"The scope {scope} is missing.", REINSTALL)
        for scope in missing
    ]


async def _socket(workspace: Workspace, end: str) -> Finding:
    token = workspace.access.app_token
    try:
        await workspace.ask(SOCKET, lambda c: c.apps_connections_open(app_token=token))
    except Trouble as problem:
        if isinstance(problem.outcome, Unknown) or problem.code == "unreachable":
            return Finding("bad", f"Slack does not answer: {problem}.", NETWORK)
        return Finding(
            "bad",
            f"SLACK_APP_TOKEN{end}: Slack opens no socket for it ({problem.code}).",
            "Switch Socket Mode on, and make an app-level token with connections:write "
            "under Basic Information.",
        )
    return Finding("good", "Socket Mode works: no public address is needed.")


async def _http(workspace: Workspace, config: Config, *, listens: bool) -> Finding:
    path, at = workspace.access.path, f"{config.host}:{config.port}"
    remedy = (
        f"In the app's settings all Request URLs must be https://<your host>{path}, led to {at}."
    )
    try:
        async with asyncio.timeout(2):
            _, writer = await asyncio.open_connection(config.host, config.port)
    except (OSError, TimeoutError):
        return Finding("good", f"Slack will be heard at {at}.", remedy)
    writer.close()
    if listens:
        return Finding("good", f"okr listens at {at} for {path}.", remedy)
    free = "Stop who holds it, or choose another with SLACK_PORT."
    return Finding("bad", f"Port {config.port} of Slack is taken.", free, config.port)
