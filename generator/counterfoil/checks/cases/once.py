"""What is made once, piece by piece, and looked at any number of times."""

from collections.abc import Iterable, Iterator
from copy import copy
from itertools import tee
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Once(Generic[T_co]):
    """The items of an iterator, each of which is made when the first one who looks comes to it. Not for threads."""

    def __init__(self, items: Iterable[T_co]) -> None:
        (self._items,) = tee(items, 1)

    def __iter__(self) -> Iterator[T_co]:
        return copy(self._items)
