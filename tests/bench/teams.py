"""Teams by HTTP: check-ins sent from a card with a valid token, on 32 connections.

The floor is botbuilder's stock CloudAdapter, which takes a message, stores nothing and says
nothing; ours has stored the answer by then. Both are processes of their own, asked in turn.
Everybody has opened their form before, so the bot knows where they are.
The login takes 0.3 s, and whatever asks for it must not hold up the loop.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path

import psutil
from sqlmodel import Session, col, func, select

from adapters.teams.events import Where
from adapters.teams.forms import pages
from adapters.teams.server import PATH
from adapters.teams.sheets import Sheets
from bot.chat.events import Clicked
from bot.chat.replies import Open
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.running import Bot
from storage.checkins import Checkin
from storage.engine import open_database
from tests.adapters.slack.loopback import BOT_TOKEN
from tests.adapters.slack.loopback import SECRET as SIGNING
from tests.adapters.stages import Memory
from tests.adapters.teams import fields, signing
from tests.adapters.teams.loopback import SECRET, Fate, Teams, teams
from tests.adapters.teams.world import APP, TENANT, Json
from tests.bench.answer import asked, percentile
from tests.bench.company import MORNING, WEEK, email, found
from tests.bench.slack import CONNECTIONS, Pair, ask_all
from tests.bench.slack_stage import Server, listens, served, web_api
from tests.bench.table import Figure, middle, ms
from tests.loopback import Loopback
from tests.ports import free_port

PEOPLE = 1_000
ROUNDS, A_ROUND = 5, 128
TIMES, LEAST, PATIENCE, STALL, MEMORY = 5.0, 3.0, 0.400, 0.050, 170
STOCK = "botbuilder.integration.aiohttp"
RESTS = 5.0


def bench(folder: Path) -> Iterable[Figure]:
    """A check-in of five key results; then what the whole bot holds of memory."""
    if find_spec("botbuilder.integration") is None or find_spec(STOCK) is None:
        yield Figure("Teams: needs botbuilder-integration-aiohttp (make bench installs it)", "left")
        return
    company = found(folder, PEOPLE, platform="teams")
    company.database.write_now(_moved_to_teams, patience=None)
    platform = Loopback("teams")
    bot = Bot(company.database, {"teams": platform}, Clock(lambda: MORNING), "bench")
    asyncio.run(bot.settle())
    company.database.write_now(asked, patience=None)
    forms = asyncio.run(_forms(bot))
    company.database.close()
    url, stalls = f"sqlite:///{folder / 'okr.db'}", folder / "stalls"
    rounds, stall = asyncio.run(_asked(url, stalls, forms))
    yield from _told(rounds, stall, _kept(url))
    held = asyncio.run(_memory(folder, url))
    yield Figure(
        f"okr run with Slack and Teams, {PEOPLE:,} people: its memory",
        f"{held:.0f} MB", aim=f"{MEMORY} MB", reached=held <= MEMORY,
    )  # fmt: skip


async def _asked(url: str, stalls: Path, forms: Sequence[Json]) -> tuple[list[Pair], float]:
    async with AsyncExitStack() as stack:
        played = await stack.enter_async_context(teams())
        slow: list[Fate] = ["slow"] * 100
        played.does("login", *slow)
        for n in range(1, PEOPLE + 1):
            played.world.hire(email(n), f"Person {n}", email(n))
            played.world.dm(email(n))
        program = "tests.bench.teams_served"
        okr = await stack.enter_async_context(
            served("okr", played.url, url, str(stalls), program=program)
        )
        stock = await stack.enter_async_context(served("stock", played.url, program=program))
        await asyncio.sleep(RESTS)  # what it does at its start is none of this
        since = time.time()
        token = signing.token(APP, played.service, played.kid)
        everybody = range(1, len(forms) + 1)
        await ask_all(okr, [_request(token, _pressed(played, n)) for n in everybody])
        await asyncio.sleep(RESTS)
        rounds = [await _in_turn(okr, stock, played, token, forms, n) for n in range(ROUNDS + 1)]
    return rounds[1:], _longest(stalls, since)


def _longest(stalls: Path, since: float) -> float:
    """For how many seconds the loop stood still at most."""
    told = (line.split() for line in stalls.read_text().splitlines())
    return max((float(stood) for at, stood in told if float(at) >= since), default=0.0)


async def _in_turn(
    okr: Server, stock: Server, played: Teams, token: str, forms: Sequence[Json], turn: int
) -> Pair:
    people = range(1 + turn * A_ROUND, 1 + (turn + 1) * A_ROUND)
    ours = [_request(token, _submitted(played, n, forms[n - 1])) for n in people]
    bare = [_request(token, _message(played, n)) for n in people]
    return await ask_all(okr, ours), await ask_all(stock, bare)


def _told(rounds: Sequence[Pair], stall: float, kept: int) -> Iterator[Figure]:
    if kept < (ROUNDS + 1) * A_ROUND:
        raise ValueError(f"only {kept} answers were stored")
    times = middle(ours.rate / stock.rate for ours, stock in rounds)
    by_work = middle(stock.work / ours.work for ours, stock in rounds)
    slowest = middle(percentile(ours.latencies, 0.99) for ours, _ in rounds)
    yield Figure(
        f"Teams: a check-in with 5 key results sent, stored first, {CONNECTIONS} connections",
        f"{middle(ours.rate for ours, _ in rounds):,.0f} a second",
        f"{middle(stock.rate for _, stock in rounds):,.0f} a second (stock CloudAdapter)",
        f"{times:.1f}×",
        f"{TIMES:.0f}×",
        times >= TIMES,
    )
    yield Figure("… the least that will do", "", "", f"{times:.1f}×", f"{LEAST:.0f}×",
                 times >= LEAST)  # fmt: skip
    yield Figure(
        "… processor time of one",
        ms(middle(ours.work for ours, _ in rounds)),
        f"{ms(middle(stock.work for _, stock in rounds))} (stock CloudAdapter)",
        f"{by_work:.1f}×",
        f"{TIMES:.0f}×",
        by_work >= TIMES,
    )
    yield Figure("… 99 of 100 are answered within", ms(slowest), aim=ms(PATIENCE),
                 reached=slowest <= PATIENCE)  # fmt: skip
    yield Figure("… the loop stood still at most, with a login of 0.3 s", ms(stall), aim=ms(STALL),
                 reached=stall <= STALL)  # fmt: skip


# What Teams sends


def _request(token: str, activity: Json) -> bytes:
    body = json.dumps(activity).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: okr.example\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _pressed(played: Teams, person: int) -> Json:
    """The button that opened the form: by it, where they are reached was learnt."""
    action = {"type": "Action.Execute", "verb": "okr", "id": "",
              "data": {"okr": f"checkin:open:1:{WEEK}"}}  # fmt: skip
    return _activity(played, person, type="invoke", name="adaptiveCard/action",
                     value={"action": action, "trigger": "manual"})  # fmt: skip


def _submitted(played: Teams, person: int, form: Json) -> Json:
    """Values, confidences and notes of five key results, filled into the card."""
    said = {"value": "30.5", "note": "calls", "confidence": "7"}
    for field in fields.inputs(form):
        name = fields.question(field)
        if name.partition("-")[0] in said:
            fields.fill(form, name, said[name.partition("-")[0]])
    button = fields.submit(form)
    action = {"type": "Action.Execute", "verb": button["verb"], "id": "",
              "data": {**button["data"], **fields.filled(form)}}  # fmt: skip
    return _activity(played, person, type="invoke", name="adaptiveCard/action",
                     value={"action": action, "trigger": "manual"})  # fmt: skip


def _message(played: Teams, person: int) -> Json:
    return _activity(played, person, type="message", text="hello", textFormat="plain")


def _activity(played: Teams, person: int, **more: object) -> Json:
    return played.activity(email(person), played.world.dm(email(person)).id, **more)


async def _forms(bot: Bot) -> list[Json]:
    """The form as it stands open before each of them."""
    adapter = next(iter(bot.adapters.values()))
    shown = []
    for n in range(1, (ROUNDS + 1) * A_ROUND + 1):
        at = Destination("teams", TENANT, email(n))
        press = Clicked(Actor("teams", TENANT, email(n)), at, f"o{n}", f"checkin:open:1:{WEEK}")
        reply = await bot.hear(adapter, press)
        if not isinstance(reply, Open) or pages(reply.form) != 1:
            raise TypeError(f"this is no form of one card: {reply}")
        where = Where(TENANT, email(n), f"a:1{email(n)}", "", way="card")
        shown.append(await Sheets(Memory).open(reply.form, where))
    return shown


def _moved_to_teams(session: Session) -> None:
    """Everybody's account is in the one tenant."""
    session.connection().exec_driver_sql(
        f"UPDATE identity SET workspace = '{TENANT}', address = account"
    )


