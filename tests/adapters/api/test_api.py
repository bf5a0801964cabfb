"""Figures by token: stored as if they had been said in chat, once, and refused in plain words."""

import asyncio
import csv
import json
from contextlib import closing
from datetime import date, timedelta
from io import StringIO

import msgspec
import pytest
from sqlmodel import Session, select

from bot.cast import ALICE, BOB
from bot.chat.events import Table
from bot.chat.replies import Say
from bot.outside import tokens
from bot.outside.exporting import cell
from storage import exporting
from storage.audit import Audit
from storage.checkins import Update
from storage.engine import open_database
from storage.kpis import Reading
from storage.tokens import Token
from tests.adapters.api.system import CHURN, GUIDE, NPS, SUPPORT, System
from tests.house import words


def updates(session: Session, key_result: int, week: int = 5) -> list[Update]:
    return list(
        session.exec(
            select(Update).where(Update.key_result_id == key_result, Update.week == week)
        ).all()
    )


async def said(system: System, key_result: int, week: int = 5) -> list[tuple[float | None, str]]:
    rows = await system.house.database.read(lambda session: updates(session, key_result, week))
    return [(row.value, row.note) for row in rows]


async def test_a_value_is_stored_as_if_it_had_been_said_in_chat(system: System) -> None:
    house = system.house
    heard = await system.posts(NPS, {"value": 41, "confidence": 8.0, "note": "  survey of May\x07"})
    assert (heard.status, heard.body) == (
        200,
        {"key_result": 1, "name": "Raise NPS of new clinics from 32 to 45", "value": 41.0,
         "day": "2026-11-02", "week": 5, "confidence": 8},
    )  # fmt: skip
    assert await said(system, 1) == [(41.0, "survey of May")]
    seen = await house.says(BOB, "mine")
    assert isinstance(seen, Say)
    assert "41, target 45" in words(seen.card)
    assert "survey of May" in words(seen.card)
    again = await system.posts(NPS, {"value": 42})  # what was said beside it stays
    assert again.body["confidence"] == 8
    assert await said(system, 1) == [(42.0, "survey of May")]
    hows = await house.database.read(
        lambda s: s.exec(select(Audit.how).where(Audit.thing == "update")).all()
    )
    assert set(hows) == {"api:warehouse"}


async def test_a_fall_is_flagged_to_the_lead_the_same_day(system: System) -> None:
    house = system.house
    await house.go_to("Mon 11:00")
    assert (await system.posts(CHURN, {"value": 4.6, "confidence": 2})).status == 200
    await house.go_to("Mon 12:00")
    assert "churn" in words(house.last(ALICE))


async def test_a_reading_is_stored_by_number_or_short_name(system: System) -> None:
    heard = await system.posts(SUPPORT, {"value": 3.5, "day": "2026-11-01"})
    assert (heard.status, heard.body) == (
        200,
        {"kpi": 1, "name": "support-time", "value": 3.5, "day": "2026-11-01"},
    )
    at = {"value": 3.25, "at": "2026-11-01T23:30:00Z"}  # after midnight in Berlin
    assert (await system.posts("/api/kpis/1/readings", at)).body["day"] == "2026-11-02"
    rows = await system.house.database.read(lambda s: s.exec(select(Reading)).all())
    assert {(row.day, row.value, row.how) for row in rows} >= {
        (date(2026, 11, 1), 3.5, "api"),
        (date(2026, 11, 2), 3.25, "api"),
    }


async def test_the_same_key_gets_the_same_answer_and_another_body_is_refused(
    system: System,
) -> None:
    first = await system.posts(NPS, {"value": 40}, key="load-1")
    await system.posts(NPS, {"value": 43})
    again = await system.posts(NPS, {"value": 40}, key="load-1")
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await said(system, 1) == [(43.0, "")]  # it was not stored a second time
    assert (await system.posts(NPS, {"value": 44}, key="load-1")).error == (422, "other_body")
    assert (await system.posts(CHURN, {"value": 40}, key="load-1")).error == (422, "other_body")
    other = await system.with_token("other", "values")
    assert (await other.posts(NPS, {"value": 44}, key="load-1")).status == 200  # a key is its own
    at_once = [system.posts(NPS, {"value": 45}, key="load-2") for _ in range(6)]
    heard = await asyncio.gather(*at_once)
    assert [(each.status, each.body) for each in heard] == [(200, heard[0].body)] * 6
    assert sum("Idempotent-Replayed" in each.headers for each in heard) == 5


