"""Settings are read whole, or an admin is told what to do."""

from pathlib import Path

import pytest

from adapters.teams import settings
from tests.adapters.teams.world import APP, ELSEWHERE, TENANT

WHOLE = {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "s3cret", "TEAMS_TENANT_ID": TENANT}


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(monkeypatch: pytest.MonkeyPatch, **more: str) -> settings.Config:
    for name, value in {**WHOLE, **more}.items():
        monkeypatch.setenv(name, value)
    return settings.read()


def test_three_settings_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    config = read(monkeypatch)
    assert config.tenants == {TENANT}
    assert config.host == "127.0.0.1"
    assert all(url.startswith("https://") for url in config.service_urls)
    assert "s3cret" not in repr(config)


def test_other_tenants_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    config = read(monkeypatch, TEAMS_TENANTS=f"{TENANT}, {ELSEWHERE.upper()}")
    assert config.tenants == {TENANT, ELSEWHERE}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"TEAMS_APP_ID": ""}, "TEAMS_APP_ID"),
        ({"TEAMS_APP_ID": "okr"}, "TEAMS_APP_ID"),
        ({"TEAMS_APP_PASSWORD": ""}, "TEAMS_APP_PASSWORD"),
        ({"TEAMS_MANAGED_IDENTITY": "true"}, "TEAMS_APP_PASSWORD"),
        ({"TEAMS_TENANT_ID": ""}, "TEAMS_TENANT_ID"),
        ({"TEAMS_TENANTS": "everybody"}, "TEAMS_TENANTS"),
        ({"TEAMS_CERTIFICATE": "gone.pem", "TEAMS_APP_PASSWORD": ""}, "gone.pem"),
        ({"TEAMS_SERVICE_URLS": "http://smba.example/"}, "TEAMS_SERVICE_URLS"),
        ({"TEAMS_PORT": "many"}, "TEAMS_PORT"),
    ],
)
def test_fault_is_named(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], word: str
) -> None:
    with pytest.raises(ValueError, match=word) as fault:
        read(monkeypatch, **changed)
    assert "s3cret" not in str(fault.value)


PLAYGROUND = {
    "TEAMS_APP_ID": "",
    "TEAMS_APP_PASSWORD": "",
    "TEAMS_TENANT_ID": "",
    "TEAMS_DEVELOPMENT": "true",
}


def test_without_an_app_only_this_machine_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = read(monkeypatch, **PLAYGROUND)
    assert alone.app_id == ""
    assert alone.service_urls == ("http://localhost:56150/",), "where the Playground answers"
    with pytest.raises(ValueError, match="this machine alone"):
        read(monkeypatch, **PLAYGROUND, TEAMS_HOST="0.0.0.0")  # noqa: S104 - that it is refused
    monkeypatch.delenv("TEAMS_HOST")
    with pytest.raises(ValueError, match="TEAMS_SERVICE_URLS"):
        read(monkeypatch, **{**PLAYGROUND, "TEAMS_SERVICE_URLS": "https://smba.trafficmanager.net"})
    with pytest.raises(ValueError, match="TEAMS_APP_ID"):
        read(monkeypatch, **{**PLAYGROUND, "TEAMS_DEVELOPMENT": "false"})
