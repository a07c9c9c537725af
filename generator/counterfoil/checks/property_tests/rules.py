"""The rule of a contract that a check of schemathesis is about."""

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.as_sent import Readings
from counterfoil.checks.cases.parameters import parameters
from counterfoil.checks.ladder.judge import ACCEPTS, REFUSES
from counterfoil.checks.operation import Operation
from counterfoil.checks.property_tests import names
from counterfoil.checks.schema_paths import followed
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.requests.violations import Violation

_OF_THE_PATH = frozenset({names.UNSUPPORTED_METHOD, "allow_header_conformance"})
_OF_DATA = frozenset({ACCEPTS, REFUSES, "missing_required_header"})


def rule_of(check: str, exchange: Exchange, readings: Readings) -> str:
    """The JSON Pointer of the rule: the part of the request that is wrong, what says who may ask, or the operation."""
    operation = exchange.operation
    if check == names.IGNORED_AUTH:
        own = "security" in operation.tree
        return json_pointer.join(operation.pointer, "security") if own else "/security"
    if check in _OF_THE_PATH:
        return operation.pointer.rpartition("/")[0]
    route = readings.route(exchange.request) if check in _OF_DATA else None
    wrong = next(iter(readings.violations(exchange.request, route)), None) if route is not None else None
    if isinstance(wrong, Violation) and wrong.place != "body":
        return _of_parameter(operation, wrong.place, str(wrong.path[0])) or operation.pointer
    if wrong is not None and "requestBody" in operation.tree:
        at = json_pointer.join(operation.pointer, "requestBody")
        return followed(operation.contract, operation.tree["requestBody"], at)[1]
    return operation.pointer


def _of_parameter(operation: Operation, place: str, name: str) -> str:
    found = (each for each in parameters(operation) if (each.place, each.name.lower()) == (place, name.lower()))
    return next((each.pointer for each in found), "")
