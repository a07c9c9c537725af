"""The checks of requests as Stoplight Prism makes them: what it adds to those of a contract, and what it lets pass."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from counterfoil.stub.call import Call, RefusalError
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.requests.headers.preferences import preferences
from counterfoil.stub.requests.routing.templates import VARIABLE

SERVER = "__server"  # the query parameter that names the server which a request is meant for

LONGEST = 256  # characters of a server's URL

Check = Callable[[Call[Any, Any]], None]


def as_prism(checks: Iterable[Check], contract: ContractTree, item: Node, operation: Node) -> list[Check]:
    """The checks of an `operation` of a path `item`, of which `checks` are those of the contract."""
    listed = [
        contract.follow(each)[0] for each in (*(item.get("parameters") or ()), *(operation.get("parameters") or ()))
    ]
    queries = {str(each["name"]).lower(): str(each["name"]) for each in listed if each.get("in") == "query"}
    levels = (operation, item, contract.tree)
    patterns = [_pattern(each) for each in next((each["servers"] for each in levels if each.get("servers")), ())]

    def server(call: Call[Any, Any]) -> None:
        wanted = next((value for name, value in call.query if name == SERVER), None)
        if wanted is None:
            return
        if not patterns:
            raise RefusalError("no-servers")
        if len(wanted) > LONGEST or not any(pattern.fullmatch(wanted.rstrip("/")) for pattern in patterns):
            raise RefusalError("no-server", {"server": wanted})

    def names(call: Call[Any, Any]) -> None:
        """Read parameters of the query whatever the case of their names is."""
        fields = call.query_fields
        for name in [name for name in fields if name not in queries.values() and name.lower() in queries]:
            fields.setdefault(queries[name.lower()], fields[name])

    def preferred(call: Call[Any, Any]) -> None:
        wanted = preferences(call)
        if wanted.code is not None and not re.fullmatch("[0-9]{3}", wanted.code):
            raise RefusalError("invalid.preference", {"message": f"{wanted.code} is no status code"})

    own: list[Check] = [server, *([names] if queries else []), *([] if operation.get("requestBody") else [_no_body])]
    return [*own, *map(_lenient, checks), preferred]


def _no_body(call: Call[Any, Any]) -> None:
    """Refuse bodies where the operation declares none."""
    if call.raw:
        raise RefusalError("media-type")


def _lenient(check: Check) -> Check:
    """A check that lets properties pass which only the server states, and any Content-Type without a body."""

    def lenient(call: Call[Any, Any]) -> None:
        try:
            check(call)
        except RefusalError as refusal:
            if refusal.reason == "media-type" and call.raw == b"":
                return
            found = refusal.violations
            # What is read-only has a `not` in requests, which the contract itself does not have.
            kept = [each for each in found if each.keyword != "not" or each.limit is not None]
            if not found or len(kept) == len(found):
                raise
            if kept:
                raise RefusalError(f"invalid.{kept[0].keyword}", refusal.facts, kept) from None

    return lenient


def _pattern(server: Mapping[str, Any]) -> re.Pattern[str]:
    """What the URL of a Server Object comes to: a variable is one of its enum, else anything within a segment."""
    variables = server.get("variables") or {}
    parts = VARIABLE.split(str(server.get("url", "")).rstrip("/"))
    for index, text in enumerate(parts):
        values = (variables.get(text) or {}).get("enum") if index % 2 else None
        parts[index] = (
            f"(?:{'|'.join(map(re.escape, map(str, values)))})" if values else "[^/]*" if index % 2 else re.escape(text)
        )
    return re.compile("".join(parts))
