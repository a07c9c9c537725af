"""Requests that differ from a valid one in their JSON body, or in how the body is sent."""

import json
from collections.abc import Iterator
from itertools import chain

from counterfoil.checks.cases.instances import Instances, Violation
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.cases.walk import Variant, Walk
from counterfoil.checks.ladder import as_sent
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft

_ALTERNATIVES = frozenset(("anyOf", "oneOf", "not"))


def rungs(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Every request of the ladder for the JSON body of an operation; `base` has valid parameters."""
    media_type, pointer = body.media_type, body.pointer
    sent: list[str] = []
    for name, whole in (("full", body.full), ("minimal", body.minimal), ("documented", body.documented)):
        text = json.dumps(whole)
        if text not in sent:
            sent.append(text)
            yield Rung(base.with_json(whole, media_type), "", f"a {name} request", "", pointer)
    walk = Walk(instances)
    variants = walk.variants(body.schema, pointer, body.full)
    for variant in chain(variants, walk.additions(body.schema, pointer, body.minimal)):
        violations = instances.violations(pointer, variant.value)
        first = violations[0] if violations else Violation("", (), "")
        yield Rung(
            base.with_json(variant.value, media_type),
            variant.place or "the body",
            variant.label,
            first.message,
            variant.pointer or pointer,
            path=_wrong_place(variant, first),
            alone=len(violations) == 1 and first.keyword not in _ALTERNATIVES,
            keyword=first.keyword,
        )
    yield from as_sent.rungs(operation, base, body, instances)


def _wrong_place(variant: Variant, violation: Violation) -> tuple[str | int, ...]:
    """The steps to what was changed if that is what is wrong, none where the change makes something else wrong."""
    if violation.path == variant.path or (violation.keyword == "required" and violation.path == variant.path[:-1]):
        return variant.path
    return ()
