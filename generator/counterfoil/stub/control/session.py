"""What keeps the tests of one stub apart."""

from dataclasses import dataclass, field

from counterfoil.stub.state.store import MemoryStore, Store


@dataclass(slots=True)
class Session:
    """What belongs to one test, or to all calls that name no session."""

    store: Store = field(default_factory=MemoryStore)
