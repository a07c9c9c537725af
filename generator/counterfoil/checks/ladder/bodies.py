"""Requests that differ from a valid one in their body, or in how the body is sent."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain

from counterfoil.checks.cases.instances import Instances, Violation
from counterfoil.checks.cases.labels import Labels
from counterfoil.checks.cases.leaves import has_whole_fraction
from counterfoil.checks.cases.valid_requests import ValidBody, ValidRequests
from counterfoil.checks.cases.variants.walk import MANY, Step, Steps, Variant, Walk, told
from counterfoil.checks.ladder import raw_bodies
from counterfoil.checks.ladder.combined import broken_together, combined
from counterfoil.checks.ladder.rung import Planned, Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.encodings import unlabelled

_ALTERNATIVES = frozenset(("anyOf", "oneOf", "not"))


def wholes(base: Draft, body: ValidBody) -> Iterator[Rung]:
    """Valid requests that nothing was changed in."""
    sent: list[str] = []
    for name, whole in (("full", body.full), ("minimal", body.minimal), ("documented", body.documented)):
        text, draft = json.dumps(whole), base.with_json(whole, body.media_type)
        if text not in sent and (body.is_json or not Labels().broken(draft)):
            sent.append(text)
            yield Rung(draft, "", f"a {name} request", "", body.pointer)


class Changes:
    """Changes of a JSON body, none where it is not JSON."""

    def __init__(self, base: Draft, body: ValidBody, instances: Instances, most: int = MANY) -> None:
        """`base` has valid parameters; more than `most` changes are looked for only where each is unlike any other."""
        self._base, self._body, self._instances = base, body, instances
        self._walk = Walk(instances, most)
        self._fits = partial(instances.fits, body.pointer)
        # All by the identities of steps. What becomes of the body is made again, since it may be large.
        self._tried: dict[int, bool] = {}
        self._combined: set[int] = set()
        self._alone: set[int] = set()

    @property
    def is_cut(self) -> bool:
        """Whether there are more changes than were looked for."""
        return self._walk.is_cut

    @cached_property
    def _steps(self) -> list[Steps]:
        body = self._body
        return self._walk.steps(body.schema, body.pointer, body.full) if body.is_json else []

    def refused(self, most: int) -> Iterator[Rung]:
        """Requests with one change each of something in the full body, up to `most` that break different keywords."""
        keywords: set[str] = set()
        for step in chain.from_iterable(each for each in self._steps if each.path):
            keyword = step.change.pointer.rpartition("/")[2]
            if keyword not in keywords and not self._try(step)[1]:
                keywords.add(keyword)
                self._alone.add(id(step))
                yield self._with(step)
                if len(keywords) == most:
                    return

    def combined(self, whole: Rung) -> Iterator[Rung]:
        """Requests with many changes of the full body, which `whole` has."""
        for rung, steps in combined(whole, self._steps, self._try, self._fits, self._with):
            self._combined.update(map(id, steps))
            yield rung

    def broken_together(self, whole: Rung) -> Iterator[Rung]:
        """Requests with many changes of the full body, which `whole` has, none of which is valid."""
        return (rung for rung, _ in broken_together(whole, self._steps, self._try, self._fits, self._with))

    def plans(self) -> Iterator[Planned]:
        """Requests with one change each, but for those that were made already."""
        body = self._body
        for step, variant in told(body.full, chain.from_iterable(self._steps), lambda step: step.on(body.full)):
            if id(step) not in self._alone:
                is_valid = self._is_valid(step, variant)
                is_tried = id(step) in self._combined
                yield self._planned(variant, partial(self._with, step), is_valid=is_valid, is_tried=is_tried)
        for variant in self._walk.additions(body.schema, body.pointer, body.minimal) if body.is_json else ():
            yield self._planned(variant, partial(self._make, variant), is_valid=self._fits(variant.value))

    def _planned(
        self, variant: Variant, make: Callable[[], Rung], *, is_valid: bool, is_tried: bool = False
    ) -> Planned:
        rule = variant.pointer or self._body.pointer, variant.place or "the body", ""
        return Planned(rule, is_valid, make, rule[0].rpartition("/")[2], is_tried)

    def _try(self, step: Step) -> tuple[Variant, bool]:
        """What becomes of the full body, and whether that is valid."""
        variant = step.on(self._body.full)
        return variant, self._is_valid(step, variant)

    def _is_valid(self, step: Step, variant: Variant) -> bool:
        found = self._tried.get(id(step))
        if found is None:
            found = self._tried[id(step)] = self._fits(variant.value)
        return found

    def _with(self, step: Step) -> Rung:
        return self._make(step.on(self._body.full))

    def _make(self, variant: Variant) -> Rung:
        body = self._body
        return _judged(variant, self._base.with_json(variant.value, body.media_type), body, self._instances)


def sent_otherwise(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Requests whose body is written or labelled otherwise, and all with a change in it where it is not JSON."""
    if body.is_json:
        yield from raw_bodies.of_json(operation, base, body, instances)
    else:
        yield from _forms(base, body, instances, Labels())
        yield from raw_bodies.of_another_type(operation, base, body)


def _judged(variant: Variant, draft: Draft, body: ValidBody, instances: Instances) -> Rung:
    violations = instances.violations(body.pointer, variant.value)
    first = violations[0] if violations else Violation("", (), "")
    may_be_ignored = first.keyword == "not" and instances.is_read_only(variant.pointer)
    return Rung(
        draft,
        variant.place or "the body",
        variant.label,
        first.message,
        variant.pointer or body.pointer,
        must=variant.must and not may_be_ignored,
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
    walk = Walk(instances)
    variants = walk.variants(body.schema, body.pointer, body.full)
    for variant in chain(variants, walk.additions(body.schema, body.pointer, body.minimal)):
        if isinstance(body.full, dict) is not isinstance(variant.value, dict) or has_whole_fraction(variant.value):
            continue
        draft = base.with_json(variant.value, body.media_type)
        is_meant = (not labels.broken(draft)) is instances.fits(body.pointer, variant.value)
        if is_meant and draft.body not in sent:
            sent.add(draft.body)
            rung = _judged(variant, draft, body, instances)
            as_text = unlabelled(draft.body or b"")
            is_open = rung.broken and as_text != draft.body and not labels.broken(replace(draft, body=as_text))
            yield replace(rung, must=False) if is_open else rung


def _wrong_place(variant: Variant, violation: Violation) -> tuple[str | int, ...]:
    """The steps to what was changed if that is what is wrong, none where the change makes something else wrong."""
    if violation.path == variant.path or (violation.keyword == "required" and violation.path == variant.path[:-1]):
        return variant.path
    return ()
