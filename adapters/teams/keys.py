"""Who may speak to us: tokens that Teams has signed with keys that it publishes."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

import aiohttp
import jwt
from jwt import PyJWK, PyJWKError

from adapters.teams.settings import Config

ISSUER = "https://api.botframework.com"
LEEWAY = 300
FRESH = 24 * 3600.0
"""Seconds after which keys are looked at again, while they go on being believed."""
PAUSE = 60.0
"""Seconds between two looks for a key that nobody knows, whoever asks for it."""
TIMEOUT = aiohttp.ClientTimeout(total=5)
MOST_BELIEVED = 1_000
"""Tokens that are remembered: Teams sends the same one for an hour."""

log = logging.getLogger(__name__)


class Unsigned(Exception):
    """No token that Teams has signed for this bot."""


class Keyless(Exception):
    """Teams' signing keys cannot be had now: nobody can be believed until they can."""


class _Believed(NamedTuple):
    """A token whose signature was verified: by which key, until when it is good, what it says."""

    kid: str
    until: float
    claims: dict[str, Any]


class Keys:
    """Teams' signing keys: asked for off every other way, and again where one is new."""

    def __init__(self, config: Config, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._config, self._session = config, session
        self._known: dict[str, tuple[PyJWK, frozenset[str]]] = {}
        self._believed: OrderedDict[bytes, _Believed] = OrderedDict()
        self._looked = self._fetched = float("-inf")
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def claims(self, header: str, channel: str) -> dict[str, Any]:
        """What the token in an Authorization header says. Raises Unsigned or Keyless.

        Its key must be one that Teams endorses for this channel. A token that was verified is
        remembered as long as it is good and its key is published.
        """
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unsigned("no bearer token")
        name = sha256(token.encode("utf-8", "replace")).digest()
        known = self._believed.get(name)
        try:
            kid = known.kid if known is not None else _kid(token)
            key, endorsements = await self._key(kid)
            if channel not in endorsements:
                raise Unsigned(f"the key is not endorsed for {channel!r}")
            known = self._believed.get(name)  # new keys may have had all forgotten
            if known is not None and time.time() < known.until:
                self._believed.move_to_end(name)
                return known.claims
            claims = self._verified(token, key)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            self._believed.pop(name, None)
            raise Unsigned(str(error)) from None
        self._believed[name] = _Believed(kid, claims["exp"] + LEEWAY, claims)
        if len(self._believed) > MOST_BELIEVED:
            self._believed.popitem(last=False)
        return claims

    def _verified(self, token: str, key: PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=self._config.app_id,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud"]},
        )

    async def fetch(self) -> int:
        """Look at what is published; how many keys there are. Raises Keyless."""
        self._looked = _now()
        try:
            about = await self._get(self._config.keys_url)
            published = await self._get(str(about["jwks_uri"]))
            known = dict(_read(each) for each in published["keys"] if each.get("kty") == "RSA")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError, KeyError,
                AttributeError, PyJWKError) as error:  # fmt: skip
            raise Keyless(f"{type(error).__name__} {error}") from error
        if not known:
            raise Keyless("none are published")
        self._known, self._fetched = known, _now()
        self._believed.clear()
        return len(known)

    async def _key(self, kid: str) -> tuple[PyJWK, frozenset[str]]:
        """A key that is known is used at once, and looked for again where that is long ago."""
        if kid in self._known:
            if _now() - self._fetched > FRESH and self._may_look() and not self._looking.locked():
                self._task = asyncio.create_task(self._again())
            return self._known[kid]
        async with self._looking:
            if kid not in self._known and self._may_look():
                await self._look()
        if not self._known:
            raise Keyless("they could not be had")
        if kid not in self._known:
            raise Unsigned("signed by a key that Teams does not publish")
        return self._known[kid]

    def _may_look(self) -> bool:
        """Whether it is time for a look: a forged `kid` must not have us ask again and again."""
        return _now() - self._looked > PAUSE or not self._known

    async def _again(self) -> None:
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        """Where keys are known, they stay good while new ones cannot be had."""
        try:
            await self.fetch()
        except Keyless as problem:
            log.warning("teams_keys_not_had %s", problem)

    async def _get(self, url: str) -> Any:
        async with self._session().get(url, timeout=TIMEOUT) as answer:
            answer.raise_for_status()
            return await answer.json(content_type=None)


def _kid(token: str) -> str:
    """The key by which a token says that it is signed."""
    said = jwt.get_unverified_header(token)
    kid, algorithm = said.get("kid"), said.get("alg")
    if algorithm != "RS256" or not isinstance(kid, str):
        raise Unsigned(f"signed by {algorithm!r}")
    return kid


def _read(published: dict[str, Any]) -> tuple[str, tuple[PyJWK, frozenset[str]]]:
    endorsed = published.get("endorsements") or ()
    return str(published["kid"]), (PyJWK(published, "RS256"), frozenset(map(str, endorsed)))


def _now() -> float:
    return asyncio.get_running_loop().time()
