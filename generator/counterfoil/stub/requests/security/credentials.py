"""Whether a call carries the credentials that an operation wants, and if not, why."""

import base64
import binascii
import contextlib
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs

from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import ContractTree, Node, extension
from counterfoil.stub.requests.security.digest import proves

MISSING = "credentials.missing"
UNKNOWN = "credentials.unknown"
FORBIDDEN = "forbidden"  # credentials that are accepted, but lack a scope
REMEMBERED, LONGEST = 64, 1024  # how many credentials, and the length of one

Check = Callable[[Call[Any, Any]], str | None]
Reader = Callable[[Call[Any, Any]], str | bytes | None]
Judge = Callable[[str], str | None]
Tokens = Mapping[str, Collection[str] | None]  # the credentials that are accepted → their scopes, None for all


def credentials_check(contract: ContractTree, requirements: Iterable[Mapping[str, Any]], tokens: Tokens) -> Check:
    """A function from a call to the reason why it is refused, None if it is not.

    `requirements` are an operation's security requirements (OpenAPI 3.1, Security Requirement Object): one of them
    is enough, all schemes of it are needed, with all scopes that it lists. With `tokens` those are the only
    credentials; otherwise any of the form that a scheme states in its `token` extension, or that its type implies.
    """
    alternatives = [
        [_scheme_check(contract, name, tokens, scopes or ()) for name, scopes in requirement.items()]
        for requirement in requirements
    ]
    if not alternatives or [] in alternatives:
        return lambda _: None
    if len(alternatives) == 1 and len(alternatives[0]) == 1:
        return alternatives[0][0]

    def check(call: Call[Any, Any]) -> str | None:
        refused = MISSING
        for alternative in alternatives:
            reasons = [reason for each in alternative if (reason := each(call))]
            if not reasons:
                return None
            told = [reason for reason in reasons if reason != MISSING]
            if FORBIDDEN in reasons and set(reasons) == {FORBIDDEN}:
                refused = FORBIDDEN
            elif told and refused in (MISSING, UNKNOWN):
                refused = next((reason for reason in told if reason != FORBIDDEN), refused)
        return refused

    return check


def _scheme_check(contract: ContractTree, name: str, tokens: Tokens, scopes: Iterable[str]) -> Check:
    scheme = contract.at("components", "securitySchemes", name)[0]
    if scheme.get("type") == "mutualTLS":
        return lambda _: None  # a matter of the connection, which is over before there is a request
    needed = frozenset(map(str, scopes))
    read, judge = _reader(scheme), _judge(scheme, tokens, needed)
    if tokens and str(scheme.get("scheme", "")).lower() == "digest":
        return _digest_check(read, judge, tokens, needed)
    judged: dict[str | bytes, str | None] = {}  # most calls carry what one before them did

    def check(call: Call[Any, Any]) -> str | None:
        value = read(call)
        if not value:
            return MISSING
        if value in judged:
            return judged[value]
        text = value if isinstance(value, str) else value.decode("latin-1").strip()
        reason = judge(text) if text else MISSING
        if len(judged) < REMEMBERED and len(value) <= LONGEST:
            judged[value] = reason
        return reason

    return check


def _digest_check(read: Reader, judge: Judge, tokens: Tokens, needed: frozenset[str]) -> Check:
    """A check whose answer depends on more than the credentials, so that none is remembered."""

    def check(call: Call[Any, Any]) -> str | None:
        value = read(call) or b""
        text = value if isinstance(value, str) else value.decode("latin-1").strip()
        for token, granted in tokens.items():
            if proves(text, call.method, token):
                return _refused_scopes(granted, needed)
        return judge(text) if text else MISSING

    return check


def _refused_scopes(granted: Collection[str] | None, needed: frozenset[str]) -> str | None:
    return None if granted is None or needed <= set(granted) else FORBIDDEN


def _reader(scheme: Node) -> Reader:
    """A function to what carries the credentials of a scheme, bytes where that is a header as sent."""
    place, name = ("header", "authorization")
    if scheme.get("type") == "apiKey":
        place, name = scheme.get("in", "header"), scheme.get("name", "")
    if place == "query":
        return lambda call: next((value for key, value in call.query if key == name), None)
    if place == "cookie":
        return lambda call: call.cookies.get(name)
    wanted = name.lower().encode("latin-1")
    return lambda call: call.headers.get(wanted)


