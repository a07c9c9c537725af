"""What is wrong with a request that somebody else made, by the contract."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.parameters import Parameter, parameters, readings
from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.wire.credentials import MASK
from counterfoil.checks.wire.exchange import NOTHING, Request


def violations(request: Request, operation: Operation, path: Mapping[str, str], instances: Instances) -> Iterator[str]:
    """Each in words. `path` holds the texts of path parameters.

    Parameters that are lists or objects are looked at for being there only, bodies where they are JSON.
    """
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    cookies = [pair.strip().partition("=")[::2] for pair in request.header("cookie").split(";")]
    for parameter in parameters(operation):
        if parameter.place == "header":
            texts = [value for name, value in request.headers if name.lower() == parameter.name.lower()]
        elif parameter.place == "path":
            texts = [text for name, text in path.items() if name == parameter.name]
        else:
            pairs = query if parameter.place == "query" else cookies
            texts = [text for name, text in pairs if name.partition("[")[0] == parameter.name.removesuffix("[]")]
        if not texts and parameter.required and parameter.node.get("style") in (None, "simple", "form"):
            yield f"the required {parameter.place} parameter {parameter.name} is missing"
        elif len(texts) == 1 and MASK not in texts[0] and not _fits(parameter, texts[0], operation, instances):
            yield f"the {parameter.place} parameter {parameter.name} breaks its schema: {texts[0]}"
    yield from _of_body(request, operation, instances)


def _fits(parameter: Parameter, text: str, operation: Operation, instances: Instances) -> bool:
    schema = operation.resolve(parameter.schema)
    if not isinstance(schema, dict) or "content" in parameter.node:
        return True
    types = schema.get("type")
    if not types or {"array", "object"} & set([types] if isinstance(types, str) else types):
        return True
    return any(instances.fits(parameter.schema_pointer, value) for value in readings(text))


def _of_body(request: Request, operation: Operation, instances: Instances) -> Iterator[str]:
    if not operation.request_content:
        return
    node = operation.resolve(operation.tree.get("requestBody", {}))
    if not request.body:
        if node.get("required"):
            yield "the required body is missing"
        return
    sent = media_type_of(request.header("content-type"))
    ranges = {sent, sent.partition("/")[0] + "/*", "*/*"}
    name = next((name for name in operation.request_content if media_type_of(name) in ranges), None)
    if name is None:
        yield f"the media type {sent or 'of the body'} is not documented"
        return
    if not is_json(sent) or "schema" not in operation.request_content[name]:
        return
    if request.json is NOTHING:
        yield "the body is no JSON"
        return
    pointer = json_pointer.join(operation.pointer, "requestBody")
    if "$ref" in operation.tree.get("requestBody", {}):
        pointer = operation.tree["requestBody"]["$ref"].removeprefix("#")
    broken = instances.broken(json_pointer.join(pointer, "content", name, "schema"), request.json)
    if broken and MASK not in str(broken):
        yield f"the body breaks its schema: {broken}"
