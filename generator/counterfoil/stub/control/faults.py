"""Ways in which a stub is told to fail, and which of them a request meets."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Effect:
    """What happens to one request.

    `latency` are milliseconds before the answer is sent, give or take `jitter`. `status` is answered instead of what
    the operation would, with `retry_after` in seconds. With `drop` the connection is closed without an answer,
    `before` or `after` the operation takes effect. `truncate` closes it after so many bytes of the body, True for half
    of them; `malformed` makes a body that cannot be parsed.
    """

    latency: float = 0
    jitter: float = 0
    status: int | None = None
    retry_after: float | None = None
    drop: str | None = None
    truncate: bool | int | None = None
    malformed: bool = False

    def told(self) -> dict[str, Any]:
        """What of it is not as usual."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not each.default}


@dataclass(slots=True)
class Fault:
    """A rule: requests that it holds for have its `effect`.

    It holds for `operation` (such as `POST /widgets`), None for all requests, for the share `probability` of them,
    always the same ones for the same `seed`, and no more once it has held `times` times. With `rate_limit` it holds for
    those beyond so many in a window of `window` seconds, which are told to come back after it.
    """

    effect: dict[str, Any]
    operation: str | None = None
    probability: float = 1
    seed: int = 0
    times: int | None = None
    rate_limit: int | None = None
    window: float = 60
    id: str = ""
    _draw: random.Random = field(init=False, repr=False)
    _until: float = field(init=False, default=0, repr=False)
    _seen: int = field(init=False, default=0, repr=False)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)  # noqa: S311 - chooses, guards nothing

    def meet(self, now: float) -> dict[str, Any] | None:
        """The effect on the next request that it may hold for, `now` in seconds; None if it does not hold."""
        effect = self.effect
        if self.rate_limit is not None:
            if now >= self._until:
                self._until, self._seen = now + self.window, 0
            self._seen += 1
            if self._seen <= self.rate_limit:
                return None
            effect = {"retry_after": max(1, round(self._until - now + 0.5)), **effect}
        if self.probability < 1 and self._draw.random() >= self.probability:
            return None
        if self.times is not None:
            self.times -= 1
        return effect

    def as_json(self) -> dict[str, Any]:
        """The rule as the control API tells it."""
        told: dict[str, Any] = {"id": self.id, **self.effect}
        for name, usual in (("operation", None), ("probability", 1), ("times", None), ("rate_limit", None)):
            if (value := getattr(self, name)) != usual:
                told[name] = value
        if self.rate_limit is not None:
            told["window"] = self.window
        return told


class Faults:
    """The rules of a session in the order in which they were given."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self._last = 0

    def add(self, fault: Fault) -> Fault:
        """Let a rule hold from now on; the rule with its `id`."""
        self._last += 1
        fault.id = str(self._last)
        self.rules.append(fault)
        return fault

    def remove(self, identifier: str) -> bool:
        """Whether there was a rule of this `id`; there is none now."""
        kept = [rule for rule in self.rules if rule.id != identifier]
        removed = len(kept) < len(self.rules)
        self.rules = kept
        return removed

    def effect(self, operation: str, given: Effect | None, clock: Callable[[], float] = time.monotonic) -> Effect:
        """What happens to a request for `operation`, empty for none: what is `given` with it, then what rules add."""
        found: dict[str, Any] = {}
        for rule in self.rules:
            if rule.operation in (None, operation):
                found = (rule.meet(clock()) or {}) | found
        self.rules = [rule for rule in self.rules if rule.times is None or rule.times > 0]
        return Effect(**(found | (given.told() if given else {})))


def read_header(text: str) -> Effect:
    """The effect that a header such as `latency=200; status=503; drop` asks for; `ValueError` if it is none."""
    found: dict[str, Any] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, _, value = (each.strip() for each in part.partition("="))
        name = name.lower().replace("-", "_")
        if name in found:
            raise ValueError(f"{name} is given twice")
        try:
            found[name] = _READERS[name](value)
        except KeyError:
            names = ", ".join(_READERS).replace("_", "-")
            raise ValueError(f"{name} is no fault; the faults are {names}") from None
        except ValueError:
            raise ValueError(f"{value or 'nothing'} is no value for {name.replace('_', '-')}") from None
    if not found:
        raise ValueError("no fault is given")
    return Effect(**found)


def _number(most: float, least: float = 0) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return read


def _drop(text: str) -> str:
    if text not in ("", "before", "after"):
        raise ValueError(text)
    return text or "before"


def _flag(text: str) -> bool:
    if text not in ("", "true"):
        raise ValueError(text)
    return True


_READERS: dict[str, Callable[[str], Any]] = {
    "latency": _number(600_000),
    "jitter": _number(600_000),
    "status": lambda text: int(_number(599, 400)(text)),
    "retry_after": _number(86_400 * 365),
    "drop": _drop,
    "truncate": lambda text: int(_number(2**31)(text)) if text else True,
    "malformed": _flag,
}
