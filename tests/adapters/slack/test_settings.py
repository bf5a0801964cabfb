"""Tokens and workspaces from the environment, and what the doctor says of them."""

import re

import pytest

from adapters.slack.adapter import Slack as Adapter
from adapters.slack.settings import Access, Config, read
from bot.chat.adapter import Finding, Sent, TryLater, Undeliverable
from bot.chat.cards import Card
from bot.chat.events import PlaceChanged
from bot.chat.who import Destination
from tests.adapters import contract
from tests.adapters.slack.bench import ALICE, Bench
from tests.adapters.slack.loopback import APP_TOKEN, BOT_TOKEN, SECRET
from tests.adapters.slack.world import World
from tests.adapters.stages import Ear, Memory


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither this machine's environment nor a `.env` of its own."""
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET", "WORKSPACES", "HOST", "PORT", "RATE"):
        monkeypatch.delenv(f"SLACK_{name}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"SLACK_{name}", value)


def test_two_tokens_are_enough_for_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, BOT_TOKEN=" xoxb-1 ", APP_TOKEN="xapp-1")
    config = read()
    assert config.accesses == (Access("", "xoxb-1", "xapp-1"),)
    assert config.accesses[0].by_socket
    assert (config.host, config.rate) == ("127.0.0.1", 4.0)


def test_a_secret_instead_is_enough_for_http(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, BOT_TOKEN="xoxb-1", SIGNING_SECRET="s", PORT="9000")
    (access,) = read().accesses
    assert not access.by_socket
    assert access.path == "/slack/events"
    assert read().port == 9000


def test_each_workspace_has_tokens_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch, WORKSPACES="main, Labs", BOT_TOKEN_MAIN="xoxb-1", APP_TOKEN_MAIN="xapp-1",
        BOT_TOKEN_LABS="xoxb-2", SIGNING_SECRET_LABS="s",
    )  # fmt: skip
    main, labs = read().accesses
    assert main == Access("main", "xoxb-1", "xapp-1")
    assert labs == Access("labs", "xoxb-2", signing_secret="s")
    assert labs.path == "/slack/labs/events"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "SLACK_BOT_TOKEN: the bot token, which starts with xoxb-, is needed."),
        ({"BOT_TOKEN": "xoxp-1", "APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN: the app-level token is needed"),
        ({"BOT_TOKEN": "xoxb-1", "APP_TOKEN": "xoxb-1"}, "starts with xapp-"),
        ({"WORKSPACES": "labs"}, "SLACK_BOT_TOKEN_LABS"),
        ({"WORKSPACES": "a b"}, "SLACK_WORKSPACES: 'a b' must be one short word"),
        ({"WORKSPACES": "a,a"}, "SLACK_WORKSPACES"),
        ({"PORT": "x"}, "SLACK_PORT"),
        ({"RATE": "0"}, "SLACK_RATE"),
    ],
)
def test_what_is_missing_is_said(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    given(monkeypatch, **settings)
    with pytest.raises(ValueError, match=re.escape(words)):
        read()


def test_no_secret_shows_where_settings_are_printed() -> None:
    assert "xoxb" not in repr(Config((Access("labs", "xoxb-1", "xapp-1", "secret"),)))


async def check(access: Access, api_url: str) -> list[Finding]:
    return await Adapter(Config((access,), port=9, api_url=api_url)).check()


async def test_doctor_names_each_thing_that_is_wrong(office: Bench) -> None:
    played, api = office.slack, office.config.api_url
    good = Access("labs", BOT_TOKEN, APP_TOKEN)
    told = await check(good, api)
    assert [f.level for f in told] == ["good", "good", "good", "warn"]
    assert "Fjord & Co" in told[0].text
    assert "Messages Tab" in told[-1].remedy

    played.tokens[BOT_TOKEN] = "chat:write,commands"
    told = [f for f in await check(good, api) if "scope" in f.text]
    assert ("bad", "The scope im:write is missing.") in [(f.level, f.text) for f in told]
    assert ("warn", "The scope channels:join is missing.") in [(f.level, f.text) for f in told]

    played.app_tokens.clear()
    told = await check(good, api)
    assert any("SLACK_APP_TOKEN_LABS" in f.text and f.level == "bad" for f in told)

    played.revoked[BOT_TOKEN] = "token_revoked"
    (told_once,) = await check(good, api)
    assert told_once.text == "SLACK_BOT_TOKEN_LABS: The bot token was revoked."
    assert told_once.remedy

    (away,) = await check(good, "http://127.0.0.1:9/api/")
    assert away.level == "bad"
    assert "HTTPS_PROXY" in away.remedy


async def test_doctor_sees_whether_http_is_served(office: Bench, ear: Ear) -> None:
    told = await office.adapter.check()
    assert any("okr listens at" in f.text for f in told)
    told = await check(Access("", BOT_TOKEN, signing_secret=SECRET), office.config.api_url)
    assert any("will be heard at" in f.text and "Request URLs" in f.remedy for f in told)


async def test_each_workspace_is_spoken_to_by_its_own_token(office: Bench) -> None:
    labs = office.slack.worlds["xoxb-labs"] = World("T0LABS")
    office.slack.tokens["xoxb-labs"] = office.slack.tokens[BOT_TOKEN]
    labs.hire("U0LENA", "Lena Lab", "lena@example.org")
    main, other = office.config.accesses[0], Access("labs", "xoxb-labs", signing_secret=SECRET)
    config = office.config
    office.adapter = Adapter(Config((main, other), port=config.port, api_url=config.api_url))
    ear = Ear()
    async with contract.listening(office, ear, Memory()):
        lena = await office.adapter.look_up("lena@example.org")
        assert lena is not None
        assert lena.at == Destination("slack", "T0LABS", "U0LENA")
        assert isinstance(await office.adapter.send(lena.at, Card("Hi"), key="k"), Sent)
        assert len(labs.dm("U0LENA").messages) == 1

        office.slack.app_url = office.slack.app_url.replace("/slack/", "/slack/labs/")
        change = {"type": "channel_archive", "channel": "C1"}
        assert await office.slack.event(change) == 200
        (event,) = ear.heard
        assert isinstance(event, PlaceChanged)
        assert event.at.workspace == "T0LABS"

        nowhere = Destination("slack", "T0ELSE", ALICE)
        assert isinstance(await office.adapter.send(nowhere, Card("Hi"), key="k"), Undeliverable)
        office.slack.revoked["xoxb-labs"] = "account_inactive"
        assert isinstance(await office.adapter.send(lena.at, Card("Hi"), key="k2"), TryLater)
        assert isinstance(await office.adapter.send(office.home, Card("Hi"), key="k3"), Sent)
    await office.adapter.close()
