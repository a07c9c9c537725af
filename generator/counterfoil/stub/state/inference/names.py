"""What names tell: verbs in paths, the property that holds an object's key, what an action sets."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Literal, TypeVar

from counterfoil.stub.contract_tree import ContractTree, Node

Verb = Literal["create", "list", "fetch", "get", "change", "remove"]

T = TypeVar("T")


def named(names: str, value: T) -> dict[str, T]:
    """Each of the names, which spaces separate, with the same value."""
    return dict.fromkeys(names.split(), value)


VERBS: Mapping[str, Verb] = {
    **named("new create add register insert", "create"),
    **named("list all index search", "list"),
    **named("detail details info show retrieve describe view", "fetch"),
    **named("get find read fetch query", "get"),
    **named("edit update change modify patch save", "change"),
    **named("delete remove destroy", "remove"),
}
OWN_IDS = ("id", "uuid", "guid", "uid")
_LONGEST = 64  # characters of what is a name rather than a text
_PUNCTUATION = re.compile(r"[^a-z0-9]")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def plain(name: str) -> str:
    """A name without its case and punctuation."""
    return _plain(name) if len(name) <= _LONGEST else _PUNCTUATION.sub("", name.lower())


@lru_cache(maxsize=2048)
def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name.lower())


def words(name: str) -> list[str]:
    """The words of a name in any of the usual cases, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def singular(noun: str) -> str:
    """A plural noun without its ending, roughly; a name of several words with its last word so."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if noun.lower().endswith(ending) and not noun.lower().endswith(("ss", "us", "is")) and len(noun) > 3:
            return noun[: -len(ending)] + instead
    return noun


def alternatives(variable: str) -> list[str]:
    """The names that a variable such as `idOrSlug` stands for; itself where it stands for one."""
    parts: list[list[str]] = [[]]
    for word in words(variable):
        if word == "or" and parts[-1]:
            parts.append([])
        else:
            parts[-1].append(word)
    return ["_".join(part) for part in parts if part] if len(parts) > 1 else [variable]


def key_property(properties: Collection[str], variable: str, noun: str) -> str | None:
    """The property of an object that a request names it by as `variable`; `noun` is what such objects are called.

    `metric_id` of a metric is its `metric_id`, else its `id`; `petName` is `petName`, else `name`; `idOrName` is `id`.
    """
    found = (_key_property(properties, each, noun) for each in alternatives(variable))
    return next(filter(None, found), None)


def _key_property(properties: Collection[str], variable: str, noun: str) -> str | None:
    named = {plain(name): name for name in reversed(list(properties))}
    asked, own = plain(variable), plain(singular(noun))
    wanted = [asked]
    if own and asked.startswith(own):
        wanted.append(asked.removeprefix(own))
    if asked.endswith(OWN_IDS) or asked in (own, plain(noun), "identifier"):
        wanted += [*OWN_IDS, own + "id", own + "uuid", own]
        # The noun of `/billing/customers/{id}` may be longer than the one that objects use: `customerId`.
        wanted += [name for name in named if name.endswith("id") and len(name) > 4 and own.endswith(name[:-2])]
    if asked.endswith(("name", "key", "code", "slug", "handle", "number", "email", "ref", "reference")):
        wanted += [name for name in named if len(name) > 2 and asked.endswith(name)]
    if asked == own:
        wanted += ["name", "key", "code", "slug"]
    return next((named[name] for name in wanted if name in named), None)


def effect(verb: str, contract: ContractTree, properties: Mapping[str, Node]) -> dict[str, Any]:
    """What an action such as `archive`, `unarchive` or `resume` sets; `{now}` for the moment of the call.

    It is told by a property of which the name, or one of whose values, begins as the verb does, or as the one does
    that it undoes. Empty if it is unknown.
    """
    nodes = {name: contract.follow(each)[0] for name, each in properties.items()}
    found = _effect(*_stem(verb), contract, nodes)
    undone = _OPPOSITE.get(plain(verb))
    return found if found or undone is None else _effect(undone, True, contract, nodes)


def _effect(stem: str, undoes: bool, contract: ContractTree, nodes: Mapping[str, Node]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if len(stem) < 3:
        return found
    for name, node in nodes.items():
        types = contract.types(node)
        told = plain(name).removeprefix("is").removeprefix("has")
        if told.startswith(stem) and "boolean" in types:
            found[name] = not undoes
        elif told.startswith(stem) and "string" in types and node.get("format") in ("date", "date-time"):
            if undoes and "null" not in types:
                continue
            found[name] = None if undoes else ("{today}" if node["format"] == "date" else "{now-milliseconds}")
        elif plain(name).endswith(("status", "state")) and isinstance(values := node.get("enum"), list):
            texts = [value for value in values if isinstance(value, str)]
            match = [value for value in texts if plain(value).startswith(stem)]
            if undoes:
                match = [value for value in texts if plain(value) in _USUAL] or (texts[:1] if match else [])
            if match:
                found[name] = match[0]
    return found


_USUAL = ("active", "enabled", "open", "live", "normal")
_OPPOSITE = {"enable": "disabl", "activate": "deactivat", "resume": "paus", "restore": "delet", "unblock": "block"}


def _stem(verb: str) -> tuple[str, bool]:
    """The beginning that a verb has in common with its participle, and whether the verb undoes what that tells."""
    verb = plain(verb)
    undoes = verb.startswith("un") and len(verb) > 5
    verb = verb.removeprefix("un") if undoes else verb
    if verb.endswith("y"):
        return verb[:-1], undoes
    return verb.removesuffix("e"), undoes
