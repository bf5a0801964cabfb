"""Our own token for the Bot Connector: got once an hour, never while the loop stands still."""

import asyncio
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from os import environ
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from adapters.teams.outcomes import LOGIN_AGAIN, Trouble, trouble
from adapters.teams.settings import Config
from bot.chat.adapter import TryLater

SCOPE = "https://api.botframework.com"
EARLY = 300.0
"""Seconds before its end at which a token is replaced."""
TIMEOUT = aiohttp.ClientTimeout(total=10)
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Login:
    """Gets tokens; one request at a time, however many wait for it."""

    def __init__(self, config: Config, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._config, self._session = config, session
        self._token, self._until = "", 0.0
        self._asking = asyncio.Lock()

    async def token(self) -> str:
        """A token that is good for some minutes more; "" in development. Raises Trouble."""
        if not self._config.app_id:
            return ""
        if asyncio.get_running_loop().time() < self._until:
            return self._token
        async with self._asking:
            if asyncio.get_running_loop().time() >= self._until:
                self._token, lasts = await self._ask()
                self._until = asyncio.get_running_loop().time() + max(lasts - EARLY, lasts / 2)
            return self._token

    def forget(self) -> None:
        """The token was not accepted: the next one is a new one."""
        self._until = 0.0

    async def _ask(self) -> tuple[str, float]:
        try:
            asked = self._of_machine() if self._config.managed_identity else await self._of_app()
            async with self._session().request(**asked, timeout=TIMEOUT) as answer:
                said = await _json(answer)
                if answer.status != 200 or not said.get("access_token"):
                    raise _refused(answer.status, said)
                return str(said["access_token"]), float(said.get("expires_in") or 3600)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            problem = trouble(error)
            # whatever became of the request for a token, no message was sent
            raise Trouble("login", TryLater(problem.pause or 30.0), str(problem)) from error

    async def _of_app(self) -> dict[str, Any]:
        config = self._config
        url = f"{config.login_url}/{config.tenant_id}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": config.app_id,
            "scope": f"{SCOPE}/.default",
        }
        if config.certificate:
            signed = await asyncio.to_thread(_assertion, config, url)
            form |= {"client_assertion_type": ASSERTION, "client_assertion": signed}
        else:
            form["client_secret"] = config.app_password
        return {"method": "POST", "url": url, "data": form}

    def _of_machine(self) -> dict[str, Any]:
        """As virtual machines and, by their environment, Azure's app services tell it."""
        asked = {"resource": SCOPE, "client_id": self._config.app_id}
        if "IDENTITY_ENDPOINT" in environ:
            headers = {"X-IDENTITY-HEADER": environ.get("IDENTITY_HEADER", "")}
            url, version = environ["IDENTITY_ENDPOINT"], "2019-08-01"
        else:
            url, version, headers = self._config.identity_url, "2018-02-01", {"Metadata": "true"}
        return {
            "method": "GET",
            "url": url,
            "params": {**asked, "api-version": version},
            "headers": headers,
        }


def _assertion(config: Config, url: str) -> str:
    """What proves that we hold the certificate's key."""
    pem = Path(config.certificate).read_bytes()
    print_ = sha256(load_pem_x509_certificate(pem).public_bytes(Encoding.DER)).digest()
    now = int(time.time())
    claims = {
        "aud": url,
        "iss": config.app_id,
        "sub": config.app_id,
        "jti": str(uuid.uuid4()),
        "nbf": now,
        "exp": now + 600,
    }
    headers = {"x5t#S256": urlsafe_b64encode(print_).decode().rstrip("=")}
    key: Any = load_pem_private_key(pem, None)
    return jwt.encode(claims, key, "PS256", headers)


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        said = await answer.json(content_type=None)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _refused(status: int, said: dict[str, Any]) -> Trouble:
    """What the directory says, without the numbers by which Microsoft traces it."""
    words = str(said.get("error_description") or said.get("error") or f"status {status}")
    passing = status == 429 or status >= 500
    return Trouble(
        "login" if passing else "login_refused",
        TryLater(30.0 if passing else LOGIN_AGAIN),
        words.partition(" Trace ID")[0].splitlines()[0][:300],
    )
