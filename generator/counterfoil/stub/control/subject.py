"""The contract as those see it who control its stub: its operations by name, its secrets, what may be asked of it."""

import difflib
import json
from collections.abc import Collection, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.control.secrets import Secrets

if TYPE_CHECKING:
    from counterfoil.stub.answers.responses import Success
    from counterfoil.stub.callbacks.calling import Calling

DESCRIPTION = Path(__file__).with_name("control.openapi.json")


class Subject:
    """What the controls of a stub know of its contract."""

    def __init__(
        self,
        contract: ContractTree,
        tokens: Collection[str] = (),
        allow_callbacks: Collection[str] | None = (),
        seed: int = 0,
    ) -> None:
        self.contract = contract
        self._tokens, self._allow_callbacks, self._seed = tokens, allow_callbacks, seed

    @cached_property
    def secrets(self) -> Secrets:
        """What must not be shown of requests."""
        return Secrets(self.contract, self._tokens)

    @cached_property
    def calling(self) -> "Calling":
        """What makes callbacks and webhooks; `ValueError` where something is allowed that is no host."""
        from counterfoil.stub.callbacks.calling import Calling

        return Calling(self.contract, self._allow_callbacks, self._seed)

    @cached_property
    def operations(self) -> dict[str, str]:
        """Every name that an operation goes by → method and path template."""
        found: dict[str, str] = {}
        for method, path, operation, _ in self.contract.operations():
            found[f"{method} {path}"] = f"{method} {path}"
            if isinstance(identifier := operation.get("operationId"), str):
                found.setdefault(identifier, f"{method} {path}")
        return found

    def operation(self, name: str) -> str:
        """Method and path template of the operation of this name; `ValueError` if the contract has none."""
        found = self.operations.get(name)
        if found is None:
            method, _, path = name.partition(" ")
            found = self.operations.get(f"{method.upper()} {path}")
        if found is None:
            near = difflib.get_close_matches(name, self.operations, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"the contract has no operation {name}{hint}")
        return found

    def success(self, name: str) -> "Success":
        """What the contract declares that an operation answers, which is called by its method and path template."""
        from counterfoil.stub.answers.responses import Success

        method, _, path = name.partition(" ")
        responses = self.contract.operation(method, path)[0].get("responses") or {}
        return Success(self.contract, responses, creates=method == "POST")


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document of the control API; not to be changed."""
    found: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    return found


def check(schema: str, value: Mapping[str, Any]) -> None:
    """`ValueError` if a value does not fit a schema of the control API's document."""
    error = next(_validator(schema).iter_errors(dict(value)), None)
    if error is not None:
        place = ".".join(map(str, error.instance_path))
        raise ValueError(f"{place}: {error.message}" if place else error.message)


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry([("urn:control", description())])
    return jsonschema_rs.Draft202012Validator({"$ref": f"urn:control#/components/schemas/{schema}"}, registry=registry)
