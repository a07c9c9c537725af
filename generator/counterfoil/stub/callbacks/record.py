"""A request that a stub made, or would have made."""

from dataclasses import dataclass, field
from typing import Any, Literal

from counterfoil.stub.control.secrets import Mask

KEPT = 1000  # of a session


@dataclass(slots=True)
class Callback:
    """A callback of `operation` (such as `POST /subscriptions`), or a webhook if that is None.

    `url` is None where nobody said where to send it, `body` a JSON value where it is JSON, else a text. `outcome` is
    `waiting` until it is `sent` (and answered with `status`), `failed`, or `listed` only, the last two for a `reason`.
    """

    at: str
    name: str
    operation: str | None
    method: str
    url: str | None
    headers: dict[str, str]
    body: Any
    raw: bytes = field(repr=False)
    outcome: Literal["waiting", "sent", "failed", "listed"] = "waiting"
    reason: str | None = None
    status: int | None = None

    def as_json(self, mask: Mask) -> dict[str, Any]:
        """The same as a JSON value, secrets masked."""
        return {
            "at": self.at,
            "name": self.name,
            "operation": self.operation,
            "method": self.method,
            "url": None if self.url is None else mask.text(self.url),
            "headers": {name: mask.header(name, value) for name, value in self.headers.items()},
            "body": mask.value(self.body),
            "outcome": self.outcome,
            "reason": self.reason,
            "status": self.status,
        }
