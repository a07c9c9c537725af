"""Pages made to keep a reader busy take time in proportion to their length."""

import contextlib
import time

import pytest

from counterfoil.documents import read
from counterfoil.location import CounterfoilError

LENGTH = 100_000
LIMIT = 10  # seconds of this process; what grows with the square of the length takes a minute or more

ENDPOINT = "# Lock a gate\n\n`POST /gates`\n\n"
SCRAPED = "POST\n/gates\nLock a gate\n"
BODY = "\nBody\nreason\nstring\n"


def filled(text: str) -> str:
    return (text * (LENGTH // len(text) + 1))[:LENGTH]


def numbered(text: str) -> str:
    return "".join(text.replace("#", str(number)) for number in range(LENGTH // len(text)))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(ENDPOINT + filled("["), id="open-brackets"),
        pytest.param(ENDPOINT + filled("**a"), id="open-emphasis"),
        pytest.param(f"{ENDPOINT}|{filled('a|')}\n|{filled('-|')}\n", id="wide-table"),
        pytest.param(f"{ENDPOINT}```bash\ncurl https://a.example/gates" + numbered(" \\\n -H 'X-A#: 1'"), id="headers"),
        pytest.param(ENDPOINT + "## Request\n\n" + numbered('```json\n{"a#": 1}\n```\n'), id="samples"),
        pytest.param(SCRAPED + filled("[1]\n") + BODY, id="scraped-samples"),
        pytest.param(SCRAPED + filled("[/*\n\n") + BODY, id="scraped-comments"),
    ],
)
def test_time_is_bounded(page: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(CounterfoilError):
        read("page", page)
    assert time.process_time() - begun < LIMIT
