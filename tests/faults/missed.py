"""Faults that the deterministic stages were not seen to find, and why; a line goes when its fault is found."""

from collections.abc import Mapping

MISSED: Mapping[str, str] = {
    "vanishing: unibee:-merchant-never-told": "what never came is not known to be due",
}
