"""Requests that differ from a valid one in their body, or in how the body is sent."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from counterfoil.checks.cases.instances import Instances, Violation
from counterfoil.checks.cases.labels import Labels
from counterfoil.checks.cases.leaves import Path, has_whole_fraction
from counterfoil.checks.cases.valid_requests import ValidBody, ValidRequests
from counterfoil.checks.cases.variants.walk import Variant, Walk
from counterfoil.checks.ladder import raw_bodies
from counterfoil.checks.ladder.rung import Planned, Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft

_ALTERNATIVES = frozenset(("anyOf", "oneOf", "not"))


def rungs(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Every request of the ladder for the body of an operation; `base` has valid parameters."""
    yield from wholes(base, body)
    yield from (plan.make() for plan in changed(base, body, instances))
    yield from sent_otherwise(operation, base, body, instances)


def wholes(base: Draft, body: ValidBody) -> Iterator[Rung]:
    """Valid requests that nothing was changed in."""
    sent: list[str] = []
    for name, whole in (("full", body.full), ("minimal", body.minimal), ("documented", body.documented)):
        text, draft = json.dumps(whole), base.with_json(whole, body.media_type)
        if text not in sent and (body.is_json or not Labels().broken(draft)):
            sent.append(text)
            yield Rung(draft, "", f"a {name} request", "", body.pointer)


def changed(base: Draft, body: ValidBody, instances: Instances) -> Iterator[Planned]:
    """Requests with a change in their JSON body; none where the body is not JSON."""
    for variant, combines in _variants(body, instances) if body.is_json else ():
        is_valid = instances.fits(body.pointer, variant.value)
        rule = variant.pointer or body.pointer, variant.place or "the body", ""
        change = _change(variant) if combines and is_valid and variant.must else None
        yield Planned(rule, is_valid, partial(_made, variant, base, body, instances), change)


def _change(variant: Variant) -> tuple[Path, Any] | None:
    """What is different in a variant and the steps to it; None where something was taken away, or all is different."""
    value = variant.value
    for step in variant.within:
        if isinstance(value, dict) and step not in value:
            return None
        value = value[step]
    return (variant.within, value) if variant.within else None


def sent_otherwise(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Requests whose body is written or labelled otherwise, and all with a change in it where it is not JSON."""
    if body.is_json:
        yield from raw_bodies.of_json(operation, base, body, instances)
    else:
        yield from _forms(base, body, instances, Labels())
        yield from raw_bodies.of_another_type(operation, base, body)


def _variants(body: ValidBody, instances: Instances) -> Iterator[tuple[Variant, bool]]:
    """Every variant of the body, and whether it is one of the full one, which others are, too."""
    walk = Walk(instances)
    yield from ((variant, True) for variant in walk.variants(body.schema, body.pointer, body.full))
    yield from ((variant, False) for variant in walk.additions(body.schema, body.pointer, body.minimal))


def _made(variant: Variant, base: Draft, body: ValidBody, instances: Instances) -> Rung:
    return _judged(variant, base.with_json(variant.value, body.media_type), body, instances)


def _judged(variant: Variant, draft: Draft, body: ValidBody, instances: Instances) -> Rung:
    violations = instances.violations(body.pointer, variant.value)
    first = violations[0] if violations else Violation("", (), "")
    return Rung(
        draft,
        variant.place or "the body",
        variant.label,
        first.message,
        variant.pointer or body.pointer,
        must=variant.must or bool(violations),
        path=_wrong_place(variant, first),
        alone=len(violations) == 1 and first.keyword not in _ALTERNATIVES,
        keyword=first.keyword,
    )


def of_other_types(valid: ValidRequests, operation: Operation) -> Iterator[Rung]:
    """A valid request for each further media type that the contract has for the body."""
    labels, pointer = Labels(), f"{operation.pointer}/requestBody"
    for draft in valid.of_other_types(operation):
        if not labels.broken(draft):
            yield Rung(draft, "the content type", f"is {draft.media_type}", "", pointer)


def _forms(base: Draft, body: ValidBody, instances: Instances, labels: Labels) -> Iterator[Rung]:
    """Bodies that are no JSON, as far as they can be written as what they are: most have only texts."""
    sent = {base.with_json(body.full, body.media_type).body}
    for variant, _ in _variants(body, instances):
        if isinstance(body.full, dict) is not isinstance(variant.value, dict) or has_whole_fraction(variant.value):
            continue
        draft = base.with_json(variant.value, body.media_type)
        is_meant = (not labels.broken(draft)) is instances.fits(body.pointer, variant.value)
        if is_meant and draft.body not in sent:
            sent.add(draft.body)
            yield _judged(variant, draft, body, instances)


def _wrong_place(variant: Variant, violation: Violation) -> tuple[str | int, ...]:
    """The steps to what was changed if that is what is wrong, none where the change makes something else wrong."""
    if violation.path == variant.path or (violation.keyword == "required" and violation.path == variant.path[:-1]):
        return variant.path
    return ()
