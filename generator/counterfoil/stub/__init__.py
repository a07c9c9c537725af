"""What generated stubs import at run time. Imports nothing of the generator: serving must start fast."""

from counterfoil.stub.app import Stub
from counterfoil.stub.call import Call, RefusalError, Reply

__all__ = ["Call", "RefusalError", "Reply", "Stub"]
