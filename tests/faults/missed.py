"""Faults that the deterministic stages were not seen to find, and why; a line goes when its fault is found."""

from collections.abc import Mapping

MISSED: Mapping[str, str] = {
    "authentication: orders:-no-challenge": "a refusal or what takes its place is not looked at closely",
    "state: unibee:-unit-removed-by-each-change": "no sequence of requests shows it",
    "state: unibee:-listed-otherwise-than-created": "no sequence of requests shows it",
    "state: unibee:-lists-lack-the-last": "no sequence of requests shows it",
    "state: unibee:-total-off-by-one": "no sequence of requests shows it",
    "vanishing: unibee:-merchant-never-told": "what never came is not known to be due",
}
