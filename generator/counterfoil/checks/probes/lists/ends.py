"""The end of a list: its last page names no next one where the contract says so in words."""

import re
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import CURSORS, Walk, around, tells_more
from counterfoil.checks.probes.lists.paging import PAGING
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.state.inference.names import plain

_DEEPEST = 2  # objects around a list
_NOTHING = r"(?:null|absent|empty|none|missing|omitted|not (?:set|present|there|given|included|returned))"
_LAST = r"(?:last|final|no (?:more|further|next|other|additional)|end of|nothing)"
_ENDS = re.compile(rf"\b{_NOTHING}\b[^.;]{{0,40}}\b{_LAST}\b|\b{_LAST}\b[^.;]{{0,40}}\b{_NOTHING}\b", re.IGNORECASE)


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Look at the last page of a list, given all of it, which says that no other one comes."""
    if not whole.complete or not whole.pages or PAGING in lister.operation.switched_off:
        return
    last = whole.pages[-1]
    if tells_more(lister.part, last) is not False:
        return
    for name, value in around(lister.part, last.exchange):
        if plain(name) in CURSORS and isinstance(value, str) and value and _is_told_to_end(last.exchange, name):
            summary = f"{name} is told on the last page, too"
            acting.note(last.exchange, PAGING, summary, "nothing, as its description says", repr(value))


def _is_told_to_end(exchange: Exchange, name: str) -> bool:
    """Whether words say of a property beside a list that there is nothing in it on the last page."""
    operation = exchange.operation
    for _, own in shapes.objects(operation, exchange.response_schema, deepest=_DEEPEST):
        node: Any = own.get(name)
        told = [each.get("description") for each in (node, operation.resolve(node)) if isinstance(each, dict)]
        if any(_ENDS.search(str(each or "")) for each in told):
            return True
    return False
