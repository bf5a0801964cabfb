"""Slack by HTTP: signed requests as Slack sends them, on 32 connections.

The floor is slack-bolt's AsyncApp by itself, which checks the signature and acks. Ours has stored
the answer by then, or read what the command asks for. Both are processes of their own, take the
very same bytes and are asked in turn, so that whatever else the machine does slows both. Where
others take the processors the share by processor time is the truer one.
"""

import asyncio
import hmac
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from adapters.slack import forms
from adapters.slack.events import Where
from adapters.slack.ids import question
from adapters.slack.manifest import PATH
from adapters.slack.meta import Meta
from bot.chat.events import Clicked
from bot.chat.replies import Open
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.running import Bot
from tests.adapters.slack.loopback import SECRET
from tests.adapters.slack.world import APP, BOT_ID, TEAM, Json, state_of
from tests.bench.answer import asked, percentile
from tests.bench.company import MORNING, WEEK, Company, email, found
from tests.bench.slack_stage import Server, moved_to_slack, served, web_api
from tests.bench.table import Figure, middle, ms
from tests.loopback import Loopback

PEOPLE = 1_000
CONNECTIONS = 32
ROUNDS, A_ROUND, OF_BARE = 6, 192, 4
"""The bare app is so much faster that each round asks it four times as much."""
FORM, LEAST, COMMAND, PATIENCE = 0.35, 0.20, 0.40, 0.250


def bench(folder: Path) -> Iterable[Figure]:
    """A check-in of five key results, then `/okr mine`."""
    company = found(folder, PEOPLE, platform="slack")
    company.database.write_now(moved_to_slack, patience=None)
    platform = Loopback("slack")
    bot = Bot(company.database, {"slack": platform}, Clock(lambda: MORNING), "bench")
    asyncio.run(bot.settle())
    company.database.write_now(asked, patience=None)
    sent = asyncio.run(_submissions(bot, company))
    company.database.close()
    yield from asyncio.run(_figures(f"sqlite:///{folder / 'okr.db'}", sent))


async def _figures(database: str, sent: Sequence[bytes]) -> list[Figure]:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(web_api())
        okr = await stack.enter_async_context(served("okr", api.url, database))
        bare = await stack.enter_async_context(served("bare", api.url))
        forms_sent = [await _in_turn(okr, bare, part) for part in parts(sent)]
        commands = [_command(n, f"{api.url}respond") for n in range(len(sent))]
        asked_for = [await _in_turn(okr, bare, part) for part in parts(commands)]
    what = "Slack: a check-in with 5 key results sent, stored before the ack"
    return [*_told(what, forms_sent, FORM, LEAST), *_told("Slack: /okr mine", asked_for, COMMAND)]


@dataclass(frozen=True)
class Served:
    """How a number of requests went; `worked` is the server's processor time, in seconds."""

    seconds: float
    worked: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    @property
    def work(self) -> float:
        """Seconds of a processor for each."""
        return self.worked / len(self.latencies)


Pair = tuple[Served, Served]


def _told(what: str, rounds: Sequence[Pair], aim: float, least: float = 0.0) -> Iterator[Figure]:
    ours, bare = (middle(each[n].rate for each in rounds) for n in (0, 1))
    share = middle(o.rate / b.rate for o, b in rounds)
    work, floor = (middle(each[n].work for each in rounds) for n in (0, 1))
    by_work = middle(b.work / o.work for o, b in rounds)
    slowest = middle(percentile(o.latencies, 0.99) for o, _ in rounds)
    yield Figure(
        f"{what}, {CONNECTIONS} connections",
        f"{ours:,.0f} a second",
        f"{bare:,.0f} a second (bare slack-bolt, only acks)",
        f"{share:.0%}",
        f"{aim:.0%}",
        share >= aim,
    )
    if least:
        yield Figure("… the least that will do", "", "", f"{share:.0%}", f"{least:.0%}",
                     share >= least)  # fmt: skip
    yield Figure(
        "… processor time of one",
        ms(work),
        f"{ms(floor)} (bare slack-bolt)",
        f"{by_work:.0%}",
        f"{aim:.0%}",
        by_work >= aim,
    )
    yield Figure(
        "… 99 of 100 are answered within",
        ms(slowest),
        aim=ms(PATIENCE),
        reached=slowest <= PATIENCE,
    )


