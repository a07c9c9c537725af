"""What the contract says in words that servers make of a value: trimmed, of one case, in order, each once."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from counterfoil.checks.operation import Operation
from counterfoil.checks.roles import role_of
from counterfoil.stub.state.inference.names import singular, words

_CLAUSE = re.compile(r"[.;\n]+")
_SORTED = re.compile(r"\bsort(?:s|ed|ing)?\b|\bordered by\b|\b(?:alphabetic|lexic|ascending|descending)", re.IGNORECASE)
_NORMAL = r"\bnormali[sz]|\bcanonical"
_BLANKS = r"\b(?:white ?space|spaces|blanks)\b"
_REMOVED = rf"{_BLANKS}[^,]*\b(?:remov|ignor|discard|dropp|cut)"
_EXTRA = rf"\b(?:extra|multiple|repeated|double)\b[^,]*{_BLANKS}"
_OUTER = rf"\b(?:leading|trailing|surrounding|outer)\b[^,]*{_BLANKS}"


def is_told(operation: Operation, name: str, asked: Any, sent: Any, received: Any) -> bool:
    """Whether a property that was sent as one value may come back as another one, by what the contract says of it.

    `asked` is the schema of the property in requests. Its description counts, and every clause with its name in those
    of the operations on the same objects.
    """
    if not isinstance(sent, str | list) or type(sent) is not type(received):
        return False
    told = operation.remembered(("told of", name, id(asked)), lambda: " ".join(_texts(operation, name, asked)))
    candidates = [sent]
    for words_of, change in _CHANGES:
        if words_of.search(told):
            candidates += [change(each) for each in candidates]
    if _SORTED.search(told):  # by what, servers know
        candidates, received = [_sorted(each) for each in candidates], _sorted(received)
    return received in candidates


def _texts(operation: Operation, name: str, asked: Any) -> Iterator[str]:
    for node in (asked, operation.resolve(asked)):
        if isinstance(node, dict):
            yield str(node.get("description", ""))
    called = re.compile(rf"\b(?:{re.escape(name)}|{' '.join(map(singular, words(name)))}s?)\b", re.IGNORECASE)
    collection = role_of(operation).collection
    for method, path, tree, _ in operation.schemas.operations():
        other = Operation(operation.contract, method, path, dict(tree), operation.schemas)
        is_same = (method, path) == (operation.method, operation.path)
        if is_same or (collection and role_of(other).collection == collection):
            for text in (tree.get("summary"), tree.get("description")):
                yield from (each for each in _CLAUSE.split(str(text or "")) if called.search(each))


def _of_texts(change: Callable[[str], str]) -> Callable[[Any], Any]:
    """What a change of texts makes of a text, or of those in a list."""

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(each) for each in value]
        return change(value) if isinstance(value, str) else value

    return changed


def _sorted(value: Any) -> Any:
    return sorted(value, key=_text) if isinstance(value, list) else value


def _once(value: Any) -> Any:
    return list({_text(each): each for each in value}.values()) if isinstance(value, list) else value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


_CHANGES: tuple[tuple[re.Pattern[str], Callable[[Any], Any]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), change)
    for pattern, change in (
        (rf"\btrim|\bstrip|{_OUTER}|{_REMOVED}|{_NORMAL}", _of_texts(str.strip)),
        (rf"\bcollaps|{_EXTRA}|{_REMOVED}|{_NORMAL}", _of_texts(_collapsed)),
        (rf"\blower[- ]?cas|\bin lower\b|{_NORMAL}", _of_texts(str.lower)),
        (rf"\blower[- ]?cas|\bin lower\b|{_NORMAL}", _of_texts(str.casefold)),
        (rf"\bupper[- ]?cas|\bin upper\b|\bcapitals\b|{_NORMAL}", _of_texts(str.upper)),
        (rf"\bNFC\b|{_NORMAL}", _of_texts(_composed)),
        (rf"\bNFKC\b|{_NORMAL}", _of_texts(_compatible)),
        (r"\bonce\b|\bduplicates?\b|\bdistinct\b|\bas a set\b|\bdedup", _once),
    )
)
