"""Credentials that a page describes as header parameters become security requirements.

OpenAPI 3.1 section 4.8.12.2: header parameters named `Accept`, `Content-Type` or `Authorization` are ignored, since
content types and security schemes describe them.
"""

import re
from dataclasses import dataclass
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS
from counterfoil.contract.tree.references import resolve
from counterfoil.location import Location

_RULE = "credential-parameter"
_CREDENTIAL = re.compile(r"(x-)?(api|access|auth)[-_]?(key|token)|(x-)?authorization", re.IGNORECASE)
_BEARER = re.compile(r"\bbearer\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Credential:
    scheme: str
    required: bool
    where: Location


def lift_credentials(draft: Draft, pointer: str, item: dict[str, Any]) -> None:
    """Take credentials out of the parameters of one path item and of its operations.

    A parameter that a declared scheme describes, or one that is named as credentials are while nothing else
    protects the operation, becomes the operation's security; where no scheme is declared for it, one is made.
    """
    operations = {method: item[method] for method in METHODS if isinstance(item.get(method), dict)}
    common = {scheme for operation in operations.values() for scheme in _schemes(draft.tree, operation)}
    shared = _take(draft, pointer, item, common) if operations else []
    for method, operation in operations.items():
        below = json_pointer.join(pointer, method)
        secured = _schemes(draft.tree, operation)
        found = shared + _take(draft, below, operation, secured)
        if not found or secured:
            continue
        together: dict[str, list[str]] = {credential.scheme: [] for credential in found}
        alternatives = [together] if any(credential.required for credential in found) else [together, {}]
        draft.put(operation, below, "security", alternatives, _RULE, "stated as a parameter", where=found[0].where)


def _schemes(tree: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    """The names of the schemes that an operation or else the document asks for."""
    stated = operation.get("security", tree.get("security"))
    return (
        {name for entry in stated if isinstance(entry, dict) for name in entry} if isinstance(stated, list) else set()
    )


def _take(draft: Draft, pointer: str, owner: dict[str, Any], secured: set[str]) -> list[_Credential]:
    """Remove the credentials from the parameters of a path item or operation."""
    parameters = owner.get("parameters")
    if not isinstance(parameters, list):
        return []
    found = []
    for index in reversed(range(len(parameters))):
        parameter = resolve(draft.tree, parameters[index])
        if not isinstance(parameter, dict) or not isinstance(parameter.get("name"), str):
            continue
        name, place = parameter["name"].lower(), parameter.get("in")
        if place == "header" and name in {"accept", "content-type"}:
            _remove(draft, pointer, parameters, index, "ignored-header-parameter", f"{name} is described by content")
            continue
        scheme = _declared(draft.tree, name, place, secured)
        where = draft.at(json_pointer.join(pointer, "parameters", index))
        if (
            scheme is None
            and place == "header"
            and (name == "authorization" or not secured)
            and _CREDENTIAL.fullmatch(name)
        ):
            scheme = next(iter(secured), None) or _declare(draft, parameter, where)
        if scheme is None or (secured and scheme not in secured):
            continue
        _remove(draft, pointer, parameters, index, _RULE, f"{parameter['name']} is the security scheme {scheme}")
        found.append(_Credential(scheme, parameter.get("required") is True, where))
    if not parameters:
        owner.pop("parameters")
        draft.evidence.discard(json_pointer.join(pointer, "parameters"))
    return found[::-1]


def _remove(draft: Draft, pointer: str, parameters: list[Any], index: int, rule: str, note: str) -> None:
    below = json_pointer.join(pointer, "parameters")
    where = draft.at(f"{below}/{index}")
    draft.remove_item(below, parameters, index)
    draft.record(pointer, rule, note, where)


def _declared(tree: dict[str, Any], name: str, place: Any, secured: set[str]) -> str | None:
    """The declared scheme that reads its credential from this place, one in use before one that is not."""
    components = tree.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    if not isinstance(schemes, dict):
        return None
    fitting = []
    for key, stated in schemes.items():
        scheme = resolve(tree, stated)
        if not isinstance(scheme, dict):
            continue
        if scheme.get("type") == "apiKey":
            if str(scheme.get("name")).lower() == name and scheme.get("in") == place:
                fitting.append(key)
        elif name == "authorization" and place == "header":
            fitting.append(key)
    # An API key of that very name says more than a scheme which happens to use the header.
    fitting.sort(key=lambda key: (key not in secured, resolve(tree, schemes[key]).get("type") != "apiKey"))
    return fitting[0] if fitting else None


def _declare(draft: Draft, parameter: dict[str, Any], where: Location) -> str | None:
    """Make a security scheme of a parameter; its name among the schemes, None where there can be none."""
    name = parameter["name"]
    text = f"{parameter.get('description', '')} {parameter.get('example', '')}"
    scheme: dict[str, Any]
    if name.lower() == "authorization" and _BEARER.search(text):
        key, scheme = "bearer", {"type": "http", "scheme": "bearer"}
    else:
        key, scheme = "apiKey", {"type": "apiKey", "in": "header", "name": name}
    if parameter.get("description"):
        scheme["description"] = parameter["description"]
    components = draft.tree.setdefault("components", {})
    schemes = components.setdefault("securitySchemes", {}) if isinstance(components, dict) else None
    if not isinstance(schemes, dict):
        return None
    while key in schemes:
        key += "Header"
    draft.put(schemes, "/components/securitySchemes", key, scheme, _RULE, "stated as a parameter", "inferred", where)
    return key