def parts(requests: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """A round's worth each, the first as a warm-up."""
    return (requests[n : n + A_ROUND] for n in range(0, len(requests), A_ROUND))


async def _in_turn(okr: Server, bare: Server, requests: Sequence[bytes]) -> Pair:
    return await ask_all(okr, requests), await ask_all(bare, [*requests] * OF_BARE)


# The client


async def ask_all(server: Server, requests: Sequence[bytes]) -> Served:
    """All of these, each as soon as a connection is free."""
    left, latencies = iter(requests), list[float]()
    start, worked = time.perf_counter(), _worked(server)
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_connection(server.port, left, latencies))
    return Served(time.perf_counter() - start, _worked(server) - worked, latencies)


async def _connection(port: int, requests: Iterator[bytes], latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0])
        body = await reader.readexactly(length)
        latencies.append(time.perf_counter() - start)
        is_wrong = b'"errors"' in body and b"Not saved yet" not in body  # that is only slow
        if is_wrong or not head.startswith(b"HTTP/1.1 20"):
            raise ValueError(f"this is no answer: {head.decode()}{body.decode()[:300]}")
    writer.close()


def _worked(server: Server) -> float:
    times = server.process.cpu_times()
    return float(times.user + times.system)


def _signed(fields: Json) -> bytes:
    """A request as Slack makes it; its signature holds for five minutes."""
    body, now = urlencode(fields).encode(), str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, sha256)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: okr.example\r\nAccept: application/json,*/*\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature.hexdigest()}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


# What Slack sends


async def _submissions(bot: Bot, company: Company) -> list[bytes]:
    """Rounds of people's first answers, each followed by a change of the same."""
    half, sent = A_ROUND // 2, list[bytes]()
    for number in range(ROUNDS + 1):
        people = range(1 + number * half, 1 + (number + 1) * half)
        opened = [(person, await _opened(bot, person)) for person in people]
        sent += [_submission(company, *each, value) for value in (30, 31) for each in opened]
    return sent


async def _opened(bot: Bot, person: int) -> Json:
    """The form as it stands open before somebody."""
    platform, who = next(iter(bot.adapters.values())), Actor("slack", TEAM, email(person))
    at = Destination("slack", TEAM, email(person))
    press = Clicked(who, at, f"open-{person}", f"checkin:open:1:{WEEK}")
    reply = await bot.hear(platform, press)
    if not isinstance(reply, Open) or forms.pages(reply.form) != 1:
        raise TypeError(f"this is no form of one page: {reply}")
    meta = Meta.of(reply.form.action, Where(email(person))).text()
    return forms.view(reply.form, meta=meta, workspace=TEAM)


def _submission(company: Company, person: int, view: Json, value: int) -> bytes:
    """Values, confidences and notes of five key results, filled into the form."""
    state, id = state_of(view["blocks"], {}), f"V{person:010}"  # noqa: A001 - Slack's own word
    for block in view["blocks"]:
        if block["type"] == "input":
            _fill(block, state, {"value": f"{value}.5", "note": "calls", "confidence": "7"})
    shown = {
        **view, "id": id, "team_id": TEAM, "app_id": APP, "bot_id": BOT_ID, "root_view_id": id,
        "previous_view_id": None, "external_id": "", "app_installed_team_id": TEAM,
        "hash": f"{value}.hash", "clear_on_close": False, "state": {"values": state},
    }  # fmt: skip
    user = {"id": email(person), "username": "x", "name": "x", "team_id": TEAM}
    body = {
        "type": "view_submission", "team": {"id": TEAM, "domain": "fjord"}, "user": user,
        "api_app_id": APP, "token": "legacy", "trigger_id": f"{person}.{value}.t", "view": shown,
        "response_urls": [], "is_enterprise_install": False, "enterprise": None,
    }  # fmt: skip
    return _signed({"payload": json.dumps(body)})


def _fill(block: Json, state: Json, answers: Json) -> None:
    element = block["element"]
    entered = state[block["block_id"]][element["action_id"]]
    said = answers.get(question(block["block_id"], element["action_id"]).partition("-")[0])
    if said is None:
        return
    if element["type"] == "plain_text_input":
        entered["value"] = said
        return
    entered["selected_option"] = next(o for o in element["options"] if o["value"] == f"={said}")


def _command(number: int, answer_to: str) -> bytes:
    return _signed({
        "token": "legacy", "team_id": TEAM, "team_domain": "fjord", "channel_id": "C0GROWTH",
        "channel_name": "growth", "user_id": email(1 + number % PEOPLE), "user_name": "x",
        "command": "/okr", "text": "mine", "api_app_id": APP, "is_enterprise_install": "false",
        "response_url": answer_to, "trigger_id": f"{number}.c.t",
    })  # fmt: skip
