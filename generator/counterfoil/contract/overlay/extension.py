"""The extension `x-counterfoil`: what OpenAPI cannot say of a server's behaviour."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.location import CounterfoilError, Diagnostic

EXTENSION = "x-counterfoil"
_LONGEST = 240  # characters of a validator's message that are shown


def check_extensions(draft: Draft) -> None:
    """See that every `x-counterfoil` is one that `extension.schema.json` allows.

    People write them, so that a mistake is not passed over: `CounterfoilError` with all of them.
    """
    problems: list[Diagnostic] = []
    for _, pointer, node in draft.walk():
        if EXTENSION in node:
            below = json_pointer.join(pointer, EXTENSION)
            found = [_problem(draft, below, error) for error in _validator().iter_errors(node[EXTENSION])]
            problems += found or _unreadable_forms(draft, below, node[EXTENSION])
    if problems:
        raise CounterfoilError(*problems)


def _unreadable_forms(draft: Draft, pointer: str, extension: Mapping[str, Any]) -> list[Diagnostic]:
    """The forms of tokens that Python cannot read, by which contract tests make tokens up."""
    token = extension.get("token", {})
    at = json_pointer.join(pointer, "token")
    forms = {at: token} if isinstance(token, str) else {json_pointer.join(at, key): form for key, form in token.items()}
    problems = []
    for place, form in forms.items():
        try:
            re.compile(form)
        except (re.error, OverflowError, RecursionError) as error:
            hint = "write it as both JSON Schema and Python understand it"
            problems.append(Diagnostic(draft.at(place), "extension-syntax", f"{EXTENSION}.token: {error}", hint))
    return problems


@cache
def _schema() -> dict[str, Any]:
    text = (files("counterfoil.contract.overlay") / "extension.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(), validate_formats=True)


def _problem(draft: Draft, pointer: str, error: jsonschema_rs.ValidationError) -> Diagnostic:
    path = [str(token) for token in error.instance_path]
    named = ".".join([EXTENSION, *path])
    if error.kind.name == "additionalProperties":
        unexpected = error.kind.as_dict()["unexpected"][0]
        try:
            known = json_pointer.resolve(_schema(), json_pointer.join("", *error.schema_path[:-1], "properties"))
        except LookupError:
            known = {}
        hint = did_you_mean(unexpected, known, f"known are {', '.join(known)}" if known else "")
        where = draft.at(json_pointer.join(pointer, *path, unexpected))
        return Diagnostic(where, "extension-unknown-key", f"{named} has no key {unexpected!r}", hint)
    message = error.message[:_LONGEST]
    return Diagnostic(draft.at(json_pointer.join(pointer, *path)), "extension-syntax", f"{named}: {message}")
