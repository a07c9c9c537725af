"""Digest credentials: proof that a client knows user name and password (RFC 7616)."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping

_PARAMETER = re.compile(r'([A-Za-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)')
_HASHES: Mapping[str, Callable[[bytes], "hashlib._Hash"]] = {
    "md5": lambda text: hashlib.md5(text, usedforsecurity=False),  # what RFC 7616 keeps for old clients
    "sha-256": hashlib.sha256,
    "sha-512-256": lambda text: hashlib.new("sha512_256", text),
}


def proves(header: str, method: str, token: str) -> bool:
    """Whether an Authorization header answers a challenge as somebody with `token`, `user:password`, would.

    Any nonce will do; the protection of bodies (`auth-int`) is not offered.
    """
    told = {name.lower(): _unquoted(value) for name, value in _PARAMETER.findall(header.partition(" ")[2])}
    user, colon, password = token.partition(":")
    algorithm = told.get("algorithm", "MD5").lower()
    digest = _HASHES.get(algorithm.removesuffix("-sess"))
    if not colon or digest is None or told.get("username") != user or told.get("qop", "auth") != "auth":
        return False

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode()).hexdigest()

    nonce, cnonce = told.get("nonce", ""), told.get("cnonce", "")
    secret = hashed(user, told.get("realm", ""), password)
    if algorithm.endswith("-sess"):
        secret = hashed(secret, nonce, cnonce)
    session = [told.get("nc", ""), cnonce, "auth"] if "qop" in told else []
    wanted = hashed(secret, nonce, *session, hashed(method, told.get("uri", "")))
    return secrets.compare_digest(wanted, told.get("response", "").lower().encode("ascii", "replace").decode())


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