def _judge(scheme: Node, tokens: Tokens, needed: frozenset[str]) -> Judge:
    """A function from what carries the credentials to the reason of a refusal, None if they are accepted.

    That is so of one of `tokens` only if it has all scopes that are `needed`.
    """
    forms = extension("token", scheme)
    if isinstance(forms, str):
        forms = {"accepted": forms}
    patterns = [(reason, _matcher(form)) for reason, form in (forms or _implied(scheme)).items()]
    is_basic = forms is None and str(scheme.get("scheme", "")).lower() == "basic"
    is_written = _writing(scheme, forms, tokens)

    def judge(value: str) -> str | None:
        for candidate in _tokens(value, scheme) if tokens else ():
            for token, granted in tokens.items():
                if _same(candidate, token) and is_written(value, token):
                    return _refused_scopes(granted, needed)
        for reason, matches in patterns:
            if matches(value):
                if is_basic and reason == "accepted" and not any(":" in text for text in _tokens(value, scheme)):
                    return UNKNOWN  # RFC 7617: user-id and password, with a colon between them
                return reason if reason != "accepted" else UNKNOWN if tokens else None
        return UNKNOWN

    return judge


def _writing(scheme: Node, forms: Mapping[str, str] | None, tokens: Tokens) -> Callable[[str, str], bool]:
    """Whether a value is a way to send a token: of the stated form, else with the authentication scheme before it.

    A token that no way to send it gives the stated form is sent as it is usual.
    """
    needs_scheme = scheme.get("type") != "apiKey"
    usual = str(scheme.get("scheme") or "bearer")
    matches = _matcher((forms or {}).get("accepted", "."))
    formed = {token for token in tokens if forms and any(matches(text) for text in (token, f"{usual.title()} {token}"))}

    def is_written(value: str, token: str) -> bool:
        if token in formed:
            return matches(value)
        return not needs_scheme or value.lower().startswith(f"{usual.lower()} ")

    return is_written


@lru_cache(maxsize=64)  # operations share schemes
def _matcher(form: str) -> Callable[[str], bool]:
    """A function that tells whether a text matches, in time that is bounded whatever the expression and the text."""
    return jsonschema_rs.Draft202012Validator({"pattern": form}).is_valid


def _implied(scheme: Node) -> dict[str, str]:
    """The forms of what carries credentials that the type of a scheme implies (RFC 7617, RFC 7616, RFC 6750)."""
    if scheme.get("type") == "apiKey":
        return {"accepted": "."}
    kind = str(scheme.get("scheme") or "bearer").lower()
    if kind == "basic":
        return {"accepted": r"^[Bb][Aa][Ss][Ii][Cc] +[A-Za-z0-9+/_-]+=*$", MISSING: "^(?![Bb][Aa][Ss][Ii][Cc] )"}
    prefix = "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else re.escape(letter) for letter in kind)
    usual = r"[^\s].*"
    credentials = {"bearer": r"[^\s]+", "digest": "(?=.*username=)(?=.*response=).*"}.get(kind, usual)
    return {"accepted": rf"^{prefix} +{credentials}$", MISSING: f"^(?!{prefix} )"}


def _tokens(value: str, scheme: Node) -> list[str]:
    """The texts that may be the token itself within what carries it."""
    found = [value]
    kind, _, rest = value.partition(" ")
    is_key = scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() != "authorization"
    if kind.lower() in ("bearer", str(scheme.get("scheme", "")).lower()) and not is_key:
        if kind.lower() != "basic" or ":" not in rest:
            found.append(rest.strip())
        if kind.lower() == "basic":
            with contextlib.suppress(binascii.Error, UnicodeDecodeError):
                found.append(base64.b64decode(rest.strip(), validate=True).decode())
    return found


def _same(candidate: str, token: str) -> bool:
    return secrets.compare_digest(candidate.encode(), token.encode())
