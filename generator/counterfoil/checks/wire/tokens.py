"""A token of the documented form, for stubs that accept any such token."""

import re
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Any

from counterfoil.checks.operation import Operation
from counterfoil.stub.answers.patterns import matching

_DEFAULT = "counterfoil-contract-tests"
_DEFAULT_BASIC = "counterfoil:contract-tests"


def conforming_token(operation: Operation, schemes: Mapping[str, Any]) -> str:
    """A token that the first security scheme of `operation` accepts by its `x-counterfoil.token`.

    That extension gives the form of the whole header, query or cookie value, `Bearer ` included.
    """
    form = documented_form(operation, schemes)
    if form is not None:
        return _match_of(form)
    basic = str(_first_scheme(operation, schemes).get("scheme", "")).lower() == "basic"
    return _DEFAULT_BASIC if basic else _DEFAULT


def documented_form(operation: Operation, schemes: Mapping[str, Any]) -> str | None:
    """The regular expression that the first security scheme of `operation` has for accepted credentials."""
    form = _first_scheme(operation, schemes).get("x-counterfoil", {}).get("token")
    found: str | None = form.get("accepted") if isinstance(form, dict) else form
    return found


def matching_form(operation: Operation, schemes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Reason and a text for every form of credentials that the first scheme of `operation` states as refused."""
    form = _first_scheme(operation, schemes).get("x-counterfoil", {}).get("token")
    if not isinstance(form, dict):
        return []
    return [(reason, _match_of(pattern)) for reason, pattern in form.items() if reason != "accepted"]


def _first_scheme(operation: Operation, schemes: Mapping[str, Any]) -> Mapping[str, Any]:
    names = (name for requirement in sorted(operation.security, key=len) for name in requirement)
    scheme: Mapping[str, Any] = schemes.get(next(names, ""), {})
    return scheme


@lru_cache(maxsize=64)
def _match_of(pattern: str) -> str:
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
