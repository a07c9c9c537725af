"""How the styles of OpenAPI 3.1 (Parameter Object, Style Values) and RFC 6570 write texts, lists and objects.

A reader returns a tree of texts, `ABSENT` if nothing of it was sent, or raises `UndecodableError`.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, TypeVar

from counterfoil.stub.requests.parameters.brackets import belongs, tree_of
from counterfoil.stub.requests.parameters.fields import Decode, Fields, UndecodableError
from counterfoil.stub.requests.parameters.text_types import Typing, json_or_text

T = TypeVar("T", list[Any], dict[str, Any])
ABSENT: Any = object()
Shape = Literal["text", "array", "object"]
TextReader = Callable[[str], Any]
FieldsReader = Callable[[Fields], Any]

SEPARATORS: Mapping[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}


def shapes(typing: Typing) -> list[Shape]:
    """What a value may be written as by its schema, the plainest first."""
    found: list[Shape] = []
    if not typing.types or typing.types - {"array", "object"}:
        found.append("text")
    if "array" in typing.types:
        found.append("array")
    if "object" in typing.types:
        found.append("object")
    return found


def text_reader(name: str, style: str, shape: Shape, decode: Decode, *, explode: bool) -> TextReader:
    """A reader of one text, that of a path's variable or a header, in the styles simple, label and matrix."""
    if style == "matrix":
        return _matrix_reader(name, shape, decode, explode=explode)
    mark, separator = (".", "." if explode else ",") if style == "label" else ("", ",")

    def read(text: str) -> Any:
        if not text.startswith(mark):
            raise UndecodableError(f'it does not begin with "{mark}"')
        rest = text[len(mark) :]
        if shape == "text":
            return decode(rest)
        if shape == "array":
            return [decode(item.strip(" \t")) for item in rest.split(separator)] if rest else []
        return _pairs(rest.split(separator), decode, explode=explode) if rest else {}

    return read


def _matrix_reader(name: str, shape: Shape, decode: Decode, *, explode: bool) -> TextReader:
    def values(text: str) -> list[str]:
        if not text.startswith(";"):
            raise UndecodableError('it does not begin with ";"')
        pairs = [part.partition("=") for part in text[1:].split(";")]
        if any(decode(key) != name for key, _, _ in pairs):
            raise UndecodableError(f'it does not begin with ";{name}"')
        return [value for _, _, value in pairs]

    def read(text: str) -> Any:
        if shape == "object" and explode:
            return _pairs(text.removeprefix(";").split(";"), decode, explode=True)
        found = values(text)
        if shape == "text":
            return decode(found[-1])
        if shape == "object":
            return _pairs(found[-1].split(","), decode, explode=False)
        items = found if explode else found[-1].split(",")
        return [decode(item) for item in items] if items != [""] else []

    return read


def fields_reader(
    name: str,
    style: str,
    typing: Typing,
    decode: Decode,
    *,
    explode: bool,
    others: Collection[str] = (),
) -> list[FieldsReader]:
    """Readers from fields, those of a query, form or cookie, one for each shape; the first that fits holds.

    `others` are the names that belong to something else where an object is written as fields of its own.
    """
    readers: Mapping[Shape, FieldsReader] = {
        "text": lambda fields: decode(fields[name][-1]) if name in fields else ABSENT,
        "array": _array_reader(name, style, decode, explode=explode),
        "object": _object_reader(name, style, typing, decode, explode=explode, others=others),
    }
    found = [readers[shape] for shape in shapes(typing)]
    if len(found) > 1 and found[0] is readers["text"]:
        # Several fields of one name are no single text.
        found[0] = lambda fields: decode(fields[name][0]) if len(fields.get(name, ())) == 1 else ABSENT
        found.append(readers["text"])
    return found


def _array_reader(name: str, style: str, decode: Decode, *, explode: bool) -> FieldsReader:
    def read(fields: Fields) -> Any:
        texts = fields.get(name)
        if texts is None:
            found = tree_of(fields, name, decode) if style == "deepObject" else None
            return ABSENT if found is None else found
        if (
            len(texts) == 1
            and texts[0][:1] in ("[", "%")
            and isinstance(listed := json_or_text(decode(texts[0])), list)
        ):
            return listed
        if style == "deepObject" or (explode and (style == "form" or len(texts) > 1)):
            return [decode(text) for text in texts] if texts != [""] else []
        return [item for text in texts if text for item in _items(text, SEPARATORS.get(style, ","), decode)]

    return read


def _items(text: str, separator: str, decode: Decode) -> list[str]:
    """The items of a delimited list.

    An encoded comma belongs to an item where there are plain ones; where there are not, many clients encode them all.
    """
    if separator == "," and "," in text:
        return [decode(item) for item in text.split(",")]
    return decode(text).split(separator)


def _object_reader(
    name: str, style: str, typing: Typing, decode: Decode, *, explode: bool, others: Collection[str]
) -> FieldsReader:
    def read(fields: Fields) -> Any:
        texts = fields.get(name)
        if style == "deepObject":
            found = tree_of(fields, name, decode)
            if found is not None:
                return found
        if texts is not None:
            text = decode(texts[-1])
            if (stated := _stated(text, dict)) is not None:
                return stated
            if style == "deepObject" or (style == "form" and explode and name not in typing.fields):
                raise UndecodableError("it is no object")
        if style == "form" and explode:
            return _own_fields(fields, typing, decode, others)
        if texts is None:
            return ABSENT
        return _pairs(_items(texts[-1], SEPARATORS.get(style, ","), decode), lambda item: item, explode=False)

    return read


def _own_fields(fields: Fields, typing: Typing, decode: Decode, others: Collection[str]) -> Any:
    """An object whose properties are fields; without properties, whatever belongs to nothing else is one."""
    found: dict[str, Any] = {}
    for field, texts in fields.items():
        if field in typing.fields or (typing.is_open and not _taken(field, others)):
            decoded = [decode(text) for text in texts]
            known = typing.fields.get(field)
            is_list = known is not None and "array" in known.types and "string" not in known.types
            found[field] = decoded if len(decoded) > 1 or is_list else decoded[0]
    return found or ABSENT


def _taken(field: str, others: Collection[str]) -> bool:
    return any(field == name or belongs(field, name) for name in others)


def _stated(text: str, kind: type[T]) -> T | None:
    """The list or object that a text is as JSON, as which some clients write it whatever the style."""
    if text[:1] not in ("[", "{"):
        return None
    value = json_or_text(text)
    return value if isinstance(value, kind) else None


def _pairs(parts: list[str], decode: Decode, *, explode: bool) -> dict[str, Any]:
    if explode:
        split = [part.strip(" \t").partition("=") for part in parts]
        if not all(equal for _, equal, _ in split):
            raise UndecodableError("it is no list of names and values")
        return {decode(key): decode(value) for key, _, value in split}
    if len(parts) % 2:
        raise UndecodableError("it is no list of names and values by turns")
    items = [decode(part.strip(" \t")) for part in parts]
    return dict(zip(items[::2], items[1::2], strict=True))
