"""A token of the documented form, for stubs that accept any such token."""

from collections.abc import Mapping
from typing import Any

from counterfoil.checks.operation import Operation

_DEFAULT = "counterfoil-contract-tests"
_DEFAULT_BASIC = "counterfoil:contract-tests"


def conforming_token(operation: Operation, schemes: Mapping[str, Any]) -> str:
    """A token that the first security scheme of `operation` accepts by its `x-counterfoil.token`."""
    names = (name for requirement in sorted(operation.security, key=len) for name in requirement)
    scheme = schemes.get(next(names, ""), {})
    form = scheme.get("x-counterfoil", {}).get("token")
    if isinstance(form, dict):
        form = form.get("accepted")
    if form:
        return _shortest_match(form)
    return _DEFAULT_BASIC if scheme.get("scheme", "").lower() == "basic" else _DEFAULT


def _shortest_match(pattern: str) -> str:
    """The simplest printable ASCII text without spaces that matches `pattern` as a whole."""
    import hypothesis
    from hypothesis import strategies

    visible = strategies.characters(min_codepoint=0x21, max_codepoint=0x7E)
    texts = strategies.from_regex(pattern, fullmatch=True, alphabet=visible)
    found: str = hypothesis.find(texts, lambda _: True, settings=hypothesis.settings(database=None, deadline=None))
    return found
