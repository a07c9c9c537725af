"""Values by which one sees what a server does to them: no two alike, in no order, none that it has by itself."""

import copy
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.objects.values import another
from counterfoil.checks.operation import Operation
from counterfoil.stub.state.inference.names import OWN_IDS, words

_DEEPEST = 4
_MOST = 60  # values that are looked at
_TRIED = 12  # candidates in place of one
_ITEMS = 5  # beside the one that a list has

Path = tuple[str | int, ...]


def telling(operation: Operation, instances: Instances, body: ValidBody, variant: int = 0) -> Any:
    """A valid body with all there may be in it; another one by `variant`, each made once.

    Texts have upper and lower case and a letter beside ASCII, lists two items and more that are not sorted, truth
    values are not the default, numbers are not 0, and nothing but entries of maps is null. Names of other objects stay,
    and what has no such value.
    """
    return body.remembered(f"telling {variant}", lambda: _telling(operation, instances, body, variant))


def _telling(operation: Operation, instances: Instances, body: ValidBody, variant: int) -> Any:
    schema, pointer, value = body.schema, body.pointer, body.full
    found = copy.deepcopy(value)
    for number, (path, node, held) in enumerate(islice(_leaves(operation, schema, value, ()), _MOST)):
        # Of two values beside each other one rises with the variants and one falls, so that they have other orders.
        rank = variant if number % 2 == 0 else 9 - variant
        candidates = (
            _values(node, instances, variant)
            if held is None
            else _candidates(operation, node, held, number + 10 * rank, variant)
        )
        _replace(found, path, candidates, lambda: instances.fits(pointer, found))
    for path, held in islice(_maps(operation, schema, found, ()), _MOST):
        renamed = {f"{name} Zé": each for name, each in held.items()} | {
            f"{name}Z": each for name, each in held.items()
        }
        # Beside null there is something, which shows whether the whole is lost.
        mixed = {name: "Zeta" if each is None and name.endswith("Z") else each for name, each in renamed.items()}
        candidates = iter([mixed, renamed, {f"{name}Z": each for name, each in held.items()}])
        _replace(found, path, candidates, lambda: instances.fits(pointer, found))
    for path, node, held in islice(_lists(operation, schema, found, ()), _MOST):
        _replace(found, path, _longer(operation, instances, node, held), lambda: instances.fits(pointer, found))
    return found


def _replace(root: Any, path: Path, candidates: Iterator[Any], fits: Callable[[], bool]) -> None:
    holder = root
    for step in path[:-1]:
        holder = holder[step]
    old = holder[path[-1]]
    for candidate in islice(candidates, _TRIED):
        holder[path[-1]] = candidate
        if fits():
            return
    holder[path[-1]] = old


def _leaves(operation: Operation, schema: Any, value: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if isinstance(value, dict) and len(path) < _DEEPEST:
        known = shapes.properties(operation, schema)
        for name, held in value.items():
            # Null in a map tells, too: servers forget such entries.
            if not names_another(name) and (held is not None or name in known):
                yield from _leaves(operation, known.get(name, {}), held, (*path, name))
    elif isinstance(value, list) and len(path) < _DEEPEST:
        for index, held in enumerate(value):
            yield from _leaves(operation, shapes.items(operation, schema), held, (*path, index))
    elif path and (value is None or isinstance(value, str | int | float)):
        yield path, operation.resolve(schema), value


def _lists(operation: Operation, schema: Any, value: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if isinstance(value, dict) and len(path) < _DEEPEST:
        known = shapes.properties(operation, schema)
        for name, held in value.items():
            yield from _lists(operation, known.get(name, {}), held, (*path, name))
    elif isinstance(value, list) and path and len(value) < 2 and not names_another(str(path[-1])):
        yield path, schema, value


def _maps(operation: Operation, schema: Any, value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Objects whose names are for the client to choose."""
    if not isinstance(value, dict) or len(path) > _DEEPEST:
        return
    known = shapes.properties(operation, schema)
    if path and value and not known:
        yield path, value
    for name, held in value.items() if known else ():
        yield from _maps(operation, known.get(name, {}), held, (*path, name))


def names_another(name: str) -> bool:
    """Whether a property tells ids of other objects, of which a server may know only some."""
    last = words(name)[-1:]
    return bool(last) and (last[0] in OWN_IDS or last[0] in ("ids", "ref", "refs"))


def _candidates(operation: Operation, node: Any, value: Any, number: int, variant: int) -> Iterator[Any]:
    """Values in place of one, the most telling first."""
    node = node if isinstance(node, dict) else {}
    default, choices = node.get("default"), shapes.choices(operation, node)
    if choices is not None:
        others = [each for each in reversed(choices) if each != default] or [default]
        yield from (others[(place + variant) % len(others)] for place in range(len(others)))
    elif isinstance(value, bool):
        yield (default is not True) is (variant % 2 == 0)
    elif isinstance(value, int):
        yield from (value + 3 + number, value + 1, value - 1)
    elif isinstance(value, float):
        yield from (value + 0.25 + variant, value + 0.5 + variant, value + 1, value - 1)
    elif isinstance(value, str):
        yield from _texts(value, node.get("format"), number)


def _values(node: Any, instances: Instances, variant: int) -> Iterator[Any]:
    """Values in place of null, where a schema has others."""
    if node in ({}, True):  # anything
        yield f"Zeta {variant}"
    made = (instances.varied(node, f"{variant} {seed}") for seed in range(_TRIED)) if isinstance(node, dict) else ()
    yield from (each for each in made if each is not None and not isinstance(each, dict | list))


def _texts(text: str, form: Any, number: int) -> Iterator[str]:
    if form == "email":
        user, at, domain = text.partition("@")
        yield f"{user}.Zett{number}{at}{domain}"
    elif form in ("uri", "url", "uri-reference"):
        yield f"{text.rstrip('/')}/Path-{number}/"
    elif form in (None, "password"):
        plain = text.strip() or "Text"
        yield from (f"{plain} Zé{number}", f"{plain} Z{number}", f"{plain}Z{number}", f"{plain}Z", plain.swapcase())


def _longer(operation: Operation, instances: Instances, schema: Any, value: list[Any]) -> Iterator[list[Any]]:
    """Lists of two and more items, none of which sorts where it stands."""
    inner = shapes.items(operation, schema)
    if not value:
        yield from (["Zeta 2", "alpha 1", "Mid 3"], ["zeta", "alpha"], [7, 3], [7.5, 3.25])
        return
    first = value[0]
    texts = (f"z{first}", f"{first}z") if isinstance(first, str) else ()
    made = (*texts, *islice(another(operation, inner, first), _TRIED))
    others = list(islice((each for each in made if instances.accepts(inner, each)), _ITEMS))
    # What cuts lists off may leave some items; one is there twice, since lists are no sets unless the contract says so.
    for count in range(len(others), 0, -1):
        whole = [others[0], first, *reversed(others[1:count])]
        yield from ([*whole, first], whole)
