"""How soon lists show what was changed: at once, or a little later where an index or a copy of the data feeds them."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from counterfoil.checks.objects.collections import Key
from counterfoil.checks.objects.made import SAFE, alongside
from counterfoil.checks.roles import role_of

if TYPE_CHECKING:
    from counterfoil.checks.conversation import Conversation
    from counterfoil.checks.objects.lists import Lister
    from counterfoil.checks.objects.pages import Walk
    from counterfoil.checks.wire.exchange import Exchange

PATIENCE = 1.0  # seconds, after which what is not listed is lost
_PAUSE = 0.1
_MARGIN = 1.25
_READS = frozenset({"list", "fetch"})


class Settling:
    """Looks again where a list lacks what was just made, and waits before every list once one was late.

    A contract promises that lists have what was made, and hardly ever how soon. Stubs in this process are not waited
    for.
    """

    def __init__(self, conversation: "Conversation") -> None:
        self._conversation = conversation
        self._lag = 0.0
        self._in_vain: set[str] = set()  # operations whose lists lack something for good

    def wait(self) -> None:
        """Wait until lists show the last change, where they are known to be late."""
        left = self._lag - self._age() if self._lag else 0.0
        if left > 0:
            time.sleep(left)

    def settled(self, lister: "Lister", look: Callable[[], "Walk"]) -> "Walk":
        """The whole list as `look` finds it, looked at again as long as something may come."""
        walk = look()
        lacking = self._lacking(lister, walk)
        while lacking and self._age() <= PATIENCE:
            time.sleep(_PAUSE)
            age, walk = self._age(), look()
            if lacking <= set(walk.keys):
                self._lag = max(self._lag, min(_MARGIN * age, PATIENCE))
                return walk
        if lacking:
            self._in_vain.add(lister.operation.label)
        return walk

    def _lacking(self, lister: "Lister", walk: "Walk") -> set[Key]:
        """The keys of what was just made and should be in a list, and is not."""
        target, label = self._conversation.client.target, lister.operation.label
        if target.is_stub or label in self._in_vain or not walk.complete or walk.last is None:
            return set()
        now, keys, recent = time.time(), set(walk.keys), []
        for made in reversed(self._conversation.existing.memory.untouched(lister.part.role.collection)):
            if now - made.exchange.moment > PATIENCE:
                break
            if made.key not in keys and lister.is_whole_for(made.value):
                recent.append(made)
        return {made.key for made in alongside(walk.last, recent)}

    def _age(self) -> float:
        """The seconds since something was changed last."""
        changes = (each for each in reversed(self._conversation.exchanges) if _changes(each))
        last = next(changes, None)
        return time.time() - last.moment - last.seconds if last is not None else PATIENCE


def _changes(exchange: "Exchange") -> bool:
    is_read = exchange.request.method in SAFE or role_of(exchange.operation).action in _READS
    return not is_read and exchange.response.status < 400
