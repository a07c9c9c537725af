"""Requests that differ from a valid one in their body, or in how the body is sent."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.labels import Labels
from counterfoil.checks.cases.leaves import has_whole_fraction
from counterfoil.checks.cases.valid_requests import ValidBody, ValidRequests
from counterfoil.checks.cases.variants.walk import Walk
from counterfoil.checks.ladder import raw_bodies
from counterfoil.checks.ladder.changes import judged
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.encodings import unlabelled


def wholes(base: Draft, body: ValidBody) -> Iterator[Rung]:
    """Valid requests that nothing was changed in."""
    sent: list[str] = []
    for name, whole in (("full", body.full), ("minimal", body.minimal), ("documented", body.documented)):
        text, draft = json.dumps(whole), base.with_json(whole, body.media_type)
        if text not in sent and (body.is_json or not Labels().broken(draft)):
            sent.append(text)
            yield Rung(draft, "", f"a {name} request", "", body.pointer)


def sent_otherwise(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Requests whose body is written or labelled otherwise, and all with a change in it where it is not JSON."""
    if body.is_json:
        yield from raw_bodies.of_json(operation, base, body, instances)
    else:
        yield from _forms(base, body, instances, Labels())
        yield from raw_bodies.of_another_type(operation, base, body)


def of_other_types(valid: ValidRequests, operation: Operation) -> Iterator[Rung]:
    """A valid request for each further media type that the contract has for the body."""
    labels, pointer = Labels(), f"{operation.pointer}/requestBody"
    for draft in valid.of_other_types(operation):
        if not labels.broken(draft):
            yield Rung(draft, "the content type", f"is {draft.media_type}", "", pointer)


def _forms(base: Draft, body: ValidBody, instances: Instances, labels: Labels) -> Iterator[Rung]:
    """Bodies that are no JSON, as far as they can be written as what they are: most have only texts."""
    sent = {base.with_json(body.full, body.media_type).body}
    walk = Walk(instances)
    variants = walk.variants(body.schema, body.pointer, body.full)
    for variant in chain(variants, walk.additions(body.schema, body.pointer, body.minimal)):
        if isinstance(body.full, dict) is not isinstance(variant.value, dict) or has_whole_fraction(variant.value):
            continue
        draft = base.with_json(variant.value, body.media_type)
        is_meant = (not labels.broken(draft)) is instances.fits(body.pointer, variant.value)
        if is_meant and draft.body not in sent:
            sent.add(draft.body)
            rung = judged(variant, draft, body, instances)
            as_text = unlabelled(draft.body or b"")
            is_open = rung.broken and as_text != draft.body and not labels.broken(replace(draft, body=as_text))
            yield replace(rung, must=False) if is_open else rung
