"""The parts of an answer that is made up for a call: functions to JSON values, which can be taken apart as text."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from counterfoil.stub.answers.placeholders import Producer
from counterfoil.stub.call import Call
from counterfoil.stub.requests.strict_json import dump

ABSENT = object()


class Constant:
    """A value that is the same in every answer."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, _call: Call[Any, Any]) -> Any:
        """The value."""
        return self.value


class Items:
    """A list of one item."""

    def __init__(self, item: Producer) -> None:
        self.item = item

    def __call__(self, call: Call[Any, Any]) -> list[Any]:
        """The list for a call."""
        return [self.item(call)]


class Object:
    """An object around the entity, or beside it."""

    def __init__(self, fields: Mapping[str, Producer]) -> None:
        self.fields = fields

    def __call__(self, call: Call[Any, Any]) -> dict[str, Any]:
        """The object for a call."""
        return {name: make(call) for name, make in self.fields.items()}


class Entity:
    """The object that was created: what the request describes, and what the server adds, in the order of `fields`."""

    def __init__(
        self, fields: Mapping[str, Producer], echoed: Sequence[tuple[str, Any, Any]], chosen: Collection[str]
    ) -> None:
        """`fields` make values by name.

        Those that are `echoed` are what the request says of them: name, value where it says nothing, and where it says
        null, both of which may be `ABSENT`. Those that are `chosen` are made where it says nothing or null.
        """
        self._echoed = echoed
        self._chosen = [(name, fields[name]) for name in chosen]
        self._tellable = frozenset(chosen).union(name for name, _, _ in echoed)
        self._optional = [name for name, unstated, _ in echoed if unstated is ABSENT]
        stated = {name: None if unstated is ABSENT else unstated for name, unstated, _ in echoed}
        self._skeleton = {
            name: make.value if isinstance(make, Constant) else None for name, make in fields.items()
        } | stated
        self._made = [
            (name, make)
            for name, make in fields.items()
            if name not in self._tellable and not isinstance(make, Constant)
        ]

    def __call__(self, call: Call[Any, Any]) -> dict[str, Any]:
        """The object for a call, which keeps it as `created`."""
        described = call.described
        if self._tellable.issuperset(described) and None not in described.values():
            built = {**self._skeleton, **described}
            for name in self._optional:
                if name not in described:
                    del built[name]
        else:
            built = self._echoing(described)
        for name, make in self._made:
            built[name] = make(call)
        for name, make in self._chosen:
            if described.get(name) is None:
                built[name] = make(call)
        call.created = built
        return built

    def _echoing(self, described: Mapping[str, Any]) -> dict[str, Any]:
        """The same without what is made, where the request has nulls or what the object does not."""
        built = self._skeleton.copy()
        for name, unstated, null in self._echoed:
            value = described.get(name, ABSENT)
            value = unstated if value is ABSENT else null if value is None else value
            if value is ABSENT:
                del built[name]
            else:
                built[name] = value
        for name, _ in self._chosen:
            built[name] = described.get(name)
        return built


def parts_of(make: Producer) -> list[bytes | Producer]:
    """What the JSON text of a made value consists of: what is the same in each, and what to make for a call."""
    if isinstance(make, Constant):
        return [dump(make.value)]
    if isinstance(make, Items):
        return [b"[", *parts_of(make.item), b"]"]
    if not isinstance(make, Object):
        return [make]
    parts: list[bytes | Producer] = []
    for name, each in make.fields.items():
        parts += [b"," if parts else b"{", dump(name), b":", *parts_of(each)]
    return [*parts, b"}"] if parts else [b"{}"]


def joined(parts: Sequence[bytes | Producer]) -> list[Any]:
    """The same with successive texts in one."""
    found: list[Any] = []
    for part in parts:
        if found and isinstance(part, bytes) and isinstance(found[-1], bytes):
            found[-1] += part
        else:
            found.append(part)
    return found
