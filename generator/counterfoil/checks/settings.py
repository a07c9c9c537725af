"""What a person can choose about a run."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from counterfoil.checks.live.settings import Live

Stage = Literal["documented", "ladder", "probes", "schemathesis"]
STAGES: tuple[Stage, ...] = get_args(Stage)
Format = Literal["text", "json", "junit", "github", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)

DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """`stages` are run in the order of `STAGES`. The same `seed` gives the same requests.

    `max_cases` is how many requests the ladder sends to an operation at most, of which those come first that show most;
    without it, so many that all operations together are sent no more than can be waited for.
    `max_examples` is how many requests schemathesis makes up for an operation in each of its phases, `seconds` for how
    long it begins new ones. With `first` a run ends with its first finding. An answer may take `slowest` seconds.
    `live` is about servers that others use. `readonly` is a token of somebody who may read there and not write.
    """

    seed: int = DEFAULT_SEED
    stages: tuple[Stage, ...] = STAGES
    max_cases: int | None = None
    max_examples: int = 20
    seconds: float = 60.0
    first: bool = False
    slowest: float = 5.0
    live: Live = field(default_factory=Live)
    readonly: str | None = field(default=None, repr=False)
