"""A token of the documented form, for stubs that accept any such token."""

import re
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Any

from counterfoil.checks.operation import Operation
from counterfoil.stub.answers.patterns import matching

ACCEPTED = "accepted"
_DEFAULT = "counterfoil-contract-tests"
_DEFAULT_BASIC = "counterfoil:contract-tests"


def conforming_token(operation: Operation, schemes: Mapping[str, Any]) -> str:
    """A token that the first security scheme of `operation` accepts by its `x-counterfoil.token`.

    That extension gives the form of the whole header, query or cookie value, `Bearer ` included.
    """
    form = documented_form(operation, schemes)
    if form is not None:
        return match_of(form)
    basic = str(_first_scheme(operation, schemes).get("scheme", "")).lower() == "basic"
    return _DEFAULT_BASIC if basic else _DEFAULT


def documented_form(operation: Operation, schemes: Mapping[str, Any]) -> str | None:
    """The regular expression that the first security scheme of `operation` has for accepted credentials."""
    return forms(_first_scheme(operation, schemes)).get(ACCEPTED)


def forms(scheme: Mapping[str, Any]) -> Mapping[str, str]:
    """Reason of a refusal, or `ACCEPTED` → a regular expression for such credentials, as a security scheme states."""
    stated = scheme.get("x-counterfoil", {}).get("token")
    return {ACCEPTED: stated} if isinstance(stated, str) else stated or {}


def _first_scheme(operation: Operation, schemes: Mapping[str, Any]) -> Mapping[str, Any]:
    names = (name for requirement in sorted(operation.security, key=len) for name in requirement)
    scheme: Mapping[str, Any] = schemes.get(next(names, ""), {})
    return scheme


@lru_cache(maxsize=64)
def match_of(pattern: str) -> str:
    """A simple printable ASCII text that matches `pattern` as a whole."""
    plain = matching(pattern)
    if plain is not None and plain.isascii() and plain.isprintable() and re.fullmatch(pattern, plain):
        return plain
    # What is not understood is left to hypothesis, which takes longer to import than most runs do.
    import hypothesis
    from hypothesis import strategies

    printable = strategies.characters(min_codepoint=0x20, max_codepoint=0x7E)
    texts = strategies.from_regex(pattern, fullmatch=True, alphabet=printable)
    # The first text that hypothesis tries is the simplest one; looking for a simpler one takes a hundred times longer.
    once = hypothesis.settings(database=None, deadline=None, phases=[hypothesis.Phase.generate], max_examples=1)
    found: str = hypothesis.find(texts, lambda _: True, settings=once, random=Random(0))  # noqa: S311 - no secret
    return found
