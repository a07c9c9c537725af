"""Requests that differ from a valid one in a parameter: absent, at and outside its bounds, of another type, odd."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.ladder.instances import Instances
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.ladder.walk import Walk
from counterfoil.checks.operation import Operation
from counterfoil.checks.schema_paths import followed
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.styles import text_of, written

_NOT_IN_COOKIES = frozenset(' ",;\\')
# OpenAPI 3.1, Parameter Object, `name`: header parameters of these names are ignored.
_IGNORED = frozenset({"accept", "content-type", "authorization"})


class Parameters:
    """The parameters of one operation, with a valid value of each."""

    def __init__(self, operation: Operation, instances: Instances) -> None:
        self._operation = operation
        self._instances = instances
        self._found = [
            (parameter, pointer)
            for parameter, pointer in _located(operation)
            if not (parameter.get("in") == "header" and str(parameter.get("name")).lower() in _IGNORED)
        ]

    def base(self, draft: Draft) -> Draft | None:
        """`draft` with every required parameter; None where no valid value of one can be made."""
        for parameter, pointer in self._found:
            if parameter.get("required") or parameter.get("in") == "path":
                value = self._value(parameter, pointer)
                if value is None:
                    return None
                draft = _with(draft, parameter, value)
        return draft

    def rungs(self, base: Draft) -> Iterator[Rung]:
        """Each parameter in every way that its schema gives rise to, the others as in `base`."""
        walk = Walk(self._instances.tree, self._instances.sample, self._instances.fits)
        for parameter, pointer in self._found:
            name, place = str(parameter.get("name")), f"{parameter.get('in')} parameter {parameter.get('name')}"
            if parameter.get("required") and parameter.get("in") != "path":
                absent = f"the required {place} is absent"
                without = base.without(str(parameter.get("in")), name)
                yield Rung(without, place, "is absent", absent, json_pointer.join(pointer, "required"))
            value = self._value(parameter, pointer)
            if value is None:
                continue
            yield Rung(_with(base, parameter, value), place, "is valid", "", pointer)
            schema, at = self._schema(parameter, pointer)
            if schema is None or isinstance(value, dict | list):
                continue
            seen = {text_of(value)}
            for variant in walk.variants(schema, at, value):
                if isinstance(variant.value, dict | list) or (text := text_of(variant.value)) in seen:
                    continue
                seen.add(text)
                if _can_carry(str(parameter.get("in")), text):
                    broken = self._broken(at, text)
                    draft = _with(base, parameter, text)
                    yield Rung(draft, place, variant.label, broken and f"{name}: {broken}", variant.pointer or at)

    def _schema(self, parameter: Mapping[str, Any], pointer: str) -> tuple[Any, str]:
        media_type = next(iter(parameter.get("content") or ()), None)
        if media_type is not None:
            return None, json_pointer.join(pointer, "content", media_type, "schema")
        return parameter.get("schema"), json_pointer.join(pointer, "schema")

    def _value(self, parameter: Mapping[str, Any], pointer: str) -> Any:
        """A valid value, documented if possible; None if there is none."""
        media_type = next(iter(parameter.get("content") or ()), None)
        holder = parameter["content"][media_type] if media_type is not None else parameter
        at = json_pointer.join(pointer, *(("content", media_type) if media_type is not None else ()), "schema")
        schema = holder.get("schema")
        shown = [holder["example"]] if "example" in holder else []
        named = (self._operation.resolve(item) for item in (holder.get("examples") or {}).values())
        shown += [item["value"] for item in named if isinstance(item, dict) and "value" in item]
        if schema is None:
            return next(iter(shown), "text")
        candidates = (*shown, self._instances.sample(schema))
        fitting = (value for value in candidates if value is not None and self._instances.fits(at, value))
        return next((value for value in fitting if _is_sendable(str(parameter.get("in")), value)), None)

    def _broken(self, pointer: str, text: str) -> str:
        """What is wrong with a text, empty if it can be read as a value that fits."""
        readings = _readings(text)
        if any(self._instances.fits(pointer, value) for value in readings):
            return ""
        return self._instances.broken(pointer, readings[-1])


def _located(operation: Operation) -> Iterator[tuple[dict[str, Any], str]]:
    """The Parameter Objects that apply, with their pointers."""
    known = {(item.get("in"), item.get("name")) for item in operation.parameters}
    for owner in (operation.pointer, json_pointer.join("", "paths", operation.path)):
        try:
            listed = json_pointer.resolve(operation.contract, owner).get("parameters") or ()
        except LookupError:
            continue
        for index, item in enumerate(listed):
            node, pointer = followed(operation.contract, item, json_pointer.join(owner, "parameters", index))
            if isinstance(node, dict) and (key := (node.get("in"), node.get("name"))) in known:
                known.discard(key)
                yield node, pointer


def _with(draft: Draft, parameter: Mapping[str, Any], value: Any) -> Draft:
    return draft.with_parameter(str(parameter.get("in")), str(parameter["name"]), written(parameter, value))


def _can_carry(place: str, text: str) -> bool:
    """Whether a text arrives where it is put, whatever the server: RFC 9110, 5.5, RFC 6265, 4.1.1, RFC 3986, 3.3."""
    if place == "query":
        return True
    if place == "path":
        return text not in ("", ".", "..") and not set("/\\\0\r\n;%") & set(text)
    if not text.isascii() or not text.isprintable() or text != text.strip() or not text:
        return False
    return place == "header" or not _NOT_IN_COOKIES & set(text)


def _is_sendable(place: str, value: Any) -> bool:
    return isinstance(value, dict | list) or (text_of(value) != "" and _can_carry(place, text_of(value)))


def _readings(text: str) -> list[Any]:
    """The values that a server may read a text as, the text itself last."""
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return [value, text] if not isinstance(value, str | dict | list) else [text]
