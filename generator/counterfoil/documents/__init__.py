"""Read: the text of a published page → `Document`, a raw OpenAPI tree with the source line of every node."""

from counterfoil.documents.document import Document
from counterfoil.documents.inference import infer

__all__ = ["Document", "read"]


def read(path: str, text: str) -> Document:
    """Read one page, whose format is recognised by its content.

    `path` is shown to people and says nothing about the format. Raises `CounterfoilError` if no format is recognised
    or the page cannot be read; what is doubtful in a readable page stands in the document's diagnostics.
    """
    from counterfoil.documents.recognition import recognise  # takes as long as a whole run that finds nothing to do

    document = recognise(path, text).read(path, text)
    infer(document)
    return document
