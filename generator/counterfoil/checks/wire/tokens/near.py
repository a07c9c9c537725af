"""Tokens that are nearly the right one: what a server lets in that compares them carelessly."""

import base64
import json
import re
from collections.abc import Mapping

_JWT_PARTS = 3
_SEPARATOR = re.compile(r"[-_.:/]")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UNSIGNED = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()


def near(token: str) -> Mapping[str, str]:
    """What each of them is → its text, those first that most mistakes let in; none is `token` itself.

    `token` has no authentication scheme before it.
    """
    last = len(token) - 1
    if is_jwt(token):
        # Of the last character of base64 not every bit counts, so that another one may be the same signature.
        last -= 1
    texts = {
        "a token with another last character": _changed(token, last),
        "a token without its last character": token[:-1],
        "a token with one character more": f"{token}0",
        "a token with another first character": _changed(token, 0),
        "a token with another character in its middle": _changed(token, len(token) // 2),
        "a token in other case": token.swapcase(),
        "a token with two characters exchanged": _exchanged(token),
    }
    return {label: text for label, text in texts.items() if text != token}


def altered(token: str) -> Mapping[str, str]:
    """What contains a right token, or is one without proof: label → text."""
    texts = {
        "the token after another one": f"counterfoil-other,{token}",
        "the token after another word": f"counterfoil-other {token}",
        "the token before another one": f"{token},counterfoil-other",
        "the token twice": token + token,
        "the token in quotes": f'"{token}"',
    }
    for place, label in ((_first(token), "first"), (_last(token), "last")):
        if 0 < place < len(token) - 1:
            texts[f"what is before the {label} separator of a token"] = token[:place]
            texts[f"what is behind the {label} separator of a token"] = token[place + 1 :]
    plain = _SEPARATOR.sub("", token)
    if plain not in ("", token) and not _UUID.fullmatch(token):
        texts["a token without what separates its parts"] = plain
    if is_jwt(token):
        texts["a token whose signature is left out"] = f"{_UNSIGNED}.{token.split('.')[1]}."
    return texts


def is_jwt(token: str) -> bool:
    """Whether a token has the form of a JWS in its compact serialization (RFC 7515, section 7.1)."""
    return token.startswith("eyJ") and len(token.split(".")) == _JWT_PARTS


def _first(token: str) -> int:
    found = _SEPARATOR.search(token)
    return found.start() if found else -1


def _last(token: str) -> int:
    return max((found.start() for found in _SEPARATOR.finditer(token)), default=-1)


def _exchanged(token: str) -> str:
    """The token with the last two different neighbours of its first half in each other's place."""
    pairs = range(len(token) // 2 - 1, -1, -1)
    place = next((each for each in pairs if token[each] != token[each + 1 : each + 2] != ""), None)
    if place is None:
        return token
    return token[:place] + token[place + 1] + token[place] + token[place + 2 :]


def _changed(token: str, place: int) -> str:
    other = "1" if token[place : place + 1] != "1" else "2"
    return token[:place] + other + token[place + 1 :]
