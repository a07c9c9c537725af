"""Removing one object."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from counterfoil.stub.call import Call
from counterfoil.stub.schema_walk import at
from counterfoil.stub.state.actions.showing import Fetching
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.objects import Object, template_of

_NOW = {"date-time": "{now-milliseconds}", "date": "{today}"}


class Removing(Fetching):
    """What an operation that removes one object does: it shows it for the last time."""

    def _take(self, call: Call[Any, Any], collection: str, key: str) -> Object | None:
        """Forget the object of a key."""
        return self._objects.remove(call, collection, key)

    def _told(self, call: Call[Any, Any], found: Object) -> Object | None:
        return None if self._objects.role.returns_null else {**found, **self._marks(call)}

    @cached_property
    def _marks(self) -> Callable[[Call[Any, Any]], Object]:
        """What tells in the answer that the object is gone, such as `deleted` or `deleted_at`."""
        shape = self._contract.properties(at(self._contract, self._body.schema, self._objects.role.answer or ()))
        found: dict[str, Any] = {}
        for name, schema in shape.items():
            told, node = plain(name).removeprefix("is"), self._contract.follow(schema)[0]
            if told in ("deleted", "removed", "success", "ok") and "boolean" in self._contract.types(node):
                found[name] = True
            elif told in ("deletedat", "removedat", "deletedon", "removedon") and node.get("format") in _NOW:
                found[name] = _NOW[node["format"]]
        return template_of(found)
