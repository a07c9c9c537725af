"""Location is that of what was made (RFC 9110, 10.2.2 and 15.3.2), be it as a path or as a whole URL."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, at, variables
from counterfoil.checks.objects.made import Made
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.lenient import url_parts
from counterfoil.checks.wire.styles import text_of

STATE = "object_state"

_CREATED = 201


def check(acting: Acting, made: Made) -> None:
    """Note a Location that is not that of what was made: where the path of objects is another, what is there counts."""
    part, exchange = acting.collection.part("fetch"), made.exchange
    told = exchange.response.header("location")
    if part is None or part.role.key is None or part.role.key.where != "path" or exchange.response.status != _CREATED:
        return
    names = variables(part.operation.path)
    if STATE in exchange.operation.switched_off or part.role.key.name[0] not in names or not told:
        return
    asked = urlsplit(exchange.request.url).path
    location = url_parts(told, asked)
    pattern = re.sub(r"\\\{[^{}]+\\\}", "([^/]+)", re.escape(part.operation.path))
    found = re.fullmatch(f".*?{pattern}/?", location.path)
    if not any(location):
        acting.note(exchange, STATE, "Location is no URL", f"the path of {made.key}", told)
    elif found is not None:
        own = {**dict(zip(names, made.way, strict=False)), part.role.key.name[0]: text_of(made.key)}
        if any(unquote(text) != own.get(name, unquote(text)) for name, text in zip(names, found.groups(), strict=True)):
            acting.note(exchange, STATE, "Location is that of another object", f"the path of {made.key}", told)
    elif location.query:
        return  # it may be that which tells objects apart
    elif location.path.rstrip("/") == asked.rstrip("/"):
        acting.note(exchange, STATE, "Location is that of all objects", f"the path of {made.key}", told)
    else:
        _follow(acting, part, made, location)


def _follow(acting: Acting, part: Part, made: Made, location: SplitResult) -> None:
    """Ask what is at a Location of another form than the path of objects."""
    exchange, target = made.exchange, acting.conversation.client.target
    path = location.path.removeprefix(target.base_path)
    is_elsewhere = location.netloc not in ("", urlsplit(target.base_url).netloc)
    if not path.startswith("/") or not target.is_local or is_elsewhere:
        return
    asked = acting.conversation.ask(
        Draft(part.operation, method="GET", route=path), intent="invalid", source="probes", refresh=False, aim=False
    )
    if asked is None:
        return
    key = part.key_of(at(asked.response.json, part.role.answer or ()))
    if asked.response.status in (404, 405, 410):
        summary = "nothing is at Location"
    elif asked.response.status < 300 and key not in (None, made.key):
        summary = "another object is at Location"
    else:
        return
    acting.note(exchange, STATE, summary, f"the object {made.key}", exchange.response.header("location"))
