"""Rows of tables: a request, and what of the answer is known."""

from typing import Any

import pytest

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def row(name: str, body: Any, headers: dict[str, str], status: int, expected: Any) -> Any:
    return pytest.param(body, headers, status, expected, id=name)


def contains(actual: Any, expected: Any) -> bool:
    """Whether every field of `expected` has its value in `actual`."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            name in actual and contains(actual[name], value) for name, value in expected.items()
        )
    return bool(actual == expected)
