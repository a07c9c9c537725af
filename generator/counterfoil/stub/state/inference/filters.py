"""Which property of objects a parameter of a list chooses them by, and how, as its name tells."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.state.inference.names import named, plain, singular

_BRACKETS = re.compile(r"^(?:filter|where)\[(.+?)\]")
_BOUND = re.compile(
    r"(?P<name>.+?)(?:_|\.|\b|(?=[A-Z])|\[)_?(?P<bound>gte|lte|gt|lt|after|before|from|to|since|until|start|end|min|max|onorafter|onorbefore)\]?$",
    re.IGNORECASE,
)
_BOUND_FIRST = re.compile(
    r"(?P<bound>min|max|from|to|since|until|after|before|start|end)(?:_|\.|-|(?=[A-Z]))(?P<name>.+)", re.IGNORECASE
)
_LOWER = frozenset(("gte", "gt", "after", "from", "since", "start", "min", "onorafter"))
_STRICT = frozenset(("gt", "lt"))
_INCLUSIVE = frozenset(("gte", "lte", "min", "max", "onorafter", "onorbefore"))
_OF_TIMES = ("", "at", "on", "date", "time")  # what the name of a time ends in where that of its bound does not
# What a parameter of such a name asks for need not be objects with that value.
_ABOUT_ANSWERS = frozenset(named("version format locale language lang timezone fields expand include view mode", True))


class Bound(NamedTuple):
    """The property that a parameter bounds, from below or above.

    `strict`: what is at the bound is out; `inclusive`: it is in. Where both are False nobody knows.
    """

    own: str
    lower: bool
    strict: bool
    inclusive: bool


class Filters:
    """What parameters choose objects with some properties by."""

    def __init__(self, contract: ContractTree, properties: Mapping[str, Node]) -> None:
        self._own = {plain(name): name for name in reversed(list(properties))}
        several = [name for name, node in properties.items() if contract.types(node) - {"null"} == {"array"}]
        self._several = {plain(singular(name)): name for name in reversed(several)}  # `label` is one of `labels`

    def has(self, name: str) -> bool:
        """Whether objects have a property of this name."""
        return plain(name) in self._own

    def equal(self, name: str, *, is_list: bool) -> str | None:
        """The property that has the value of a parameter, or one of its values; None where none has."""
        bare = _bare(name)
        if plain(name) in _ABOUT_ANSWERS:
            return None
        # `states` are several that `state` may be.
        called = plain(singular(bare)) if is_list and plain(bare) not in self._own else plain(bare)
        return self._own.get(called) or self._several.get(called)

    def bound(self, name: str) -> Bound | None:
        """What a parameter such as `created_after`, `price[gte]` or `minSize` bounds."""
        name = _bare(name)
        for pattern in (_BOUND, _BOUND_FIRST) if plain(name) not in self._own else ():
            match = pattern.fullmatch(name)
            for ending in _OF_TIMES if match else ():
                if match and (own := self._own.get(plain(match["name"]) + ending)):
                    bound = plain(match["bound"])
                    return Bound(own, bound in _LOWER, bound in _STRICT, bound in _INCLUSIVE)
        return None


def _bare(name: str) -> str:
    """The name of a property without the brackets of `filter[name]` around it."""
    return _BRACKETS.sub(r"\1", name)


def bounded(value: Any) -> Any:
    """What a bound is compared with: a value, or the only number of an object such as an amount of money."""
    if not isinstance(value, dict):
        return value
    numbers = [each for each in value.values() if isinstance(each, int | float) and not isinstance(each, bool)]
    return numbers[0] if len(numbers) == 1 else None
