"""Python names for the names of a contract: readable, legal, and the same each time."""

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

_PRINTED = """
Annotated Any ClassVar Literal TypeAlias Field RootModel StrictBool BaseModel ConfigDict IntEnum Mapping Final
Model Closed Root Omittable Integer Int32 Int64 Number MultipleOf NamedInteger Exactly DateTime Date Uuid Format Pattern
Unique OneOf NonObject NonArray NonString NonNumber Check Refused Operation OPERATIONS SCHEMAS
"""
PRINTED = frozenset(_PRINTED.split())
"""Names that generated modules import, which no class and no attribute may take."""

_TYPES = frozenset(name for name in dir(builtins) if isinstance(getattr(builtins, name), type)) | {"None"}
_TAKEN = PRINTED | frozenset(("int", "str", "bool", "float", "list", "dict", "tuple", "None", "bytes", "rules"))
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a name of any script: `get-userID.v2` is `get`, `userID`, `v2`."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def class_name(text: str) -> str:
    """A class name: every word's first letter upper case, the rest as it was; `Type` for a text without a word."""
    name = "".join(word[:1].upper() + word[1:] for word in words(text)) or "Type"
    name = name if name.isidentifier() else f"T{name}"
    if not name.isidentifier():
        name = _ascii(name)
    return f"{name}Model" if keyword.iskeyword(name) or name in PRINTED or name in _TYPES else name


def attribute_name(text: str, snake: bool = False) -> str:
    """The name of an attribute for a property: its own wherever that is a name that pydantic and Python leave free.

    With `snake` it is that name in snake case.
    """
    text = snake_case(text) if snake else text
    name = re.sub(r"\W", "_", unicodedata.normalize("NFKC", text))
    name = name.lstrip("_") if name.startswith("_") else name
    if not name.isidentifier():
        name = f"field_{name}".rstrip("_")
    if not name.isidentifier():
        name = _ascii(name)
    reserved = keyword.iskeyword(name) or name in _TAKEN or hasattr(BaseModel, name)
    return f"{name}_" if reserved else name


def snake_case(text: str) -> str:
    """`getUserID` and `get-user-id` as `get_user_id`, in every script that has two cases."""
    parts: list[str] = []
    for word in words(text):
        first = 0
        for index in range(1, len(word)):
            before, letter, after = word[index - 1], word[index], word[index + 1 : index + 2]
            starts = before.islower() or before.isdecimal() or (before.isupper() and after.islower())
            if letter.isupper() and starts:
                parts.append(word[first:index])
                first = index
        parts.append(word[first:])
    return "_".join(parts).lower()


def item_name(name: str) -> str:
    """What to call an item of an array by the name of the array: `lineItems` is `lineItem`, `detail` `detailItem`."""
    for ending, single in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if name.endswith(ending) and len(name) > len(ending) + 1 and not name.endswith(("ss", "us", "is")):
            return name.removesuffix(ending) + single
    return f"{name}Item"


def constant_name(text: str) -> str:
    """The name of an enum's member: `count unique` is `COUNT_UNIQUE`."""
    name = snake_case(text).upper() or "EMPTY"
    name = name if name.isidentifier() else f"VALUE_{name}"
    name = name if name.isidentifier() else _ascii(name)
    return f"{name}_" if name in ("MRO", "_") else name


def import_order(name: str) -> tuple[Any, ...]:
    """A key that sorts names as ruff sorts imports: constants, classes, the rest, each by words and numbers.

    Digits that begin with 0 are the decimal places of a number: 04 precedes 1.
    """
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = [
        (1, 0, words) if words else (0, 0, decimals) if decimals else (0, int(number), "")
        for words, decimals, number in re.findall(r"([^0-9]+)|(0[0-9]*)|([0-9]+)", name.lower())
    ]
    return (kind, parts, name)


def distinct(names: Sequence[str], separator: str = "") -> list[str]:
    """The names with `2`, `3`, … appended to those that an earlier one has already; in the same order.

    Between a name that ends in a digit and its number there is always `_`: `Line1` is followed by `Line1_2`.
    """
    taken, result = set(names), []
    seen: set[str] = set()
    for name in names:
        candidate, number = name, 1
        while candidate in seen or (number > 1 and candidate in taken):
            number += 1
            candidate = _numbered(name, number, separator)
        seen.add(candidate)
        result.append(candidate)
    return result


def _numbered(name: str, number: int, separator: str = "") -> str:
    return f"{name}{separator or ('_' if name[-1:].isdigit() else '')}{number}"


def component_names(names: Sequence[str]) -> dict[str, str]:
    """A class name for each name of a component.

    Qualified names (`acme.api.Widget`) are shortened to their last parts, as far as these stay distinct among all.
    Of names that give the same class name, that one has it which is spelled so; others are numbered in their order.
    """
    short = _shortened(names)
    candidates = {name: class_name(short[name]) for name in names}
    ordered = sorted(names, key=lambda name: candidates[name] != name)
    return dict(zip(ordered, distinct([candidates[name] for name in ordered]), strict=True))


def _shortened(names: Sequence[str]) -> dict[str, str]:
    qualified = {name: name.split(".") for name in names if _is_qualified(name)}
    depth = dict.fromkeys(qualified, 1)
    others = {class_name(name).lower() for name in names if name not in qualified}
    while True:
        tails = {name: class_name(".".join(parts[-depth[name] :])).lower() for name, parts in qualified.items()}
        count = Counter(tails.values())
        longer = [
            name
            for name, tail in tails.items()
            if (count[tail] > 1 or tail in others) and depth[name] < len(qualified[name])
        ]
        if not longer:
            break
        for name in longer:
            depth[name] += 1
    return {name: ".".join(qualified[name][-depth[name] :]) if name in qualified else name for name in names}


def _is_qualified(name: str) -> bool:
    parts = name.split(".")
    return len(parts) > 2 and all(re.fullmatch(r"[^\W\d]\w*", part) for part in parts) and len(parts[-1]) > 2


def _ascii(name: str) -> str:
    return re.sub(r"\W", lambda char: f"u{ord(char[0]):x}", name, flags=re.ASCII)


class Names:
    """Names that are given once: the second who wants a name gets it with a number."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def claim(self, name: str) -> str:
        """`name`, or the first of `name2`, `name3`, … that is free."""
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = _numbered(name, number)
        self._taken.add(candidate)
        return candidate
