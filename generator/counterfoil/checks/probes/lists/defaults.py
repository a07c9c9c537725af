"""Defaults of the parameters of lists: what nobody asks for is what the contract declares."""

from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import Page, around
from counterfoil.checks.probes.lists.bounds import FILTERS
from counterfoil.stub.state.inference.names import plain

_FEWEST = 2


def check(acting: Acting, lister: Lister) -> None:
    """Ask a list for its declared defaults, and for nothing."""
    declared = list(_declared(lister)) if acting.conversation.client.target.is_local else []
    if not declared or FILTERS in lister.operation.switched_off:
        return
    bare, asked = lister.page(), lister.page(declared)
    if bare is not None and _tells_other(acting, lister, bare, dict(declared)):
        return
    if bare is None or asked is None or len(bare.keys) < _FEWEST or bare.keys == asked.keys:
        return
    again = lister.page()
    if again is None or again.keys != bare.keys:
        return
    for name, value in declared:
        page = lister.page([(name, value)])
        if page is not None and page.keys != bare.keys:
            summary, expected = f"{name} has another default than is declared", f"the same objects as without {name}"
            got = f"{len(page.keys)} objects, the first {page.keys[:1]}; without it {len(bare.keys)}, {bare.keys[:1]}"
            acting.note(page.exchange, FILTERS, summary, expected, got)
            return


def _tells_other(acting: Acting, lister: Lister, bare: Page, declared: dict[str, Any]) -> bool:
    """Whether a page that nothing was asked of tells another size or place of itself than is declared."""
    known = {plain(name): declared[name] for name in lister.names.values() if name in declared}
    for name, value in around(lister.part, bare.exchange):
        wanted = known.get(plain(name))
        if isinstance(value, int) and isinstance(wanted, int) and value != wanted:
            summary = f"{name} is not the default that is declared"
            acting.note(bare.exchange, FILTERS, summary, str(wanted), str(value))
            return True
    return False


def _declared(lister: Lister) -> list[tuple[str, Any]]:
    found = []
    for name, (schema, _) in lister.wanted.items():
        default = shapes.default(lister.operation, schema)
        if default is not None and lister.fits(name, default):
            found.append((name, default))
    return found
