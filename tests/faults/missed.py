"""Faults that the deterministic stages were not seen to find, and why; a line goes when its fault is found."""

from collections.abc import Mapping

MISSED: Mapping[str, str] = {
    "echo: orders:-email-in-lower-case": "no request has such a text or items in such an order",
    "echo: orders:-tags-sorted": "no request has such a text or items in such an order",
    "echo: orders:-lines-reversed": "no request has such a text or items in such an order",
    "errors: unleash:-missing-last-of-all": "refusals are not held against all that is stated of them",
    "authentication: orders:-no-challenge": "a refusal or what takes its place is not looked at closely",
    "leniency: orders:-phone-too-long": "no request is just outside of this rule",
    "leniency: orders:-country-of-three-letters": "no request is just outside of this rule",
    "leniency: orders:-wrap-of-any-colour": "no request is just outside of this rule",
    "leniency: orders:-wrap-without-colour": "no request is just outside of this rule",
    "leniency: meteroid:-family-in-any-length": "no request is just outside of this rule",
    "leniency: meteroid:-second-dimension-left-out": "no request is just outside of this rule",
    "leniency: meteroid:-linked-values-not-lists": "no request is just outside of this rule",
    "strictness: orders:-green-wraps": "no request is just inside of this rule",
    "protocol: orders:-media-type-not-looked-at": "the request is refused for something else",
    "protocol: orders:-forms-taken-for-JSON": "the request is refused for something else",
    "protocol: orders:-commas-at-the-end": "the request is refused for something else",
    "state: unibee:-unit-removed-by-each-change": "no sequence of requests shows it",
    "state: unibee:-listed-otherwise-than-created": "no sequence of requests shows it",
    "state: unibee:-lists-lack-the-last": "no sequence of requests shows it",
    "state: unibee:-total-off-by-one": "no sequence of requests shows it",
    "vanishing: unibee:-merchant-never-told": "what never came is not known to be due",
}
