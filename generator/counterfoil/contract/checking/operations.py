"""Operations of a document: their names, the parameters that their paths have, and that they can succeed."""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS
from counterfoil.contract.tree.operations import PATH_PARAMETER, each_operation, operation_id
from counterfoil.contract.tree.references import resolve


def name_operations(draft: Draft) -> None:
    """Give every operation an operationId of its own; one that the page states is kept by the first to have it."""
    taken: dict[str, str] = {}
    nameless = []
    for path, method, pointer, operation in each_operation(draft.tree):
        stated = operation.get("operationId")
        if not isinstance(stated, str) or not stated.strip():
            nameless.append((path, method, pointer, operation))
        elif stated in taken:
            first = draft.at(json_pointer.join(taken[stated], "operationId"))
            draft.report(
                json_pointer.join(pointer, "operationId"),
                "duplicate-operation-id",
                f"operationId {stated} is that of another operation too, at {first}",
                "give each operation an operationId of its own",
                "warning",
            )
            nameless.append((path, method, pointer, operation))
        else:
            taken[stated] = pointer
    for path, method, pointer, operation in nameless:
        name = base = operation_id(method, path)
        number = 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken[name] = pointer
        draft.put(operation, pointer, "operationId", name, "operation-id-from-path", kind="inferred")


def state_success(draft: Draft) -> None:
    """Where only errors are described, success is left to the reader: it has some status of the range `2XX`."""
    for _, _, pointer, operation in each_operation(draft.tree):
        responses: dict[str, Any] = operation.get("responses") or {}
        statuses = [status for status in responses if not status.startswith("x-")]
        if statuses and all(status[0] in "45" for status in statuses):
            below = json_pointer.join(pointer, "responses")
            rule, where = "missing-success-status", draft.at(below)
            draft.put(responses, below, "2XX", {"description": ""}, rule, kind="inferred", where=where)


def declare_path_parameters(draft: Draft) -> None:
    """Declare the path parameters that a path template has and no parameter describes; report those it has not."""
    paths = draft.tree.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict):
            shared = _path_parameters(draft.tree, item)
            names = set(PATH_PARAMETER.findall(path))
            for at_path, method, pointer, operation in each_operation({"paths": {path: item}}):
                del at_path, method
                _declare(draft, pointer, operation, path, names, shared)


def unite_parameters(draft: Draft) -> None:
    """Report parameters that are stated twice in one list, and paths that no request can tell apart; keep the first."""
    paths: dict[str, Any] = draft.tree.get("paths", {})
    shapes: dict[str, str] = {}
    for path, item in [(path, item) for path, item in paths.items() if not path.startswith("x-")]:
        first = shapes.setdefault(PATH_PARAMETER.sub("{}", path), path)
        pointer = json_pointer.join("/paths", path)
        if first != path and isinstance(item, dict) and set(METHODS) & item.keys() & paths[first].keys():
            hint = "served is the one whose variables fit the request, else the first"
            message = f"a request cannot tell {path} from {first}"
            draft.report(pointer, "ambiguous-path", message, hint, "warning")
        for below, owner in [(pointer, item), *((json_pointer.join(pointer, m), item.get(m)) for m in METHODS)]:
            if isinstance(owner, dict) and isinstance(owner.get("parameters"), list):
                _once(draft, json_pointer.join(below, "parameters"), owner["parameters"])


def _once(draft: Draft, pointer: str, parameters: list[Any]) -> None:
    known: dict[tuple[Any, Any], int] = {}
    repeated = []
    for index, stated in enumerate(parameters):
        parameter = resolve(draft.tree, stated)
        if isinstance(parameter, dict):
            name, place = parameter.get("name"), parameter.get("in")
            if known.setdefault((name, place), index) != index:
                first = draft.at(f"{pointer}/{known[name, place]}")
                message = f"{name} in {place} is stated at {first} already: left out"
                draft.report(f"{pointer}/{index}", "duplicate-parameter", message, severity="warning")
                repeated.append(index)
    for index in reversed(repeated):
        draft.remove_item(pointer, parameters, index)


def _declare(
    draft: Draft, pointer: str, operation: dict[str, Any], path: str, names: set[str], shared: dict[str, int]
) -> None:
    own = _path_parameters(draft.tree, operation)
    for name in (name for name in PATH_PARAMETER.findall(path) if name not in own and name not in shared):
        parameters = operation.setdefault("parameters", [])
        own[name] = len(parameters)
        parameters.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
        below = json_pointer.join(pointer, "parameters", own[name])
        where = draft.at(pointer)
        draft.record(below, "path-parameter-from-template", f"{{{name}}} in {path}", where, "inferred")
    for name in [name for name in own if name not in names]:
        below = json_pointer.join(pointer, "parameters")
        index = own[name]
        hint = f"name it {{{name}}} in the path, or remove it"
        draft.report(
            f"{below}/{index}", "path-parameter-unused", f"{path} has no {{{name}}}: left out", hint, "warning"
        )
        draft.remove_item(below, operation["parameters"], index)
        own = _path_parameters(draft.tree, operation)


def _path_parameters(tree: dict[str, Any], owner: dict[str, Any]) -> dict[str, int]:
    stated = owner.get("parameters")
    found = {}
    for index, entry in enumerate(stated) if isinstance(stated, list) else ():
        parameter = resolve(tree, entry)
        if isinstance(parameter, dict) and parameter.get("in") == "path" and isinstance(parameter.get("name"), str):
            found[parameter["name"]] = index
    return found
