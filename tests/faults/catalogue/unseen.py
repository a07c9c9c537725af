"""What no answer tells: refused requests that do something, objects under other keys, and actions done twice."""

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.echo import ORDERS
from tests.faults.catalogue.shapes import CHANGED
from tests.faults.catalogue.state import REMOVED
from tests.faults.faulty import Fault
from tests.faults.operators.conditions import at

_NEAR = 30  # first characters of an id


def _in_part() -> Change:
    """Of a change that is refused, what is valid alone is made."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        sent = request.json
        for name, value in sent.items() if isinstance(sent, dict) and found.status == 400 else ():
            again = request.copy()
            again.json = {name: value}
            await serve(again)
        return found

    return altered


def _for_anybody() -> Change:
    """What is refused for its credentials is done all the same, with those of the last one who had the right ones."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request.copy())
        if found.succeeded:
            request.memory["credentials"] = request.headers.get("authorization", "")
        elif found.status == 401 and "credentials" in request.memory:
            again = request.copy()
            again.headers["authorization"] = request.memory["credentials"]
            await serve(again)
        return found

    return altered


def _in_any_order() -> Change:
    """The characters of the right credentials are enough, in whatever order they come."""

    async def altered(request: Message, serve: Serve) -> Message:
        sent, known = request.headers.get("authorization", ""), request.memory.get("right", "")
        if sorted(sent) == sorted(known):
            request.headers["authorization"] = known
        found = await serve(request)
        if found.succeeded:
            request.memory["right"] = request.headers.get("authorization", "")
        return found

    return altered


def _by_beginning() -> Change:
    """An id leads to the last object whose id begins as it does."""

    async def altered(request: Message, serve: Serve) -> Message:
        known: dict[str, str] = request.memory.setdefault("ids", {})
        path, _, key = request.path.rpartition("/")
        if request.method == "GET":
            request.path = f"{path}/{known.get(key[:_NEAR], key)}"
        found = await serve(request)
        if found.succeeded and request.method == "POST":
            made = str(found.read("/id"))
            known[made[:_NEAR]] = made
        return found

    return altered


def _once() -> Change:
    """What is done to an object that it was done to already is an error."""

    async def altered(request: Message, serve: Serve) -> Message:
        done: set[str] = request.memory.setdefault("done", set())
        found = await serve(request)
        if found.succeeded and request.path in done:
            return request.respond(500, {"error": "already"})
        if found.succeeded:
            done.add(request.path)
        return found

    return altered


FAULTS = [
    Fault("a refused change is made in part", "orders", at(CHANGED, _in_part())),
    Fault("a change that is refused for its credentials is made", "orders", at(CHANGED, _for_anybody())),
    Fault("a removal that is refused for its credentials is made", "orders", at(REMOVED, _for_anybody())),
    Fault("an order that is refused for its credentials is made", "orders", at(ORDERS, _for_anybody())),
    Fault("the beginning of an id is enough", "orders", _by_beginning()),
    Fault("the characters of a token are enough", "orders", _in_any_order()),
    Fault("what is archived twice", "meteroid", at("POST /api/v1/metrics/{id}/archive", _once())),
]
