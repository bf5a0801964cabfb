"""`okr doctor` says what is wrong with Teams, and what to do."""

import socket
from pathlib import Path

from msgspec.structs import replace

from adapters.teams.adapter import Teams as Adapter
from bot.chat.adapter import Finding
from tests.adapters.stages import Ear
from tests.adapters.teams.bench import Bench, bench


def worst(findings: list[Finding]) -> str:
    """Everything that is not well."""
    assert all(finding.remedy for finding in findings if finding.level != "good")
    return "\n".join(f"{f.text} {f.remedy}" for f in findings if f.level != "good")


async def test_all_is_well_while_it_runs(office: Bench, ear: Ear) -> None:
    findings = await office.adapter.check()
    assert worst(findings) == ""
    text = "\n".join(finding.text for finding in findings)
    assert "1 signing key" in text
    assert "1 team" in text
    assert "s3cret" not in text


async def test_before_it_runs_it_says_where_teams_must_be_led(tmp_path: Path) -> None:
    async with bench(tmp_path, is_new=True) as office:
        found = await office.adapter.check()
        heard = next(f for f in found if f"{office.config.host}:{office.config.port}" in f.text)
        with socket.create_server((office.config.host, office.config.port)):
            taken = await office.adapter.check()
    assert "/api/messages" in heard.remedy
    assert "okr teams package" in worst(found)
    assert "TEAMS_PORT" in worst(taken)
    assert office.config.port in {finding.port for finding in taken}


async def test_wrong_secret_is_named(office: Bench) -> None:
    said = worst(await office.misconfigured().check())
    assert "Invalid client secret" in said
    assert "TEAMS_APP_PASSWORD" in said
    assert "Trace ID" not in said


async def test_login_and_keys_out_of_reach_are_named(office: Bench) -> None:
    nobody = "http://127.0.0.1:9"
    lost = Adapter(replace(office.config, login_url=nobody, keys_url=nobody))
    said = worst(await lost.check())
    assert "does not answer" in said
    assert "signing keys cannot be had" in said


async def test_development_is_pointed_out(office: Bench) -> None:
    bare = replace(office.config, app_id="", app_password="", tenants=frozenset())
    assert "Whoever reaches this machine is believed" in worst(await Adapter(bare).check())
