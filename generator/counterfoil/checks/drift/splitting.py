"""Schemas of their own for answers, where requests share theirs: what answers were seen to say, requests must not."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from counterfoil import pointer as json_pointer
from counterfoil.checks.drift.sides import Sides, component, references

Tree = dict[str, Any]
_SUFFIXES = ("Response", "Answer", "ResponseBody", "AnswerBody")
_ANSWERS = "$['paths'][*][*]['responses']"


class Step(NamedTuple):
    """The target of an action, what it changes, the component that is parted, and the pointer that asks for that."""

    target: str
    change: Tree
    parted: str
    cause: str


class Split(NamedTuple):
    """The actions that part schemas, the contract as they leave it, and the new component for each that is parted."""

    steps: list[Step]
    contract: Tree
    copies: Mapping[str, str]

    def moved(self, pointer: str) -> str:
        """Where a node that answers are held to stands afterwards."""
        whole = component(pointer)
        return self.copies[whole] + pointer[len(whole) :] if whole in self.copies else pointer


def split(contract: Mapping[str, Any], pointers: Iterable[str]) -> Split:
    """Part the components that `pointers` lead into, as far as requests and answers share them.

    Answers get copies of these, and of what they reach them by. What a discriminator chooses by its name is left as it
    is.
    """
    sides = Sides(contract)
    shared = sides.requested & sides.answered
    wanted: dict[str, str] = {}
    for pointer in dict.fromkeys(pointers):
        target = component(pointer)
        needed = sorted(sides.leading_to(target) & shared)
        if target in shared and not any(_is_tagged(contract, name) for name in needed):
            wanted = dict.fromkeys(needed, pointer) | wanted
    only_answered = {name: json_pointer.resolve(contract, name) for name in sorted(sides.answered_only)}
    if not wanted or any(_chooses(tree, wanted) for tree in (*sides.answers(), *only_answered.values())):
        return Split([], dict(contract), {})
    copies: dict[str, str] = {}
    for name in wanted:
        copies[name] = _free(contract, name, copies.values())
    changed = copy.deepcopy(dict(contract))
    schemas: Tree = changed["components"]["schemas"]
    steps: list[Step] = []
    for old, new in copies.items():
        schemas[_name(new)] = copy.deepcopy(schemas[_name(old)])
        steps.append(Step("$['components']['schemas']", {"update": {_name(new): {}}}, old, wanted[old]))
        steps.append(Step(_of(new), {"copy": _of(old)}, old, wanted[old]))
    holders = {_of(name): [json_pointer.resolve(changed, name)] for name in (*only_answered, *copies.values())}
    for path, trees in {_ANSWERS: Sides(changed).answers(), **holders}.items():
        for target, old, reference in _referring(path, trees, copies):
            steps.append(Step(target, {"update": {"$ref": reference}}, old, wanted[old]))
        _repoint(trees, copies)
    return Split(steps, changed, copies)


def _referring(path: str, trees: list[Any], copies: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Targets of the references below a path to what is copied, the component, and the reference to its copy."""
    for pointer in sorted({each for tree in trees for each in references(tree) if component(each) in copies}):
        whole = component(pointer)
        instead = f"#{copies[whole]}{pointer[len(whole) :]}"
        if any(isinstance(tree, dict) and tree.get("$ref") == f"#{pointer}" for tree in trees):
            yield path, whole, instead
        if any(pointer in references(child) for tree in trees for child in _children(tree)):
            yield f"{path}..[?@['$ref'] == {_quoted('#' + pointer)}]", whole, instead


def _repoint(node: Any, copies: Mapping[str, str]) -> None:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        pointer = node["$ref"][1:]
        if component(pointer) in copies:
            node["$ref"] = f"#{copies[component(pointer)]}{pointer[len(component(pointer)) :]}"
    for child in _children(node):
        _repoint(child, copies)


def _children(node: Any) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _is_tagged(contract: Mapping[str, Any], name: str) -> bool:
    """Whether a component is no schema, or says that names of schemas choose among others."""
    kind = json_pointer.split(name)[1]
    return kind != "schemas" or '"discriminator":' in json.dumps(json_pointer.resolve(contract, name))


def _chooses(node: Any, names: Iterable[str]) -> bool:
    """Whether a discriminator chooses among schemas of which some are in `names`."""
    if (
        isinstance(node, dict)
        and "discriminator" in node
        and any(component(each) in names for each in references(node))
    ):
        return True
    return any(_chooses(child, names) for child in _children(node))


def _free(contract: Mapping[str, Any], name: str, taken: Iterable[str]) -> str:
    schemas, used = contract["components"]["schemas"], {_name(each) for each in taken}
    bare = _name(name)
    names = [bare + suffix for suffix in _SUFFIXES] + [f"{bare}Response{number}" for number in range(2, 1000)]
    return json_pointer.join(
        "", "components", "schemas", next(each for each in names if each not in schemas and each not in used)
    )


def _name(pointer: str) -> str:
    return json_pointer.split(pointer)[2]


def _of(pointer: str) -> str:
    return "$" + "".join(f"[{_quoted(token)}]" for token in json_pointer.split(pointer))


def _quoted(text: str) -> str:
    return "'" + json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
