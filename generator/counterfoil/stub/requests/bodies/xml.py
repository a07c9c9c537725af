"""XML bodies as values, by the `xml` of schemas (OpenAPI 3.1, XML Object); document types are refused."""

from typing import Any
from xml.parsers import expat

from counterfoil.stub.call import Call
from counterfoil.stub.requests.bodies.texts import header_parameter
from counterfoil.stub.requests.malformed import MalformedError
from counterfoil.stub.requests.parameters.text_types import TextTypes, Typing

DEEPEST = 128
_NIL = "http://www.w3.org/2001/XMLSchema-instance nil"


class Element:
    """An element without its namespaces: `name`, attributes, child elements, the text between its tags."""

    __slots__ = ("attributes", "children", "is_nil", "name", "texts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = _local(name)
        self.is_nil = attributes.get(_NIL) in ("true", "1")
        self.attributes = {_local(key): value for key, value in attributes.items() if key != _NIL}
        self.children: list[Element] = []
        self.texts: list[str] = []

    @property
    def text(self) -> str:
        """All text directly in the element, without spaces around it."""
        return "".join(self.texts).strip()


class XMLReader:
    """Reads bodies of one schema."""

    def __init__(self, types: TextTypes, schema: Any) -> None:
        self._types = types
        self._typing = types.of(schema)

    def read(self, call: Call[Any, Any]) -> Any:
        """The value that a body stands for; `MalformedError` if it is not well-formed, or has a document type."""
        root = parse(call.raw or b"", header_parameter(call.header(b"content-type") or b"", "charset"))
        return self._typing(self._value(root, self._typing))

    def _value(self, element: Element, typing: Typing) -> Any:
        if element.is_nil:
            return None
        if "array" in typing.types and "object" not in typing.types:
            return [self._value(child, typing.items) for child in element.children]
        is_empty = "object" in typing.types and not element.text
        if typing.fields or element.children or element.attributes or is_empty:
            return self._object(element, typing)
        return element.text

    def _object(self, element: Element, typing: Typing) -> Any:
        found: dict[str, Any] = {}
        used: set[str] = set()
        for name, each in typing.fields.items():
            stated = each.xml
            known = str(stated.get("name") or name)
            if stated.get("attribute"):
                used.add(known)
                if known in element.attributes:
                    found[name] = element.attributes[known]
                continue
            is_list = "array" in each.types
            inner = str(each.items.xml.get("name") or known) if is_list else known
            names = {known} if not is_list or stated.get("wrapped") else {inner, known, name}
            children = [child for child in element.children if child.name in names]
            used |= names
            if not children:
                continue
            if is_list and stated.get("wrapped"):
                found[name] = [self._value(child, each.items) for child in children[-1].children]
            elif is_list:
                found[name] = [self._value(child, each.items) for child in children]
            else:
                found[name] = self._value(children[-1], each)
        others: dict[str, list[Any]] = {}
        for child in element.children:
            if child.name not in used:
                others.setdefault(child.name, []).append(self._value(child, typing.others))
        for name, values in others.items():
            listed = [*_listed(found[name]), *values] if name in found else values
            found[name] = listed[0] if len(listed) == 1 else listed
        return found if found or "object" in typing.types or not typing.types else element.text


def parse(body: bytes, charset: str | None = None) -> Element:
    """The root element of a document; `MalformedError` if it is not well-formed, or has a document type."""
    try:
        parser = expat.ParserCreate(charset, " ")
    except ValueError:
        raise MalformedError("unknown charset") from None
    roots: list[Element] = []
    open_elements: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes)
        (open_elements[-1].children if open_elements else roots).append(element)
        open_elements.append(element)
        if len(open_elements) > DEEPEST:
            raise MalformedError("nested too deeply")

    def end(_name: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        open_elements[-1].texts.append(data)

    def refuse(*_: Any) -> None:
        raise MalformedError("document types are not accepted")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise MalformedError(expat.ErrorString(error.code), line=error.lineno, column=error.offset) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, MalformedError):
            raise
        raise MalformedError("unknown encoding") from None
    return roots[0]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
