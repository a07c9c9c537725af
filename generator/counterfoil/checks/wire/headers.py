"""What the texts of documented headers of answers mean (OpenAPI 3.1, Header Object)."""

from counterfoil.checks.operation import Operation, Tree
from counterfoil.stub.requests.parameters.fields import UndecodableError
from counterfoil.stub.requests.parameters.styles import shapes, text_reader
from counterfoil.stub.requests.parameters.text_types import TextTypes

_LONG = 100  # digits; Python reads no more than some thousands


def accepts(operation: Operation, header: Tree, text: str) -> bool:
    """Whether a Header Object with a schema allows a text, as it is or as any value that it stands for.

    Values are written in the style `simple`, the only one for headers; HTTP writes numbers with zeros in front, too.
    """
    schema = header["schema"]
    if operation.accepts(schema, text) or (
        text.isdecimal() and len(text) < _LONG and operation.accepts(schema, int(text))
    ):
        return True
    typing = operation.remembered_of(schema, "typing", lambda: TextTypes(operation.schemas).of(schema))
    for shape in shapes(typing):
        try:
            tree = text_reader("", "simple", shape, str, explode=bool(header.get("explode")))(text)
        except UndecodableError:
            continue
        if operation.accepts(schema, typing(tree)):
            return True
    return False
