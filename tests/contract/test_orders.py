"""Orders of lists as words tell them, and whether values have one."""

from collections.abc import Callable
from typing import Any

import pytest

from counterfoil.checks.probes.lists.collation import is_ordered
from counterfoil.stub.state.inference.orders import told_orders

PROPERTIES = ("id", "name", "status", "created_at")
TEXTS = [
    "a",
    "B",
    "c",
    " ",
    "  a  b",
    "İ",
    "ß",
    "é",
    "Z",
    "10",
    "9",
    "\0",
    "x:",
    "x-",
    "😀",
    "\ufb01",
    "A b",
    "A-b",
    "Ab",
    "nan",
]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Lists at most 100 orders, sorted by name", ("name", False)),
        ("Lists orders by name", None),  # that choose by it
        ("Sorted by name in descending order", ("name", True)),
        ("Sorted by name, then newest first", ("name", False)),
        ("Sorted by relevance, newest first", None),
        ("Sorted by creation date, newest first", ("created_at", True)),
        ("Events in reverse-chronological order", ("created_at", True)),
        ("Events in chronological order", ("created_at", False)),
        ("Events in inverse chronological order", None),
        ("Newest first if `order` is `desc`", None),
        ("Threads by last activity, newest first", None),
    ],
)
def test_words_tell_an_order_where_nothing_else_is_meant(words: str, told: tuple[str, bool] | None) -> None:
    found = [(own, falls) for own, falls, _ in told_orders([words], PROPERTIES)]
    assert found == ([] if told is None else [told])


def utf_16(text: str) -> bytes:
    return text.encode("utf-16-be")


@pytest.mark.parametrize("rank", [str, str.casefold, str.lower, utf_16])
def test_texts_are_in_order_however_they_are_compared(rank: Callable[[str], Any]) -> None:
    texts = sorted(TEXTS, key=rank)
    assert is_ordered(texts, falls=False)
    assert is_ordered(texts[::-1], falls=True)
    assert not is_ordered(texts, falls=True)
    assert not is_ordered(TEXTS, falls=False)


def test_choices_may_be_in_the_order_of_what_they_mean() -> None:
    assert is_ordered(["low", "low", "high"], falls=False, are_choices=True)
    assert not is_ordered(["low", "high", "low"], falls=False, are_choices=True)
