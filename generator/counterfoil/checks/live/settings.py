"""What a person can choose about a run against a server that is not a stub in this process."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from counterfoil.checks.wire.network import Network
from counterfoil.checks.wire.tokens.sources import Renewal

Profile = Literal["safe", "full"]
PROFILES: tuple[Profile, ...] = get_args(Profile)

SAFE_BUDGET = 200  # requests
SAFE_INTERVAL = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class Live:
    """`profile` None is `safe` for a server away from this machine, else `full`.

    `budget` is how many requests are sent at most, `interval` how many seconds they are apart; None as the profile has
    it. `operations` are patterns of what may be asked. `resume` is a file that keeps what passed, `record` a HAR
    file to write. With `schemathesis` its stage is run by the profile `safe`, too.
    """

    profile: Profile | None = None
    budget: int | None = None
    interval: float | None = None
    operations: tuple[str, ...] = ()
    network: Network = field(default_factory=Network)
    renewal: Renewal | None = None
    resume: Path | None = None
    record: Path | None = None
    schemathesis: bool = False
