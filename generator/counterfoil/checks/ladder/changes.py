"""Requests that differ from a valid one in one or many places of their JSON body."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, islice

from counterfoil.checks.cases.instances import Instances, Violation
from counterfoil.checks.cases.once import Once
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.cases.variants.walk import MANY, Step, Variant, Walk, told
from counterfoil.checks.ladder.combined import broken_together, combined
from counterfoil.checks.ladder.rung import Planned, Rung
from counterfoil.checks.wire.draft import Draft

_ALTERNATIVES = frozenset(("anyOf", "oneOf", "not"))


class Changes:
    """Changes of a JSON body, none where it is not JSON; what they come to is kept with the body."""

    def __init__(self, base: Draft, body: ValidBody, instances: Instances, most: int = MANY) -> None:
        """`base` has valid parameters; more than `most` changes are looked for only where each is unlike any other."""
        self._made: MadeChanges = body.remembered(f"changes {most}", lambda: MadeChanges(base, body, instances, most))
        # By the identities of steps.
        self._combined: set[int] = set()
        self._alone: set[int] = set()

    @property
    def is_cut(self) -> bool:
        """Whether there are more changes than were looked for."""
        return self._made.is_cut

    def refused(self, most: int) -> Iterator[Rung]:
        """Requests with one change each of something in the full body, up to `most` that break different keywords."""
        for step in islice(self._made.refused, most):
            self._alone.add(id(step))
            yield self._made.rung(step)

    def combined(self) -> Iterator[Rung]:
        """Requests with many changes of the full body."""
        for rung, steps in self._made.combined:
            self._combined.update(map(id, steps))
            yield rung

    def broken_together(self) -> Iterator[Rung]:
        """Requests with many changes of the full body, none of which is valid."""
        return (rung for rung, _ in self._made.broken_together)

    def plans(self) -> Iterator[Planned]:
        """Requests with one change each, but for those that were made already."""
        for step, plan in self._made.plans():
            if step is None:
                yield plan
            elif id(step) not in self._alone:
                yield replace(plan, is_tried=id(step) in self._combined)


class MadeChanges:
    """What all `Changes` of one body share: each part is made when somebody comes to it."""

    def __init__(self, base: Draft, body: ValidBody, instances: Instances, most: int) -> None:
        self._base, self._body, self._instances = base, body, instances
        self._walk = Walk(instances, most)
        self._fits = partial(instances.fits, body.pointer)
        # By the identities of steps. What becomes of the body is made again, since it may be large.
        self._tried: dict[int, bool] = {}
        self._steps = self._walk.steps(body.schema, body.pointer, body.full) if body.is_json else []
        self.is_cut = self._walk.is_cut
        whole = Rung(base.with_json(body.full, body.media_type), "", "", "", body.pointer)
        self.refused = Once(self._refused())
        self.combined = Once(combined(whole, self._steps, self._try, self._fits, self.rung))
        self.broken_together = Once(broken_together(whole, self._steps, self._try, self._fits, self.rung))

    def _refused(self) -> Iterator[Step]:
        """The first change that breaks each keyword of something in the body."""
        keywords: set[str] = set()
        for step in chain.from_iterable(each for each in self._steps if each.path):
            keyword = step.change.pointer.rpartition("/")[2]
            if keyword not in keywords and not self._try(step)[1]:
                keywords.add(keyword)
                yield step

    def plans(self) -> Iterator[tuple[Step | None, Planned]]:
        """Requests with one change of the full body each, and with one more property of the minimal one."""
        body = self._body
        for step, variant in told(body.full, chain.from_iterable(self._steps), lambda step: step.on(body.full)):
            yield step, self._planned(variant, partial(self.rung, step), is_valid=self._is_valid(step, variant))
        added = self._walk.additions(body.schema, body.pointer, body.minimal) if body.is_json else ()
        few = body.is_json and body.minimal != body.full
        chosen = self._walk.choices(body.schema, body.pointer, body.minimal) if few else ()
        for variant in chain(added, chosen):
            yield None, self._planned(variant, partial(self._make, variant), is_valid=self._fits(variant.value))

    def _planned(self, variant: Variant, make: Callable[[], Rung], *, is_valid: bool) -> Planned:
        rule = variant.pointer or self._body.pointer, variant.place or "the body", ""
        return Planned(rule, is_valid, make, rule[0].rpartition("/")[2])

    def _try(self, step: Step) -> tuple[Variant, bool]:
        """What becomes of the full body, and whether that is valid."""
        variant = step.on(self._body.full)
        return variant, self._is_valid(step, variant)

    def _is_valid(self, step: Step, variant: Variant) -> bool:
        found = self._tried.get(id(step))
        if found is None:
            found = self._tried[id(step)] = self._fits(variant.value)
        return found

    def rung(self, step: Step) -> Rung:
        """The request with one change of the full body."""
        return self._make(step.on(self._body.full))

    def _make(self, variant: Variant) -> Rung:
        body = self._body
        return judged(variant, self._base.with_json(variant.value, body.media_type), body, self._instances)


def judged(variant: Variant, draft: Draft, body: ValidBody, instances: Instances) -> Rung:
    """The request with a variant of a body, and what is wrong with that."""
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


def _wrong_place(variant: Variant, violation: Violation) -> tuple[str | int, ...]:
    """The steps to what was changed if that is what is wrong, none where the change makes something else wrong."""
    if violation.path == variant.path or (violation.keyword == "required" and violation.path == variant.path[:-1]):
        return variant.path
    return ()
