"""`okr teams package`: what an admin uploads to Teams."""

import json
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import pytest
from msgspec.structs import replace

from adapters.teams import icons
from adapters.teams.manifest import COMMANDS, App, german, manifest
from adapters.teams.package import package
from bot.__main__ import main
from bot.flows import flows

Json = dict[str, Any]
Okr = Callable[..., tuple[int | str | None, str]]
ID = "6f1e1b1e-1111-4222-8333-123456789abc"
APP = App(id=ID, url="https://okr.example.com")
GIVEN = os.environ.get("OKR_TEAMS_SCHEMAS", "")
"""The folder `json-schemas/teams` of npm's @microsoft/app-manifest, not ours to hand on."""


def validate(value: Json, name: str) -> None:
    """By the schema that it names itself; skipped where that is not there."""
    file = Path(GIVEN) / f"v{value['$schema'].split('/v')[1].split('/')[0]}" / name
    if not GIVEN or not file.is_file():
        pytest.skip("OKR_TEAMS_SCHEMAS names no folder with Microsoft's manifest schemas")
    jsonschema.Draft4Validator(json.loads(file.read_text("utf-8-sig"))).validate(value)


@pytest.mark.parametrize("preview", [False, True])
def test_microsoft_knows_everything_in_it(preview: bool) -> None:
    validate(manifest(APP, preview=preview), "MicrosoftTeams.schema.json")


def test_microsoft_knows_everything_of_the_translation() -> None:
    validate(german(APP), "MicrosoftTeams.Localization.schema.json")


def test_it_keeps_the_numbers_of_the_documentation() -> None:
    made = manifest(APP)
    assert made["$schema"].endswith(f"/v{made['manifestVersion']}/MicrosoftTeams.schema.json")
    assert len(made["name"]["short"]) <= 30
    assert len(made["description"]["short"]) <= 80
    assert len(made["developer"]["name"]) <= 32
    (bot,) = made["bots"]
    assert (made["id"], bot["botId"]) == (ID, ID)
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert [scope for listed in bot["commandLists"] for scope in listed["scopes"]] == bot["scopes"]
    for listed in bot["commandLists"]:
        assert 1 <= len(listed["commands"]) <= 12
        assert all(len(command["title"]) <= 32 for command in listed["commands"])
        assert all(len(command["description"]) <= 128 for command in listed["commands"])


def test_every_command_is_a_word_of_some_conversation() -> None:
    known = {word.name for flow in flows().values() for word in flow.words if not word.admin}
    assert [command.word for command in COMMANDS if command.word not in known] == []
    assert len({command.word for command in COMMANDS}) == len(COMMANDS) == 12


def test_whoever_reads_german_reads_all_of_it_in_german() -> None:
    made, said = manifest(APP), german(APP)
    wanted = {
        f"bots[0].commandLists[{at}].commands[{place}].description"
        for at, listed in enumerate(made["bots"][0]["commandLists"])
        for place, _ in enumerate(listed["commands"])
    } | {
        f"composeExtensions[{at}].commands[{place}].{text}"
        for at, listed in enumerate(made.get("composeExtensions", ()))
        for place, _ in enumerate(listed["commands"])
        for text in ("title", "description")
    }
    assert said.keys() == wanted | {
        "$schema", "name.short", "description.short", "description.full",
        "composeExtensions[0].commands[0].title", "composeExtensions[0].commands[0].description",
    }  # fmt: skip
    assert len(said["description.short"]) <= 80
    assert not set(said.values()) & {command.english for command in COMMANDS}


def test_slash_commands_are_only_in_the_preview() -> None:
    assert "slash" not in json.dumps(manifest(APP))
    (bot,) = manifest(APP, preview=True)["bots"]
    assert bot["supportsTargetedMessages"] is True
    triggers = {tuple(listed["scopes"]): listed.get("triggers") for listed in bot["commandLists"]}
    assert triggers == {("personal",): None, ("team", "groupChat"): ["mention", "slash"]}


def test_nothing_may_be_loaded_from_elsewhere() -> None:
    made = manifest(replace(APP, url="https://okr.example.com:8443/teams", website="https://x.org"))
    assert made["validDomains"] == ["okr.example.com:8443"]
    assert made["developer"]["websiteUrl"] == made["developer"]["privacyUrl"] == "https://x.org"
    assert "webApplicationInfo" not in made


