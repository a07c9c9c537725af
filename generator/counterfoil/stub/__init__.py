"""What generated stubs import at run time. Imports nothing of the generator: serving must start fast."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterfoil.stub.app import Stub
    from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.handlers.registry import Handlers

__all__ = ["Call", "Handlers", "RefusalError", "Reply", "Stub"]

_MODULES = {"Call": "call", "RefusalError": "call", "Reply": "call", "Stub": "app"}


def __getattr__(name: str) -> Any:
    """What is exported, imported when it is asked for: the generator needs parts of the package, and no server."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
