"""Every pair of values of different factors in few combinations, as most faults that need several values need two."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

Row = tuple[int, ...]  # which of its values each factor has
Pair = tuple[int, int, int, int]  # a factor, which of its values, another factor, which of its values


def pairwise(sizes: Sequence[int], fits: Callable[[Row], bool]) -> Iterator[Row]:
    """Rows that have every pair of values of two factors which any row that `fits` was found for.

    `sizes` is how many values each factor has; the first value of each is what it has where nothing else is wanted, so
    that the row of first values is expected to fit.
    """
    left = dict.fromkeys(
        (one, here, other, there)
        for one, other in combinations(range(len(sizes)), 2)
        for here in range(sizes[one])
        for there in range(sizes[other])
    )
    while left:
        pair = next(iter(left))
        row = _row(pair, sizes, left, fits)
        if row is None:
            del left[pair]
            continue
        yield row
        for each in combinations(range(len(sizes)), 2):
            left.pop((each[0], row[each[0]], each[1], row[each[1]]), None)


def _row(pair: Pair, sizes: Sequence[int], left: dict[Pair, None], fits: Callable[[Row], bool]) -> Row | None:
    """A row with a pair and with as many others that are left as fit beside it; None where nothing fits."""
    row = [0] * len(sizes)
    row[pair[0]], row[pair[2]] = pair[1], pair[3]
    if not fits(tuple(row)):
        return None
    for factor in range(len(sizes)):
        if factor in (pair[0], pair[2]):
            continue
        gained = [_gained(row, factor, value, left) for value in range(sizes[factor])]
        for value in sorted(range(sizes[factor]), key=gained.__getitem__, reverse=True):
            before, row[factor] = row[factor], value
            if value == before or fits(tuple(row)):
                break
            row[factor] = before
    return tuple(row)


def _gained(row: Sequence[int], factor: int, value: int, left: dict[Pair, None]) -> int:
    """How many pairs that are left a factor brings with a value."""
    return sum(
        ((other, held, factor, value) if other < factor else (factor, value, other, held)) in left
        for other, held in enumerate(row)
        if other != factor
    )