async def test_a_closed_week_and_a_day_to_come_are_refused_with_words(system: System) -> None:
    house = system.house
    late = await system.posts(NPS, {"value": 1, "day": "2026-10-28"})
    assert late.status == 200  # until the next check-in goes out, as in chat
    assert late.body["week"] == 4
    before = await said(system, 1, 4)
    await house.go_to("Fri 12:00")
    closed = await system.posts(NPS, {"value": 2, "day": "2026-10-28"})
    assert closed.error == (409, "closed")
    assert "closed" in closed.body["message"]
    assert closed.body["field"] == "day"
    assert (await system.posts(NPS, {"value": 2, "day": "2025-01-01"})).error == (409, "closed")
    assert (await system.posts(NPS, {"value": 2, "day": "2026-11-07"})).error == (409, "closed")
    assert (await system.posts(SUPPORT, {"value": 2, "day": "2026-11-07"})).error == (409, "closed")
    assert (await system.posts(GUIDE, {"value": 1})).error == (409, "closed")  # milestones
    assert await said(system, 1, 4) == before


async def test_who_may_not_is_told_why_and_nothing_is_stored(system: System) -> None:
    readings = await system.with_token("readings-only", "readings")
    assert (await readings.posts(NPS, {"value": 1})).error == (403, "no_scope")
    assert (await readings.gets("/api/export.json"))[0] == 403
    assert (await readings.posts(SUPPORT, {"value": 1})).status == 200
    await system.house.database.write(
        lambda session: tokens.revoke(session, "readings-only", system.house.now)
    )
    assert (await readings.posts(SUPPORT, {"value": 2})).error == (401, "no_token")
    for header in ("", "Bearer", "Bearer okr_wrong", f"Basic {system.secret}", "Bearer a b"):
        refused = await system.posts(NPS, {"value": 1}, Authorization=header)
        assert refused.error == (401, "no_token")
        assert "Bearer" in refused.headers["WWW-Authenticate"]
    assert await said(system, 1) == []


async def test_of_a_token_nothing_but_its_hash_is_kept(system: System) -> None:
    await system.posts(NPS, {"value": 41})

    def everything(session: Session) -> str:
        rows = [*session.exec(select(Token)).all(), *session.exec(select(Audit)).all()]
        return "\n".join(row.model_dump_json() for row in rows)

    kept = await system.house.database.read(everything)
    assert '"how":"command"' in kept
    assert system.secret not in kept
    audits = [line for line in kept.splitlines() if '"thing":"token"' in line]
    assert tokens.digest(system.secret) not in "".join(audits)
    used = await system.house.database.read(lambda s: s.exec(select(Token)).one().used_at)
    assert used == system.house.now
    for name, scopes, word in (
        ("warehouse", ["values"], "already"), ("x", [], "scope"), ("x", ["root"], "root"),
        ("two words", ["values"], "letters"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=word):
            await system.house.database.write(
                lambda s, n=name, c=scopes: tokens.make(s, n, c, system.house.now)  # type: ignore[misc] # bound at once
            )


HOSTILE: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 400),
    "no JSON": (b"value=3", 400),
    "half": (b'{"value": 4', 400),
    "not a number": (b'{"value": NaN}', 400),
    "infinite": (b'{"value": Infinity}', 400),
    "huge": (b'{"value": 1e400}', 422),
    "huge whole": (b'{"value": ' + b"9" * 5000 + b"}", 422),
    "too large": (b'{"value": 1e16}', 422),
    "deep": (b"[" * 60_000, 422),
    "deep in a field": (b'{"value": 1, "x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 422),
    "a list": (b"[1]", 422),
    "text": (b'{"value": "4"}', 422),
    "true": (b'{"value": true}', 422),
    "nothing": (b'{"value": null}', 422),
    "missing": (b"{}", 422),
    "unknown field": (b'{"value": 1, "admin": true}', 422),
    "no day": (b'{"value": 1, "day": "2026-13-01"}', 422),
    "a day as number": (b'{"value": 1, "day": 20261102}', 422),
    "no UTF-8": (b'{"value": 1, "note": "\xff\xfe"}', 400),
    "confidence": (b'{"value": 1, "confidence": 11}', 422),
    "half a confidence": (b'{"value": 1, "confidence": 7.5}', 422),
    "long": (b'{"value": 1, "note": "' + b"x" * 501 + b'"}', 422),
    "larger than allowed": (b'{"value": 1, "note": "' + b"x" * 70_000 + b'"}', 413),
}


async def test_hostile_bodies_are_refused_in_one_shape_and_leave_nothing(system: System) -> None:
    for name, (raw, status) in HOSTILE.items():
        heard = await system.posts(NPS, raw=raw)
        assert (name, heard.status) in ((name, status), (name, 400 if status == 422 else status))
        assert heard.error, name
    for raw in (b'{"value": 1, "note": "a\\u0000b"}', b'{"value": 1, "note": "\\ud800"}'):
        assert (await system.posts(NPS, raw=raw)).status in (200, 400)  # what no row can hold
    assert all("\0" not in note for _, note in await said(system, 1))