@pytest.mark.parametrize(
    ("version", "shown"), [("0.1.0", "0.1.0"), ("1.2", "1.2.0"), ("2.0.0rc1", "2.0.0")]
)
def test_the_version_has_three_numbers(version: str, shown: str) -> None:
    assert manifest(replace(APP, version=version))["version"] == shown


@pytest.mark.parametrize("url", ["okr.example.com", "http://okr.example.com", "https://okr", ""])
def test_an_address_that_teams_cannot_call_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public address such as https"):
        manifest(replace(APP, url=url))


@pytest.mark.parametrize(
    ("app", "words"),
    [
        (replace(APP, id="okr"), "TEAMS_APP_ID or --app-id"),
        (replace(APP, name="x" * 31), "1 to 30 characters"),
        (replace(APP, developer=""), "1 to 32 characters"),
        (replace(APP, privacy="http://x.org"), "must begin with https://"),
    ],
)
def test_what_teams_would_refuse_is_refused_in_words(app: App, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        manifest(app)


# The file


def unpacked(packed: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_has_whatever_its_manifest_names() -> None:
    files = unpacked(package(APP))
    made = json.loads(files["manifest.json"])
    languages = [each["file"] for each in made["localizationInfo"]["additionalLanguages"]]
    assert files.keys() == {"manifest.json", *made["icons"].values(), *languages}
    assert made == manifest(APP)
    assert json.loads(files["de.json"]) == german(APP)


def test_the_same_app_has_the_same_package() -> None:
    assert package(APP) == package(APP)
    assert package(APP) != package(replace(APP, name="Ziele"))


def pixels(png: bytes, size: int) -> Iterator[tuple[int, int, int, int]]:
    """The red, green, blue and alpha of each point, of an 8-bit RGBA picture without filters."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">IIBBBBB", png[16:29]) == (size, size, 8, 6, 0, 0, 0)
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            kind + data
        )
        packed += data if kind == b"IDAT" else b""
        at += 12 + length
    raw, row = zlib.decompress(packed), 1 + 4 * size
    assert len(raw) == size * row
    for line in (raw[start : start + row] for start in range(0, len(raw), row)):
        assert line[0] == 0
        yield from zip(*(line[1 + part :: 4] for part in range(4)), strict=True)


def test_the_outline_is_white_on_nothing() -> None:
    points = list(pixels(icons.outline(), 32))
    assert {point[:3] for point in points} == {(255, 255, 255)}
    assert points[0][3] == 0
    assert {0, 255} <= {point[3] for point in points}


def test_the_icon_is_opaque_and_has_a_ring() -> None:
    points = list(pixels(icons.colour(), 192))
    assert {point[3] for point in points} == {255}
    assert points[0][:3] == (31, 58, 95)
    assert points[96 * 192 + 96][:3] == (255, 255, 255)
    assert points[96 * 192 + 60][:3] == (31, 58, 95)


# The command


@pytest.fixture
def okr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Okr:
    """The command, as an admin gives it in an empty folder: its exit code, and what it says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEAMS_APP_ID", raising=False)

    def okr(*words: str) -> tuple[int | str | None, str]:
        monkeypatch.setattr(sys, "argv", ["okr", "teams", "package", *words])
        with pytest.raises(SystemExit) as done:
            main()
        said = capsys.readouterr()
        return done.value.code, " ".join((said.out + said.err).split())

    return okr


def test_the_command_writes_it(okr: Okr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAMS_APP_ID", ID)
    code, said = okr("--url", "https://okr.example.com", "--name", "Ziele")
    assert (code, said.startswith("okr-teams.zip is written")) == (0, True)
    assert "messaging endpoint is https://okr.example.com/api/messages." in said
    made = json.loads(unpacked((tmp_path / "okr-teams.zip").read_bytes())["manifest.json"])
    assert (made["id"], made["name"]["short"]) == (ID, "Ziele")


def test_the_command_writes_where_it_is_told(okr: Okr, tmp_path: Path) -> None:
    code, _ = okr("--url", "https://okr.example.com", "--app-id", ID, "--out", "x.zip", "--preview")
    assert code == 0
    made = json.loads(unpacked((tmp_path / "x.zip").read_bytes())["manifest.json"])
    assert made["manifestVersion"] == "1.29"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--url", "localhost", "--app-id", ID), "Teams needs a public address such as https://okr."),
        (("--url", "https://okr.example.com"), "Teams needs the bot's application id in TEAMS_"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(
    okr: Okr, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, answer = okr(*words)
    assert (code, answer.startswith(said)) == (1, True)
    assert list(tmp_path.iterdir()) == []
