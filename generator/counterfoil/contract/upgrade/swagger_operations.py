"""Operations of Swagger 2.0 in the shape of OpenAPI 3.0: bodies, forms, parameters, responses.

Source: OpenAPI 2.0, Operation, Parameter, Items, Response and Header Objects; OpenAPI 3.0.3 section 4.7.12.2 (style).
"""

import copy
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS
from counterfoil.contract.tree.references import resolve, target
from counterfoil.location import Diagnostic

_JSON = "application/json"
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_FORMS = (_URLENCODED, _MULTIPART)
# Fields of parameters, items and headers that describe the value: they make up its schema.
_VALUE = (
    "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf", "x-nullable",
    "x-enum-varnames", "x-enum-descriptions",
)  # fmt: skip
# collectionFormat → style and explode in a query or form; elsewhere the only style is `simple`, which is `csv`.
_STYLES = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}


def upgrade(draft: Draft) -> None:
    """Upgrade all operations, and the parameters and responses that they share, in place."""
    tree = draft.tree
    shared = tree.get("parameters")
    bodies = _shared_bodies(draft, shared) if isinstance(shared, dict) else {}
    paths = tree.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict) and not path.startswith("x-"):
            _path_item(draft, json_pointer.join("/paths", path), item, bodies)
    for name, parameter in bodies.items():
        below = json_pointer.join("/parameters", name)
        if isinstance(shared, dict) and parameter.get("in") == "body":
            requests = tree.setdefault("components", {}).setdefault("requestBodies", {})
            requests[name] = _body(draft, below, parameter, tree)
            draft.evidence.move(below, json_pointer.join("/components/requestBodies", name))
        if isinstance(shared, dict):
            shared.pop(name)
            draft.evidence.discard(below)
    for name, parameter in shared.items() if isinstance(shared, dict) else ():
        _parameter(draft, json_pointer.join("/parameters", name), parameter)
    responses = tree.get("responses")
    for name, response in responses.items() if isinstance(responses, dict) else ():
        _response(draft, json_pointer.join("/responses", name), response, tree, tree)


