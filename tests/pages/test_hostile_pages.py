"""Pages made to keep a reader busy take work in proportion to their length."""

import contextlib
from collections.abc import Callable

import pytest

from counterfoil.documents import read
from counterfoil.location import CounterfoilError
from tests.effort import calls, ending

LENGTH = 100_000  # at which what grows with its square takes minutes

ENDPOINT = "# Lock a gate\n\n`POST /gates`\n\n"
SCRAPED = "POST\n/gates\nLock a gate\n"
BODY = "\nBody\nreason\nstring\n"


Page = Callable[[int], str]


def filled(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def numbered(text: str, length: int) -> str:
    return "".join(text.replace("#", str(number)) for number in range(length // len(text)))


def read_quietly(page: str) -> None:
    with contextlib.suppress(CounterfoilError):
        read("page", page)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(lambda size: ENDPOINT + filled("[", size), id="open-brackets"),
        pytest.param(lambda size: ENDPOINT + filled("**a", size), id="open-emphasis"),
        pytest.param(lambda size: f"{ENDPOINT}|{filled('a|', size)}\n|{filled('-|', size)}\n", id="wide-table"),
        pytest.param(
            lambda size: f"{ENDPOINT}```bash\ncurl https://a.example/gates" + numbered(" \\\n -H 'X-A#: 1'", size),
            id="headers",
        ),
        pytest.param(
            lambda size: ENDPOINT + "## Request\n\n" + numbered('```json\n{"a#": 1}\n```\n', size), id="samples"
        ),
        pytest.param(lambda size: SCRAPED + filled("[1]\n", size) + BODY, id="scraped-samples"),
        pytest.param(lambda size: SCRAPED + filled("[/*\n\n", size) + BODY, id="scraped-comments"),
    ],
)
def test_work_is_bounded(page: Page) -> None:
    small, large = page(LENGTH // 20), page(LENGTH // 10)
    assert calls(lambda: read_quietly(large)) < 2.1 * calls(lambda: read_quietly(small))
    with ending():
        read_quietly(page(LENGTH))
