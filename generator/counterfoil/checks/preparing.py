"""What a run needs before its first request: the contract, and credentials that it accepts."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from counterfoil.checks.guesses import guesses_in, leave_guesses_out, without_guesses
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.credentials import Credentials, variable_for
from counterfoil.checks.wire.target import Target
from counterfoil.checks.wire.tokens.forms import conforming_token, documented_form
from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.reading import read

T = TypeVar("T")


def read_contract(path: Path) -> dict[str, Any]:
    """A generated `openapi.json`; `CounterfoilError` if it is missing or no JSON."""
    found: dict[str, Any] = _read(path, json.loads)
    return found


def contract_for(package_dir: Path, target: Target, token: str | None) -> ContractTree:
    """The contract that a run holds `target` to; `CounterfoilError` if it is missing or no JSON.

    Stubs do what an overlay only infers, others need not. What is found out of a contract is kept for further runs of
    this process, but not for those that may leave checks out, as without a token.
    """
    path = package_dir / "openapi.json"
    if target.is_stub:
        return _read(path, read)
    if token is None:
        contract = read_contract(path)
        leave_guesses_out(contract, package_dir)
        return ContractTree(contract)
    return _read(path, lambda text: without_guesses(text, guesses_in(package_dir)))


def _read(path: Path, read: Callable[[str], T]) -> T:
    try:
        return read(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = "run `counterfoil generate` first"
        raise CounterfoilError(
            Diagnostic(Location(path.as_posix(), 0), "no-contract", "there is no generated contract here", hint)
        ) from None
    except ValueError as error:
        raise CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "invalid-json", str(error))) from error


def refuse_unknown_checks(found: Iterable[Operation], known: frozenset[str], contract: Path) -> None:
    """`CounterfoilError` if the overlay switches off a check that does not exist."""
    unknown = sorted({name for operation in found for name in operation.switched_off} - known)
    if unknown:
        location = Location(contract.as_posix(), 0)
        hint = f"known are {', '.join(sorted(known))}"
        raise CounterfoilError(
            *(Diagnostic(location, "unknown-check", f"x-counterfoil switches off {name}", hint) for name in unknown)
        )


def credentials_for(
    vendor: str,
    contract: dict[str, Any],
    found: Sequence[Operation],
    target: Target,
    token: str | None,
    headers: Sequence[tuple[str, str]],
) -> Credentials:
    """What a run sends as credentials; made up where a server on this machine wants some and nobody gave them.

    `CounterfoilError` if an operation needs credentials that are not there.
    """
    schemes = contract.get("components", {}).get("securitySchemes", {})
    variable = variable_for(vendor)
    credentials = Credentials(variable, token, tuple(headers), schemes)
    lacking = [operation for operation in found if not credentials.satisfied_for(operation)]
    if lacking and token is None and target.is_local:
        token = conforming_token(lacking[0], schemes)
        credentials = Credentials(variable, token, tuple(headers), schemes, made_up=True)
        lacking = [operation for operation in found if not credentials.satisfied_for(operation)]
    if not lacking:
        if token is not None:
            target.admit(token)
        return credentials
    message = f"{lacking[0].label} needs credentials"
    hint = f"set {variable} to what the security scheme asks for, or pass --header"
    raise CounterfoilError(Diagnostic(Location(target.public_url, 0), "credentials-missing", message, hint))


def leave_authentication_out(found: Iterable[Operation], credentials: Credentials, checks: Iterable[str]) -> None:
    """Switch `checks` off where any token may be as good as the one that was made up."""
    reason = f"the token was made up and any may do; set {credentials.variable} to test authentication"
    for operation in found:
        if credentials.needed_by(operation) and documented_form(operation, credentials.schemes) is None:
            for check in checks:
                operation.switched_off.setdefault(check, reason)
