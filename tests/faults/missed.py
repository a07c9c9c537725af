"""Faults that the deterministic stages do not find, and why."""

from collections.abc import Mapping

MISSED: Mapping[str, str] = {}
