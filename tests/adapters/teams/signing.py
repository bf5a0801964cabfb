"""Keys and tokens of the played Teams, good ones and bad ones."""

import json
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Json = dict[str, Any]
ISSUER = "https://api.botframework.com"


@cache
def key(kid: str) -> RSAPrivateKey:
    """The key of this name, made when it is first asked for."""
    return rsa.generate_private_key(65537, 2048)


def published(*kids: str, endorsements: tuple[str, ...] = ("msteams", "webchat")) -> Json:
    """These keys as Teams publishes them."""
    keys = []
    for kid in kids:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(kid).public_key()))
        public |= {"kid": kid, "use": "sig", "x5t": kid, "endorsements": list(endorsements)}
        keys.append(public)
    return {"keys": keys}


def public(kid: str) -> bytes:
    """What everybody knows of a key."""
    known = key(kid).public_key()
    return known.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def token(app: str, service: str, kid: str = "one", **changed: Any) -> str:
    """What Teams sends along; a claim that is changed to None is left out."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": app, "nbf": now, "exp": now + 3600, "serviceurl": service}
    said = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwt.encode(said, key(kid), "RS256", {"kid": kid})
