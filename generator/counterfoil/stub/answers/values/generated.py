"""Values that the extension's `generate` states, made without a request: the same ones for the same randomness."""

from random import Random
from typing import Any
from uuid import UUID

from counterfoil.stub.answers.placeholders import ALPHANUMERIC, SIZED, base62, compile_template

LETTERS = {"alphanumeric": ALPHANUMERIC, "hex": "0123456789abcdef", "digits": "0123456789"}


def generated(template: Any, random: Random) -> Any:
    """What a template stands for; moments and ordinal numbers are the same in each value."""
    return compile_template(template)(_Context(random))


class _Context:
    moment, number, facts = 1_767_225_600.0, 1, dict[str, Any]()  # the beginning of 2026

    def __init__(self, random: Random) -> None:
        self.drawn = _Drawn(random)


class _Drawn(dict[str, str]):
    """Draws the random texts of a value by itself in place of those that it is offered."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    def setdefault(self, name: str, default: str = "") -> str:
        if name not in self:
            self[name] = self._draw(name, default)
        return self[name]

    def _draw(self, name: str, offered: str) -> str:
        if sized := SIZED.fullmatch(name):
            return "".join(self._random.choices(LETTERS[sized[1]], k=int(sized[2])))
        number = self._random.getrandbits(128)
        if name == "uuid":
            return str(UUID(int=number, version=4))
        return base62(number) if name == "base62-uuid7" else offered
