"""One request of the ladder, and what the contract says of it."""

from dataclasses import dataclass

from counterfoil.checks.wire.draft import Draft


@dataclass(frozen=True, slots=True)
class Rung:
    """`broken` is what is wrong with the request, empty where it is valid.

    `place` is what was changed, empty for what the changes are made to; `change` says how. `pointer` is that of the
    rule that the change is about. `refusals` are statuses that are right for it beside those for invalid data. Without
    `must` the answer need only keep the contract, whatever it is.
    """

    draft: Draft
    place: str
    change: str
    broken: str
    pointer: str
    refusals: frozenset[int] = frozenset()
    must: bool = True
