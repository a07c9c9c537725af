"""Whose objects a request is about: what it says in the parameters that all operations of a collection share."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from weakref import WeakKeyDictionary

from counterfoil.checks.operation import Operation
from counterfoil.checks.roles import role_of
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.repeating import NAMES as IDEMPOTENCY_KEYS

if TYPE_CHECKING:
    from counterfoil.checks.wire.draft import Draft
    from counterfoil.checks.wire.exchange import Exchange
    from counterfoil.stub.contract_tree import ContractTree

# OpenAPI 3.1, Parameter Object, `name`: header parameters of these names are ignored.
_OF_HTTP = frozenset({"accept", "content-type", "authorization"})
_PLACES = ("header", "query")
_READS = frozenset({"list", "fetch"})

Names = tuple[tuple[str, str], ...]
Context = tuple[tuple[str, str, str], ...]

_CONTEXTS: "WeakKeyDictionary[ContractTree, dict[str, Names]]" = WeakKeyDictionary()


def context(operation: Operation) -> Names:
    """The place (`header` or `query`) and name of each parameter that may say whose the objects of a collection are.

    These are the parameters that every operation has which makes, shows or lists its objects, such as a header with
    the tenant; neither credentials, nor what tells requests apart. Variables of its path belong to the collection.
    """
    known = _CONTEXTS.get(operation.schemas)
    if known is None:
        known = _CONTEXTS[operation.schemas] = _contexts(operation)
    return known.get(role_of(operation).collection, ())


def said(exchange: "Exchange", names: Names) -> tuple[str, ...]:
    """What a request says in parameters, each as a text that is empty where it says nothing."""
    if not names:
        return ()
    asked = parse_qsl(urlsplit(exchange.request.url).query, keep_blank_values=True)
    return tuple(
        exchange.request.header(name) if place == "header" else "&".join(text for each, text in asked if each == name)
        for place, name in names
    )


def named(exchange: "Exchange") -> Context:
    """The context that a request names: place, name and text of each parameter."""
    names = context(exchange.operation)
    found = zip(names, said(exchange, names), strict=True)
    return tuple((place, name, text) for (place, name), text in found if text and (place != "query" or "&" not in text))


def within(draft: "Draft", known: Context) -> "Draft":
    """The same request in a context."""
    for place, name, text in known:
        draft = draft.with_parameter(place, name, [(name, text)])
    return draft


def _contexts(operation: Operation) -> dict[str, Names]:
    credentials = _credentials(operation.contract)
    shared: dict[str, set[tuple[str, str]]] = {}
    making: set[str] = set()
    for method, path, tree, _ in operation.schemas.operations():
        each = Operation(operation.contract, method, path, dict(tree), operation.schemas)
        role = role_of(each)
        makes = role.action == "create" or (role.action == "replace" and role.upsert)
        if makes or role.action in _READS:
            own = {(str(item.get("in")), str(item.get("name"))) for item in each.parameters}
            shared[role.collection] = own & shared.get(role.collection, own)
            making |= {role.collection} if makes else set()
    return {
        name: tuple(sorted(each for each in shared[name] if _is_context(each, credentials))) for name in sorted(making)
    }


def _is_context(parameter: tuple[str, str], credentials: set[tuple[str, str]]) -> bool:
    place, name = parameter
    is_for_http = place == "header" and name.lower() in _OF_HTTP
    is_other = plain(name) in IDEMPOTENCY_KEYS or (place, name.lower()) in credentials
    return place in _PLACES and not is_for_http and not is_other


def _credentials(contract: dict[str, Any]) -> set[tuple[str, str]]:
    schemes = contract.get("components", {}).get("securitySchemes", {}).values()
    return {(str(each.get("in")), str(each.get("name")).lower()) for each in schemes if isinstance(each, dict)}
