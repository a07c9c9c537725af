"""What keeps the tests of one stub apart."""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterfoil.stub.callbacks.record import KEPT as CALLBACKS_KEPT
from counterfoil.stub.callbacks.record import Callback
from counterfoil.stub.control.faults import Faults
from counterfoil.stub.control.journal import KEPT, Journal
from counterfoil.stub.control.secrets import Secrets
from counterfoil.stub.state.memory import MemoryStore
from counterfoil.stub.state.store import Store

if TYPE_CHECKING:
    from counterfoil.stub.call import Call
    from counterfoil.stub.control.queued import Queued

HEADER = b"x-counterfoil-session"
MOST = 100  # named sessions
LONGEST = 200  # characters of a name


class NotGiven:
    """The type of `NOT_GIVEN`, which stands for what is not there, where None is a value."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN = NotGiven()


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that nobody expected while a request was answered."""

    method: str
    path: str
    error: Exception
    trace: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.error!r}"


@dataclass(slots=True)
class Session:
    """What belongs to one test, or to all requests that name no session.

    `answers` are those queued for an operation such as `POST /widgets`. `disturbed` is whether there are faults or
    answers, so that requests of a session without need to ask once only.
    """

    store: Store = field(default_factory=MemoryStore)
    journal: Journal = field(default_factory=Journal)
    failures: list[Failure] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    answers: dict[str, deque["Queued"]] = field(default_factory=dict)
    disturbed: bool = False
    callbacks: deque[Callback] = field(default_factory=lambda: deque(maxlen=CALLBACKS_KEPT))

    def settle(self) -> None:
        """See again whether the session is disturbed, after its faults or answers changed."""
        self.answers = {name: queue for name, queue in self.answers.items() if queue}
        self.disturbed = bool(self.answers or self.faults.rules)

    def reset(self) -> None:
        """Forget everything."""
        self.store.clear()
        self.journal.clear()
        self.failures.clear()
        self.faults.rules.clear()
        self.answers.clear()
        self.callbacks.clear()
        self.disturbed = False


class Sessions:
    """The sessions of a stub by name, at most `most` of them; `default` is that of requests that name none.

    Those that were not asked for longest are forgotten first.
    """

    def __init__(self, store: Callable[[str], Store], kept: int = KEPT, most: int = MOST) -> None:
        """`store` makes the store of a session, the name of the default one being empty."""
        self._store, self._kept, self._most = store, kept, most
        self._named: OrderedDict[str, Session] = OrderedDict()
        self.default = self._new("")

    def named(self, name: str) -> Session:
        """The session of a name, a new one if there is none."""
        if not name:
            return self.default
        session = self._named.get(name)
        if session is None:
            session = self._named.setdefault(name, self._new(name))
            while len(self._named) > self._most:
                self._named.popitem(last=False)[1].store.clear()
        else:
            self._named.move_to_end(name)
        return session

    def names(self) -> list[str]:
        """The names of all sessions but the default one, the one that was asked for last at the end."""
        return list(self._named)

    def remove(self, name: str) -> bool:
        """Forget a session and all that belongs to it; False if there is none."""
        session = self._named.pop(name, None)
        if session is not None:
            session.reset()
        return session is not None

    def kept_in(self, store: Callable[[str], Store]) -> "Sessions":
        """Sessions of the same kind with other stores."""
        return Sessions(store, self._kept, self._most)

    def again(self) -> "Sessions":
        """Sessions of the same kind that remember nothing."""
        return Sessions(lambda _: MemoryStore(), self._kept, self._most)

    def _new(self, name: str) -> Session:
        return Session(self._store(name), Journal(self._kept))


def name_of(call: "Call[Any, Any]", header: bytes, secrets: Secrets | None) -> str:
    """The name of the session that a request belongs to: the one its `header` names, else one for its credentials.

    The latter does not tell what these are. It is empty for a request without, and for all without `secrets`.
    """
    if named := call.headers.get(header):
        return named.decode("latin-1")[:LONGEST]
    if secrets is None:
        return ""
    carried = [call.headers.get(name.encode("latin-1"), b"") for name in sorted(secrets.headers)]
    carried += [value.encode() for name, value in call.query if name in secrets.parameters]
    if not any(carried):
        return ""
    return "token-" + hashlib.sha256(b"\0".join(carried)).hexdigest()[:16]
