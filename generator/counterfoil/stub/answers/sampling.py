"""A plausible value for a schema: what the contract shows as example, else made up, and valid by the schema."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from counterfoil.stub.answers.values.making import Decisions, Maker, Place
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.directions import Flag

ROUNDS = 40  # tries until a value is valid
MOST_TURNS = 12  # alternatives that are tried at one place
ONE_ITEM = (1, 1)
FEW_ITEMS = (1, 3)
ONE_KEY = ("key",)


class Sampler:
    """Makes values for the schemas of one contract; the same ones for the same `seed`."""

    def __init__(
        self, contract: ContractTree, seed: int = 0, keys: Sequence[str] = ONE_KEY, *, hidden: Flag = "writeOnly"
    ) -> None:
        """`keys` are what the properties of maps are called, as many as maps have.

        Values have no properties that are `hidden`: `writeOnly` for answers, `readOnly` for requests.
        """
        self._contract = contract
        self._seed = seed
        self._keys, self._hidden = keys, hidden

    def value(self, schema: Node, name: str = "") -> Any:
        """A value for `schema`, that of a property `name`: what it states, else made from name, type and format.

        Objects have all properties, optional ones so far as the value does not become too large. It is valid unless
        that cannot be had within a few tries.
        """
        return self._valid(schema, name, f"{self._seed}", stated=True)

    def varied(self, schema: Node, seed: str) -> Any:
        """Another value for each `seed`, whatever examples there are."""
        return self._valid(schema, "", f"{self._seed}/{seed}", stated=False)

    def _valid(self, schema: Node, name: str, seed: str, *, stated: bool) -> Any:
        errors = None
        best: tuple[int, Any] | None = None
        decisions = Decisions(0 if stated else -1)
        for _ in range(ROUNDS):
            decisions.unions.clear()
            decisions.optional.clear()
            # Random of a text is the same everywhere, unlike hash().
            maker = Maker(
                self._contract,
                Random(seed),  # noqa: S311 - looks random, guards nothing
                decisions,
                stated=stated,
                lists=ONE_ITEM if stated else FEW_ITEMS,
                keys=self._keys,
                hidden=self._hidden,
            )
            value = maker.value(schema, name)
            if not (decisions.unions or decisions.exclusive or decisions.optional):
                return value  # nothing of it could be decided otherwise, whatever is wrong
            errors = errors or self._contract.errors(schema, self._hidden)
            places = errors(value)
            if not places:
                return value
            if best is None or len(places) < best[0]:
                best = (len(places), value)
            decided = [_decide_otherwise(decisions, place) for place in places]
            if not any(decided):
                break
        return best[1] if best else None


def _decide_otherwise(decisions: Decisions, place: Place) -> bool:
    """Decide something of what led to a wrong value at `place` otherwise; False where there is nothing left to try.

    The next alternative at the place or, all of them tried, around it; else what is optional around it goes.
    """
    for size in range(len(place), -1, -1):
        here = place[:size]
        count = decisions.unions.get(here, 0)
        turn = decisions.alternatives.get(here, decisions.first)
        if turn + 1 < min(count, MOST_TURNS):
            decisions.alternatives[here] = turn + 1
            return True
        if here in decisions.exclusive and not decisions.exclusive[here]:
            decisions.exclusive[here] = True
            decisions.alternatives.pop(here, None)
            return True
        if here in decisions.optional and here not in decisions.left_out:
            decisions.left_out.add(here)
            return True
    return False


def example_of(contract: ContractTree, media: Node) -> Any:
    """The first example of a Media Type Object, None without one."""
    if "example" in media:
        return media["example"]
    for example in (media.get("examples") or NOTHING).values():
        if (found := contract.follow(example)[0].get("value")) is not None:
            return found
    return None


def stated_value(schema: Mapping[str, Any]) -> tuple[bool, Any]:
    """Whether a schema itself states a value, and which: const, example, examples, default, the first of an enum."""
    for keyword in ("const", "example", "default"):
        if keyword in schema:
            return True, schema[keyword]
    for keyword in ("examples", "enum"):
        if isinstance(values := schema.get(keyword), list) and values:
            return True, values[0]
    return False, None