def _kept(url: str) -> int:
    """How many have answered, as the database says."""
    database = open_database(url, read_only=True)
    answered = select(func.count()).select_from(Checkin).where(col(Checkin.state) == "answered")
    try:
        return database.read_now(lambda session: session.exec(
            answered.where(Checkin.week == WEEK)).one())  # fmt: skip
    finally:
        database.close()


# Memory


async def _memory(folder: Path, url: str) -> float:
    """Megabytes of `okr run` at rest, on Slack, Teams and the page."""
    port = free_port()
    async with web_api() as slack, teams() as played:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=folder,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "DATABASE_URL": url,
                 "OKR_PLATFORMS": "slack,teams,web", "OKR_WEB_PORT": str(free_port()),
                 "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING,
                 "SLACK_API_URL": slack.url, "SLACK_PORT": str(free_port()),
                 "TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": SECRET, "TEAMS_TENANT_ID": TENANT,
                 "TEAMS_SERVICE_URLS": played.service, "TEAMS_LOGIN_URL": played.url,
                 "TEAMS_KEYS_URL": f"{played.url}/openid", "TEAMS_PORT": str(port)},
        )  # fmt: skip
        try:
            await listens(port, process)
            await asyncio.sleep(RESTS)
            return float(psutil.Process(process.pid).memory_info().rss / 2**20)
        finally:
            process.terminate()
            await process.wait()