async def test_what_is_wrong_with_a_field_is_said_in_words_of_its_sender(system: System) -> None:
    for body, field, says in (
        ({"value": "4"}, "value", "a number without quotation marks"),
        ({"value": 1e16}, "value", "too large"),
        ({}, "value", "“value” is missing"),
        ({"value": 1, "admin": True}, "admin", "no field “admin”"),
        ({"value": 1, "day": "2026-13-01"}, "day", "2026-11-05"),
        ({"value": 1, "confidence": 11}, "confidence", "from 1 to 10"),
        ({"value": 1, "note": 3}, "note", "a text of 500 characters"),
    ):
        heard = await system.posts(NPS, body)
        assert heard.error == (422, "invalid")
        assert heard.body["field"] == field
        assert says in heard.body["message"]
        assert "Expected" not in heard.body["message"]
    naive = await system.posts(SUPPORT, {"value": 1, "at": "2026-11-01T10:00:00"})
    assert "a moment with its zone" in naive.body["message"]


async def test_a_day_of_another_year_is_told_with_its_year(system: System) -> None:
    ahead = (system.house.now + timedelta(days=364)).date()
    heard = await system.posts(SUPPORT, {"value": 1, "day": ahead.isoformat()})
    assert heard.error == (409, "closed")
    assert f"{ahead.year} has not come yet" in heard.body["message"]
    soon = (system.house.now + timedelta(days=2)).date()
    heard = await system.posts(SUPPORT, {"value": 1, "day": soon.isoformat()})
    assert str(soon.year) not in heard.body["message"]


async def test_what_does_not_exist_is_said_to(system: System) -> None:
    for name in ("99999", "0", "-1", "1e3", "nobody", "%00", "%ff", "a" * 3000, "1%20", "%F0%9F"):
        for path in (f"/api/key-results/{name}/value", f"/api/kpis/{name}/readings"):
            assert (await system.posts(path, {"value": 1})).error == (404, "unknown"), path
    assert (await system.posts("/api/nothing", {})).error == (404, "no_route")
    assert (await system.posts("/api/openapi.json", {})).error == (405, "no_method")
    assert (await system.posts(NPS, raw=b"{}", Content_Type="text/plain")).error == (415, "no_json")
    assert (await system.posts(NPS, {"value": 1}, key="x" * 256)).error == (422, "invalid")
    both = {"value": 1, "day": "2026-11-01", "at": "2026-11-01T10:00:00Z"}
    assert (await system.posts(SUPPORT, both)).error == (422, "invalid")
    naive = {"value": 1, "at": "2026-11-01T10:00:00"}
    assert (await system.posts(SUPPORT, naive)).error == (422, "invalid")
    async with system.client.put(NPS, json={}) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_without_the_database_it_says_so_and_nothing_is_kept(
    system: System, url: str
) -> None:
    system.house.database.close()
    heard = await system.posts(NPS, {"value": 41}, key="k")
    assert heard.error == (503, "not_stored")
    assert heard.headers["Retry-After"]
    with closing(open_database(url)) as database:
        assert database.read_now(lambda session: updates(session, 1)) == []


async def test_everything_can_be_fetched_by_a_token_that_may(system: System) -> None:
    await system.posts(NPS, {"value": 41, "note": "=HYPERLINK(1)"})
    status, body = await system.gets("/api/export.json")
    found = json.loads(body)
    assert status == 200
    assert found["organisation"] == "Harbour"
    assert {row["owner"] for row in found["key_results"]} == {BOB.email}
    assert {row["value"] for row in found["updates"]} >= {41.0, 38.5 - 2.5}
    assert system.secret not in body.decode()
    assert "digest" not in {name for row in found["updates"] for name in row}
    status, body = await system.gets("/api/export.csv?table=updates")
    rows = list(csv.DictReader(StringIO(body.decode("utf-8-sig"))))
    assert status == 200
    assert "'=HYPERLINK(1)" in {row["note"] for row in rows}
    assert {row["cycle"] for row in rows} == {"2026 Q4 (2026-10-05)"}
    assert (await system.gets("/api/export.csv"))[0] == 422
    assert (await system.gets("/api/export.csv?table=token"))[0] == 422
    for table in exporting.TABLES:
        assert (await system.gets(f"/api/export.csv?table={table}"))[0] == 200
        assert len(set(exporting.columns(table))) == len(exporting.columns(table))
    things = await system.house.database.read(
        lambda s: s.exec(select(Audit.thing_key).where(Audit.thing == "export")).all()
    )
    assert {*things} == {"warehouse"}


def test_every_table_that_may_be_asked_for_is_there() -> None:
    assert msgspec.json.schema(Table)["enum"] == sorted(exporting.TABLES)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2", "@x", "\tx", "\rx"])
def test_no_text_is_a_formula_in_a_spreadsheet(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(-2) == -2
