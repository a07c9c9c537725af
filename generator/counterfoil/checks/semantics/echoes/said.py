"""What a request says, whatever it is written as: JSON, a form, parts, parameters."""

from counterfoil.checks.cases.as_sent import Readings, Said
from counterfoil.checks.operation import media_type_of
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.routes import Route
from counterfoil.stub.requests.routing.templates import VARIABLE, split_template


def body_and_schema(exchange: Exchange) -> tuple[object, object]:
    """The body of a request as a JSON value, and the schema that the contract has for it.

    The value is `NOTHING` where there is none that can be read, the schema None where none is documented.
    """
    operation, request = exchange.operation, exchange.request
    if request.json is not NOTHING:
        return request.json, operation.request_schema
    sent = media_type_of(request.header("content-type"))
    schema = next(
        (media.get("schema") for name, media in operation.request_content.items() if media_type_of(name) == sent), None
    )
    return (said(exchange).body if schema is not None and request.body else NOTHING), schema


def said(exchange: Exchange) -> Said:
    """Body and parameters of a request as values of their schemas; defaults take the place of absent parameters."""
    operation = exchange.operation
    readings = operation.remembered("readings", lambda: Readings(()))
    names = VARIABLE.findall(split_template(operation.path)[0])
    texts = dict(zip(names, exchange.variables or (), strict=False))
    return readings.said(exchange.request, Route(operation, texts))