def _shared_bodies(draft: Draft, shared: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The shared parameters that are no parameters in OpenAPI 3: bodies and fields of forms."""
    return {
        name: resolve(draft.tree, parameter)
        for name, parameter in shared.items()
        if _place(draft, parameter) in {"body", "formData"}
    }


def _place(draft: Draft, stated: Any) -> str:
    """Where a parameter, perhaps a reference, says that it stands."""
    parameter = resolve(draft.tree, stated)
    return str(parameter.get("in")) if isinstance(parameter, dict) else ""


def _path_item(draft: Draft, pointer: str, item: dict[str, Any], bodies: dict[str, dict[str, Any]]) -> None:
    for key in [key for key in item if key not in METHODS and key.lower() in METHODS and key.lower() not in item]:
        draft.rename(item, pointer, key, key.lower(), "method-case")
    operations = [(json_pointer.join(pointer, m), item[m]) for m in METHODS if isinstance(item.get(m), dict)]
    common = item.get("parameters")
    if isinstance(common, list):
        for index in reversed(range(len(common))):
            stated, below = common[index], json_pointer.join(pointer, "parameters", index)
            if _place(draft, stated) not in {"body", "formData"}:
                _parameter(draft, below, stated)
                continue
            for operation_pointer, operation in operations:
                own = operation.setdefault("parameters", [])
                if not isinstance(own, list):
                    continue
                draft.evidence.copy(below, json_pointer.join(operation_pointer, "parameters", len(own)))
                own.append(copy.deepcopy(stated))
            draft.remove_item(json_pointer.join(pointer, "parameters"), common, index)
    for operation_pointer, operation in operations:
        _operation(draft, operation_pointer, operation, bodies)


def _operation(draft: Draft, pointer: str, node: dict[str, Any], bodies: dict[str, dict[str, Any]]) -> None:
    below = json_pointer.join(pointer, "parameters")
    parameters: list[Any] = node["parameters"] if isinstance(node.get("parameters"), list) else []
    fields: list[tuple[str, dict[str, Any]]] = []
    moved: list[int] = []
    for index, stated in enumerate(parameters):
        place, kind = f"{below}/{index}", _place(draft, stated)
        if kind not in {"body", "formData"}:
            _parameter(draft, place, stated)
            continue
        parameter = resolve(draft.tree, stated)
        moved.append(index)
        where = draft.at(place)
        request = json_pointer.join(pointer, "requestBody")
        if kind == "formData":
            fields.append((place, parameter))
            continue
        if "requestBody" in node:
            _second_body(draft, place, parameter)
            continue
        name = (target(stated) or "").removeprefix("/parameters/")
        if name in bodies and "consumes" not in node:
            node["requestBody"] = {"$ref": f"#/components/requestBodies/{name}"}
        else:
            node["requestBody"] = _body(draft, place, parameter, node)
            draft.evidence.move(place, request)
        draft.record(request, "upgrade-body", f"was the body parameter {parameter.get('name')}", where)
    if "requestBody" in node:
        for place, field in fields:
            _second_body(draft, place, field)
    elif fields:
        _form(draft, pointer, node, fields)
    for index in reversed(moved):
        draft.remove_item(below, parameters, index)
    if not parameters:
        node.pop("parameters", None)
        draft.evidence.discard(below)
    responses = node.get("responses")
    for status, response in responses.items() if isinstance(responses, dict) else ():
        if not status.startswith("x-"):
            _response(draft, json_pointer.join(pointer, "responses", status), response, node, draft.tree)
    for key in ("consumes", "produces", "schemes"):
        if key in node:
            draft.drop(node, pointer, key, "upgrade-swagger", "stands with each body, response and server")


def _second_body(draft: Draft, pointer: str, parameter: dict[str, Any]) -> None:
    """OpenAPI 2.0, Parameter Object: there is one body, and it stands beside no form."""
    message = f"an operation has one body: {parameter.get('name')} in {parameter.get('in')} is left out"
    draft.report(pointer, "second-body", message, "describe it in the schema of the first")


def _types(key: str, *owners: dict[str, Any]) -> list[str]:
    """The media types that the first owner which states any consumes or produces."""
    for owner in owners:
        stated = owner.get(key)
        if isinstance(stated, list) and stated:
            return [name for name in stated if isinstance(name, str)]
    return []


def _body(draft: Draft, pointer: str, parameter: dict[str, Any], owner: dict[str, Any]) -> dict[str, Any]:
    """The Request Body Object of a body parameter, whose evidence at `pointer` is brought into its shape."""
    consumed = _types("consumes", owner, draft.tree)
    types = [name for name in consumed if name not in _FORMS] or consumed or [_JSON]
    body = {
        key: value for key, value in parameter.items() if key in {"description", "required"} or key.startswith("x-")
    }
    body["content"] = {}
    for name in types:
        body["content"][name] = {"schema": copy.deepcopy(parameter.get("schema", {}))}
        draft.evidence.copy(f"{pointer}/schema", json_pointer.join(pointer, "content", name, "schema"))
    draft.evidence.discard(f"{pointer}/schema")
    return body


def _form(draft: Draft, pointer: str, node: dict[str, Any], fields: list[tuple[str, dict[str, Any]]]) -> None:
    """Put the fields of a form into the properties of one object."""
    consumed = [name for name in _types("consumes", node, draft.tree) if name in _FORMS]
    files = any(field.get("type") == "file" for _, field in fields)
    types = [_MULTIPART] if files else consumed or [_URLENCODED]
    request = json_pointer.join(pointer, "requestBody")
    content: dict[str, Any] = {}
    for media_type in types:
        schema: dict[str, Any] = {"type": "object", "properties": {}}
        encoding: dict[str, Any] = {}
        media = json_pointer.join(request, "content", media_type)
        for place, field in fields:
            name = str(field.get("name"))
            below = json_pointer.join(media, "schema", "properties", name)
            schema["properties"][name] = copy.deepcopy(
                {key: value for key, value in field.items() if key in (*_VALUE, "description", "example")}
            )
            draft.evidence.copy(place, below)
            draft.record(below, "upgrade-form", "was a formData parameter")
            if field.get("required") is True:
                schema.setdefault("required", []).append(name)
            stated = field.get("collectionFormat", "csv" if media_type == _URLENCODED else None)
            if field.get("type") == "array" and isinstance(stated, str) and stated in _STYLES:
                style, explode = _STYLES[stated]
                encoding[name] = {"style": style, "explode": explode}
        content[media_type] = {"schema": schema, **({"encoding": encoding} if encoding else {})}
    node["requestBody"] = {"content": content}
    draft.record(request, "upgrade-form", "was formData parameters", draft.at(fields[0][0]))


def _parameter(draft: Draft, pointer: str, node: Any) -> None:
    """Gather what describes the value of a parameter or header in its schema."""
    if not isinstance(node, dict) or "$ref" in node or "schema" in node:
        return
    where = draft.at(pointer)
    schema: dict[str, Any] = {}
    below = json_pointer.join(pointer, "schema")
    for key in _VALUE:
        if key in node:
            draft.carry(node, pointer, key, schema, below)
    if "collectionFormat" in node:
        _style(draft, pointer, node)
    elif schema.get("type") == "array" and node.get("in") == "query":
        draft.put(node, pointer, "explode", value=False, rule="upgrade-collection-format", note="csv is the default")
    node["schema"] = schema
    draft.record(below, "upgrade-parameter", "", where)
    items = schema.get("items")
    item_pointer = f"{below}/items"
    while isinstance(items, dict):
        if "collectionFormat" in items:
            draft.drop(items, item_pointer, "collectionFormat", "upgrade-collection-format", "within an array")
        items, item_pointer = items.get("items"), f"{item_pointer}/items"


def _style(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    where = draft.at(json_pointer.join(pointer, "collectionFormat"))
    stated = str(node["collectionFormat"])
    draft.drop(node, pointer, "collectionFormat", "upgrade-collection-format", stated)
    if node.get("in") == "query" and stated in _STYLES:
        style, explode = _STYLES[stated]
        if style != "form":
            draft.put(node, pointer, "style", style, "upgrade-collection-format", where=where)
        draft.put(node, pointer, "explode", explode, "upgrade-collection-format", where=where)
        return
    if node.get("in") == "query":
        draft.put(node, pointer, "explode", False, "upgrade-collection-format", where=where)
    if stated != "csv":
        message = f"OpenAPI 3 has no words for {stated} here: read as csv"
        draft.diagnostics.append(Diagnostic(where, "collection-format", message, severity="warning"))


def _response(draft: Draft, pointer: str, node: Any, owner: dict[str, Any], tree: dict[str, Any]) -> None:
    """Give a response the content that its schema and examples describe, in each media type that is produced."""
    if not isinstance(node, dict) or "$ref" in node:
        return
    headers = node.get("headers")
    for name, header in headers.items() if isinstance(headers, dict) else ():
        _parameter(draft, json_pointer.join(pointer, "headers", name), header)
    examples = node.pop("examples", None)
    stated = examples if isinstance(examples, dict) else {}
    schema = node.get("schema")
    produced = _types("produces", owner, tree)
    if schema is not None:
        file = isinstance(schema, dict) and schema.get("type") == "file"
        names = produced or [name for name in stated if "/" in name] or ["application/octet-stream" if file else _JSON]
    else:
        names = [name for name in stated if "/" in name]
    content: dict[str, Any] = {}
    for name in names:
        content[name] = {} if schema is None else {"schema": copy.deepcopy(schema)}
        draft.evidence.copy(f"{pointer}/schema", json_pointer.join(pointer, "content", name, "schema"))
        if name in stated:
            content[name]["example"] = stated[name]
            draft.evidence.copy(
                json_pointer.join(pointer, "examples", name), json_pointer.join(pointer, "content", name, "example")
            )
    node.pop("schema", None)
    if content:
        node["content"] = content
        draft.record(json_pointer.join(pointer, "content"), "upgrade-response", "", draft.at(f"{pointer}/schema"))
    draft.evidence.discard(f"{pointer}/schema")
    draft.evidence.discard(f"{pointer}/examples")
