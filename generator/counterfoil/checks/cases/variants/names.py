"""Names that the entries of a map may have."""

from collections.abc import Callable
from itertools import chain, islice
from typing import Any

from counterfoil.checks.cases.variants.facets import Facet, stated
from counterfoil.checks.cases.variants.pattern_texts import near
from counterfoil.stub.answers.patterns import matching


def entry_names(applying: list[Facet], accepts: Callable[[Any, Any], bool], count: int) -> list[str]:
    """As many names as can be had up to `count`; `accepts` tells whether a value fits a schema."""
    rules = [names for names, _ in stated(applying, "propertyNames")]
    patterns = [str(names["pattern"]) for names in rules if isinstance(names, dict) and "pattern" in names]
    listed = [str(name) for names in rules if isinstance(names, dict) for name in names.get("enum", ())]
    candidates = chain(
        ("key",),
        (f"key {number}" for number in range(count)),
        listed,
        (matching(pattern, length) or "" for pattern in patterns for length in range(count + 2)),
        (text for pattern in patterns for _, text in near(pattern)),
    )
    fitting = (name for name in candidates if all(accepts(names, name) for names in rules))
    return list(islice(dict.fromkeys(fitting), count))
