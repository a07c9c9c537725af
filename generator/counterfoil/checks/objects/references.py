"""Which values in the body of a request are keys of objects of other collections, as their names tell."""

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.checks.objects.collections import Collection, Part, anonymous, variables
from counterfoil.stub.state.inference.names import OWN_IDS, plain, singular, words
from counterfoil.stub.state.roles import Place

_DEEPEST = 3


def references(part: Part, collections: Mapping[str, Collection], body: Any) -> list[tuple[Place, str]]:
    """Where in a body an operation names objects of other collections, and the collection of `collections` each time.

    `metric_id` is the key of an object of `/metrics`; where two collections have such a name, of the one whose
    objects have their key as `metric_id`, else of none.
    """
    own = {anonymous(part.role.collection), *(anonymous(each) for each in _above(part))}
    others = {name: each for name, each in collections.items() if name not in own and not variables(each.template)}
    found = ((path, _named(path[-1], others)) for path in _scalars(body, ())) if others else ()
    return [(Place("body", path), name) for path, name in found if name]


def _above(part: Part) -> Iterator[str]:
    if part.role.parent is not None:
        yield part.role.parent[0]


def _scalars(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, held in value.items() if isinstance(value, dict) and len(path) < _DEEPEST else ():
        if isinstance(held, dict):
            yield from _scalars(held, (*path, name))
        elif isinstance(held, str | int) and not isinstance(held, bool):
            yield (*path, name)


def _named(name: str, collections: Mapping[str, Collection]) -> str:
    """The collection whose objects a property names, empty where that is not sure."""
    keys = {each: collection.create.role.identifier[-1] for each, collection in collections.items()}
    telling = [each for each, key in keys.items() if plain(key) == plain(name) and plain(key) not in OWN_IDS]
    fitting = [each for each in keys if _is_key_of(name, each, keys[each])]
    found = [each for each in telling if each in fitting] or fitting
    return found[0] if len(found) == 1 else ""


def _is_key_of(name: str, template: str, key: str) -> bool:
    """Whether a property has the name of objects and of their key, such as `metricId` or `project_key`."""
    noun, (*owner, last) = template.rpartition("/")[2], words(name) or [""]
    called = "".join(owner)
    return bool(called) and plain(singular(noun)).endswith(called) and last in (*OWN_IDS, words(key)[-1])
