"""An app may prove itself by a certificate, and botbuilder stays in its two files."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

import adapters
from adapters import load
from adapters.teams.adapter import Teams as Adapter
from bot.chat.adapter import Sent
from bot.chat.cards import Card
from tests.adapters.stages import Still
from tests.adapters.teams import signing
from tests.adapters.teams.bench import Bench
from tests.adapters.teams.test_settings import WHOLE
from tests.adapters.teams.world import APP, TENANT


def certificate(folder: Path) -> tuple[Path, bytes]:
    """A certificate of our own with its key in one file, and its fingerprint."""
    key, name = signing.key("app"), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "okr")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    file = folder / "app.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return file, sha256(made.public_bytes(Encoding.DER)).digest()


async def test_certificate_proves_the_app(office: Bench, tmp_path: Path) -> None:
    file, fingerprint = certificate(tmp_path)
    adapter = Adapter(replace(office.config, app_password="", certificate=str(file)))
    office.teams.asked_for_token.clear()
    assert isinstance(await adapter.send(office.channel, Card("Hello"), key="k"), Sent)
    await adapter.close()
    (asked,) = office.teams.asked_for_token
    assert asked["client_assertion_type"].endswith("jwt-bearer")
    signed = asked["client_assertion"]
    url = f"{office.teams.url}/{TENANT}/oauth2/v2.0/token"
    public = signing.key("app").public_key()
    claims = jwt.decode(signed, public, algorithms=["PS256"], audience=url)
    assert claims["iss"] == claims["sub"] == APP
    named = jwt.get_unverified_header(signed)["x5t#S256"]
    assert jwt.utils.base64url_decode(named) == fingerprint


def test_teams_is_loaded_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    assert load("teams", Still()).name == "teams"


def test_botbuilder_is_known_to_two_files_alone() -> None:
    """What Microsoft archived must be easy to replace."""
    folder = Path(str(adapters.__file__)).parent
    kit = re.compile(r"^\s*(from|import) (botbuilder|botframework|msrest|msal)", re.MULTILINE)
    users = {str(f.relative_to(folder)) for f in folder.rglob("*.py") if kit.search(f.read_text())}
    assert users == {"teams/kit.py", "teams/turns.py"}
