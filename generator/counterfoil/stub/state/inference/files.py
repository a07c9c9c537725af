"""Files: the operations that take them and give them back, and what objects tell of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, cast, get_args

from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.state.inference.names import plain, words
from counterfoil.stub.state.inference.operation import Operation
from counterfoil.stub.state.inference.resources import Key, key_of, template
from counterfoil.stub.state.roles import ANSWER, Place, Role

PARTS, BYTES = "multipart/form-data", "application/octet-stream"

Digest = Literal["md5", "sha1", "sha256", "sha512"]
Told = Literal["size", "name", "type", Digest]

DIGESTS: tuple[Digest, ...] = get_args(Digest)
_SIZES = frozenset(("size", "filesize", "bytes", "bytesize", "contentlength", "sizebytes", "sizeinbytes"))
_NAMES = frozenset(("filename", "originalname", "originalfilename"))
_TYPES = frozenset(("contenttype", "mimetype", "mediatype"))
_BYTES = re.compile(r"\bbytes?\b", re.IGNORECASE)
_UNITS = re.compile(r"\b(?:kilo|mega|k|m|ki|mi)b(?:ytes?)?\b", re.IGNORECASE)
# The last words of paths at which a file is as it is, and those at which one is only taken.
_CONTENTS = frozenset(("content", "contents", "download", "file", "raw", "data", "body", "bytes", "blob", "binary"))
_UPLOAD = "upload"
_NO_FILES = re.compile(r"multipart/|application/x-www-form-urlencoded|(?:text|application)/(?:.+\+)?(?:xml|yaml)")

Roles = dict[tuple[str, str], Role]


def told_of_file(name: str, description: str = "") -> Told | None:
    """What the property `name` tells of a file, sizes in bytes; None where it tells nothing, or in other units."""
    called = plain(name)
    if called in _SIZES or (called == "length" and _BYTES.search(description)):
        return None if _UNITS.search(description) else "size"
    if called in _NAMES or called in _TYPES:
        return "name" if called in _NAMES else "type"
    return next((each for each in DIGESTS if each in called), None)


def file_part(contract: ContractTree, schema: Node) -> str | None:
    """The only part of a form that is a file; None where none is, or several are."""
    found = [name for name, node in contract.properties(schema).items() if _is_file(contract, node)]
    return found[0] if len(found) == 1 else None


def _is_file(contract: ContractTree, schema: Node) -> bool:
    node = contract.follow(schema)[0]
    is_stated = "format" in node or "contentMediaType" in node
    return is_stated and node.get("type") in ("string", None) and node.get("format", "binary") == "binary"


def with_files(operations: Iterable[Operation], roles: Roles) -> Roles:
    """`roles` with the files that operations take, give back and remove.

    What is uploaded at a path is given back at the same one, or at that of the object which was made of it, with
    `/content` or the like behind it or without.
    """
    operations, given = list(operations), dict[Key, list[Operation]]()
    for each in operations:
        if each.method == "GET" and _given(each):
            given.setdefault(_base(each), []).append(each)
    found: Roles = {}
    for each in operations if given else ():
        if each.method not in _TAKING or (types := _taken(each)) is None:
            continue
        base = _base(each)
        shows = (*given.get(base, ()), *given.get((*base, "{}"), ()))
        if fed := [one for one in shows if _feeds(types, _given(one))]:
            found[each.method, each.path] = _about(each, roles, each, [one.path for one in fed])
            for one in fed:
                found.setdefault((one.method, one.path), _about(one, roles, each, [one.path]))
    shown = {key: [one.path for one in ones if (one.method, one.path) in found] for key, ones in given.items()}
    for each in operations if found else ():
        if each.method == "DELETE" and (paths := shown.get(_base(each))):
            place = each.method, each.path
            found[place] = replace(roles[place], files=tuple(paths))
    return roles | found


_TAKING = ("POST", "PUT", "PATCH")


def _feeds(taken: frozenset[str], given: frozenset[str]) -> bool:
    """Whether what is taken may be given; what a form has may be of any kind but text, which may be about the file."""
    is_any = PARTS in taken and not all(each.startswith("text/") for each in given)
    return is_any or bool(given & {BYTES, *taken})


def _base(operation: Operation) -> Key:
    """The path of what a file belongs to, without the names of variables and without what says that it is one."""
    key = key_of(operation)
    last = words(key[-1])[-1:] if len(key) > 1 else []
    is_content = bool(last) and key[-2] == "{}" and last[0] in _CONTENTS
    return key[:-1] if is_content or last == [_UPLOAD] else key


def _taken(operation: Operation) -> frozenset[str] | None:
    """The media types of the files that requests are or have as a part; None where they have none."""
    content = operation.contract.follow(operation.node.get("requestBody"))[0].get("content") or NOTHING
    found = set(_raw(content))
    for name, media in content.items():
        schema = operation.contract.follow(media)[0].get("schema") or NOTHING
        if _essence(name) == PARTS and file_part(operation.contract, schema) is not None:
            found.add(PARTS)
    return frozenset(found) or None


def _given(operation: Operation) -> frozenset[str]:
    """The media types of files among the answers of success."""
    responses = operation.node.get("responses") or NOTHING
    contents = (operation.contract.follow(node)[0].get("content") for name, node in responses.items() if name[0] == "2")
    return frozenset(each for content in contents for each in _raw(content or NOTHING))


def _raw(content: Iterable[str]) -> Iterator[str]:
    names = map(_essence, content)
    return filter(may_be_file, names)


def may_be_file(media_type: str) -> bool:
    """Whether what is of a media type, in lower case, is neither a value in a notation for any, nor a form."""
    return not is_json(media_type) and not _NO_FILES.match(media_type)


def _essence(name: str) -> str:
    return name.partition(";")[0].strip().lower()


def _about(operation: Operation, roles: Roles, upload: Operation, paths: Iterable[str]) -> Role:
    """The role of an operation on files at `paths`, with the object that its own path names, where there is one."""
    files = tuple(dict.fromkeys(paths))
    role, base = roles[operation.method, operation.path], _base(operation)
    if role != ANSWER or base[-1] != "{}":
        return replace(role, files=files)
    about = [one for (_, path), one in roles.items() if one.key and one.key.where == "path" and _key(path) == base]
    made = roles[upload.method, upload.path]
    about += [made] if made.action == "create" and _key(made.collection) == base[:-1] else []
    known = next((one for one in about if one.action != "answer"), None)
    if known is None:
        return replace(role, files=files)
    name = operation.segments[len(base) - 1].strip("{}")
    return Role(
        "answer", template(operation, len(base) - 1), Place("path", (name,)), known.identifier, known.shape,
        unknown=known.unknown, given=known.given, files=files,
    )  # fmt: skip


_VARIABLE = re.compile(r"\{[^{}]*\}")


def _key(path: str) -> Key:
    return cast("Key", tuple(_VARIABLE.sub("{}", each) for each in path.split("/") if each))
