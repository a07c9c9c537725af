"""Pages that cannot be read at all: which rule refuses them, and the place that it names."""

import pytest

from counterfoil.documents import read
from counterfoil.location import CounterfoilError

HEAD = "openapi: 3.1.0\ninfo: {title: Gates, version: '1'}\n"


@pytest.mark.parametrize(
    ("page", "rule", "place"),
    [
        (" \n\n", "empty-page", (1, 1)),
        (f"{HEAD}paths: {{}}\n? [a, b]\n: c\n", "yaml-key", (4, 3)),
        (f"{HEAD}paths:\n  <<: 7\n", "yaml-merge", (4, 3)),
        (f"{HEAD}paths: *gone\n", "yaml-alias", (3, 8)),
        (f"{HEAD}x-deep: {'[' * 300}\n", "nesting-too-deep", (3, 208)),
        ('{"openapi": "3.1.0",\n "x-deep": ' + "[" * 300 + "]" * 300 + "}", "nesting-too-deep", (2, 211)),
        (f"{HEAD}---\n{HEAD}", "yaml-several-documents", (3, 1)),
        ("[{openapi: 3.1.0}]\n", "unrecognised-page", (1, 1)),
        ("- a\n- b\nopenapi: 3.1.0\n", "yaml-syntax", (3, 1)),
        ('"\nopenapi: 3.1.0"\n', "not-an-object", (1, 1)),
        ("# Gates\n\nNothing but prose.\n", "unrecognised-page", (1, 1)),
    ],
)
def test_refusal(page: str, rule: str, place: tuple[int, int]) -> None:
    with pytest.raises(CounterfoilError) as refused:
        read("page", page)
    [diagnostic] = refused.value.diagnostics
    assert (diagnostic.rule, diagnostic.location.line, diagnostic.location.column) == (rule, *place)
