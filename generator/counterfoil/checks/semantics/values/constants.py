"""What is the same in every answer: who the tenant is, and how the envelope of a success begins."""

import re
from typing import Any

from counterfoil.checks.cases import leaves
from counterfoil.checks.objects.contexts import context, said
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import nouns_made, settable
from counterfoil.checks.semantics.values.telling import Key, Telling
from counterfoil.stub.contract_tree import extension
from counterfoil.stub.schema_walk import ITEMS, at
from counterfoil.stub.state.inference.names import plain, words

NAME = "constants"

_TENANTS = frozenset(
    ("organization", "organisation", "org", "tenant", "merchant", "workspace", "shop", "store", "account")
)
_OWNERS = frozenset(("organization", "organisation", "org", "tenant", "merchant", "workspace"))
_NAMING = frozenset(("id", "uuid", "guid", "key", "slug", "code"))
_TRUTHS = frozenset(("success", "ok", "succeeded"))
_SUCCESS = frozenset(("code", "success", "ok", "errcode", "statuscode"))
# A code that descriptions call that of a success, such as `0 = success`.
_CALLED = re.compile(
    r"(?<![\w.-])[`'\"]?(-?\d+)[`'\"]?\s*(?:=|:|-|means|is|for|on|in case of)\s*(?:a )?success\b", re.IGNORECASE
)


class Constants:
    """Remembers what the first answers told."""

    names = (NAME,)

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}
        self._made: set[Key] = set()
        self._said: set[tuple[str, str]] = set()  # what requests say by a parameter that names no property

    def see(self, telling: Telling, report: Report) -> None:
        """Note a constant that is not what it was."""
        operation = telling.operation
        names = operation.remembered((NAME, id(telling.exchange.response_schema)), lambda: _tenancy(telling))
        for told in telling.objects:
            if telling.creates and told.key is not None:
                self._made.add(told.key)
            elif told.key not in self._made:
                continue
            for name in names:
                self._compare(telling, _scope(telling, name), name, told.value.get(name), telling.place(name), report)
        if not telling.objects:
            return
        envelope = operation.remembered(
            (NAME, "envelope", id(telling.exchange.response_schema)), lambda: _around(telling)
        )
        for path, shared, stated in envelope:
            value = leaves.at(telling.body, path)
            if stated is not None and value is not None and not leaves.equal(value, stated):
                summary = f"/{'/'.join(path)} is another one than stated of a success"
                report.add(telling.exchange, NAME, summary, repr(stated), repr(value), telling.pointer)
            if value is False and plain(path[-1]) in _TRUTHS:
                place = "/" + "/".join(path)
                report.add(
                    telling.exchange, NAME, f"a success says that {place} is false", "true", "false", telling.pointer
                )
            self._judge_code(telling, path, value, report)
            scope = _scope(telling, path[-1]) if shared else operation.label
            self._compare(telling, scope, path[-1], value, "/" + "/".join(path), report)

    @staticmethod
    def _judge_code(telling: Telling, path: tuple[str, ...], value: Any, report: Report) -> None:
        """The code of a success is the one that is stated, in words and as what stubs answer with."""
        operation = telling.operation
        known = operation.remembered(
            (NAME, "code", path, id(telling.exchange.response_schema)), lambda: _code(telling, path)
        )
        if known is not None and isinstance(value, int | str) and not isinstance(value, bool) and str(value) != known:
            place = "/" + "/".join(path)
            summary = f"the code of a success at {place} is another one than stated"
            report.add(telling.exchange, NAME, summary, known, repr(value), telling.pointer)

    def _compare(self, telling: Telling, scope: str, name: str, value: Any, place: str, report: Report) -> None:
        if value is None or isinstance(value, dict | list):
            return
        which = scope, plain(name)
        if value != "" and str(value) in said(telling.exchange, context(telling.operation)):
            self._said.add(which)
        if which in self._said:
            return
        known = self._known.setdefault(which, value)
        if known != value or isinstance(known, bool) != isinstance(value, bool):
            expected = f"{known!r}, as before"
            report.add(telling.exchange, NAME, f"{place} is not what it was", expected, repr(value), telling.pointer)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _scope(telling: Telling, name: str) -> str:
    """What has one tenant, whatever shows it: all that one token makes, or else the objects of one collection."""
    return "" if words(name)[0] in _OWNERS else telling.role.collection


def _tenancy(telling: Telling) -> list[str]:
    """The properties of objects that name the tenant, which no request says."""
    return [name for name in telling.properties if names_tenant(telling.operation, name)]


def names_tenant(operation: Operation, name: str) -> bool:
    """Whether a property of objects names the tenant, which no request says and no operation makes."""
    return _names_tenant(name, settable(operation)) and words(name)[0] not in nouns_made(operation)


def _names_tenant(name: str, given: frozenset[str]) -> bool:
    parts = words(name)
    return (
        bool(parts) and plain(name) not in given and parts[0] in _TENANTS and (len(parts) == 1 or parts[-1] in _NAMING)
    )


def _code(telling: Telling, path: tuple[str, ...]) -> str | None:
    """What a property that is called a code is stated to be in successes; None where nothing is, or several codes."""
    operation, schema = telling.operation, telling.exchange.response_schema or {}
    held = at(operation.schemas, schema, path)
    if plain(path[-1]) not in _SUCCESS:
        return None
    template = extension("generate", held)
    if isinstance(template, int | str) and not isinstance(template, bool) and "{" not in str(template):
        return str(template)
    called = set(_CALLED.findall(str(held.get("description"))))
    return next(iter(called)) if len(called) == 1 else None


def _around(telling: Telling) -> list[tuple[tuple[str, ...], bool, Any]]:
    """What stands around the objects and is always the same: where, whether it names the tenant, and what is stated.

    The last is None where nothing is, and of tenants, who are others for each token.
    """
    operation, schema = telling.operation, telling.exchange.response_schema or {}
    answer = telling.role.answer or ()
    found: list[tuple[tuple[str, ...], bool, Any]] = []
    for depth in range(answer.index(ITEMS) if ITEMS in answer else len(answer)):
        way = answer[:depth]
        for name, held in operation.schemas.properties(at(operation.schemas, schema, way)).items():
            template = extension("generate", held, operation.resolve(held))
            stated = template is not None and not isinstance(template, dict | list) and "{" not in str(template)
            tenant = _names_tenant(name, settable(operation))
            said = stated and plain(name) not in settable(operation)
            if tenant or said or plain(name) in _SUCCESS:
                # What is called a code is told of as such.
                is_plain = said and not tenant and plain(name) not in _SUCCESS
                found.append(((*way, name), tenant, template if is_plain else None))
    return found
