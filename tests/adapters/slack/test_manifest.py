"""`okr slack manifest`: what an admin pastes into Slack."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters import verbs, with_verbs
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from bot.__main__ import main

Json = dict[str, Any]
Okr = Callable[..., tuple[int | str | None, str]]
ROOT = Path(__file__).parents[3]
NEEDS = {
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "group_archive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
"""The scopes without which Slack does not tell of an event."""


@pytest.fixture
def schema() -> Json:
    """Slack's own schema of manifests, which is not ours to hand on."""
    known = os.environ.get("OKR_SLACK_MANIFEST_SCHEMA", "")
    file = Path(known or ROOT.parent / "shared" / "peers" / "slack-app-manifest.schema.json")
    if not file.is_file():
        pytest.skip("OKR_SLACK_MANIFEST_SCHEMA names no manifest.schema.1.0.0.json of Slack")
    return dict(json.loads(file.read_text("utf-8")))


@pytest.mark.parametrize("url", [None, "https://okr.example.com"])
def test_slack_knows_everything_in_it(url: str | None, schema: Json) -> None:
    jsonschema.Draft7Validator(schema).validate(manifest("okr", url))


def test_socket_mode_needs_no_address() -> None:
    made = manifest("okr")
    assert made["settings"]["socket_mode_enabled"] is True
    assert list(_addresses(made)) == []


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://okr.example.com", "https://okr.example.com/slack/events"),
        ("https://okr.example.com/", "https://okr.example.com/slack/events"),
        ("https://x.example/slack/labs/events", "https://x.example/slack/labs/events"),
    ],
)
def test_http_has_one_address_for_everything(url: str, address: str) -> None:
    made = manifest("okr", url)
    assert made["settings"]["socket_mode_enabled"] is False
    assert list(_addresses(made)) == [address] * 3


@pytest.mark.parametrize("url", ["okr.example.com", "http://okr.example.com", "https://", ""])
def test_an_address_that_slack_cannot_call_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public address such as https"):
        manifest("okr", url)


def test_people_can_write_to_the_bot_and_it_is_in_no_other_workspace() -> None:
    made = manifest("OKR of Fjord & Co")
    home = made["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert not made["settings"]["org_deploy_enabled"]
    assert made["settings"]["interactivity"]["is_enabled"]
    assert made["display_information"]["name"] == "OKR of Fjord & Co"
    assert made["features"]["slash_commands"][0]["command"] == "/okr"


def test_every_event_has_the_scope_that_it_needs() -> None:
    assert set(EVENTS) >= NEEDS.keys()
    for event in EVENTS:
        assert NEEDS.get(event, set()) <= set(SCOPES)
    assert "chat:write.public" not in SCOPES
    assert len(set(SCOPES)) == len(SCOPES)


def test_a_name_that_slack_does_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 35 characters"):
        manifest("x" * 36)


@pytest.fixture
def okr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Okr:
    """The command, as an admin gives it: its exit code, and what it says."""

    def okr(*words: str) -> tuple[int | str | None, str]:
        monkeypatch.setattr(sys, "argv", ["okr", "slack", "manifest", *words])
        with pytest.raises(SystemExit) as done:
            main()
        said = capsys.readouterr()
        return done.value.code, said.out + said.err

    return okr


def test_the_command_line_prints_it(okr: Okr) -> None:
    code, said = okr("--http", "https://okr.example.com", "--name", "Ziele")
    assert (code, json.loads(said)) == (0, manifest("Ziele", "https://okr.example.com"))


def test_the_command_line_says_what_is_wrong_with_an_address(okr: Okr) -> None:
    code, said = okr("--http", "localhost")
    assert code == 1
    assert said.replace("\n", " ").startswith("Slack needs a public address such as https://okr.")


def test_platforms_bring_their_own_verbs() -> None:
    assert {name: sorted(verbs(name)) for name in with_verbs()} == {
        "slack": ["manifest"],
        "teams": ["package"],
    }


def _addresses(value: Any) -> Iterator[str]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _addresses(part)
    if isinstance(value, str) and value.startswith("http"):
        yield value
