"""The body of an error that nobody spelled out: a template made from what the contract declares for it.

What a field is for is told by its name and type. The result is the kind of template that a person would write
under `refusals` in the `x-counterfoil` extension.
"""

import re
from collections.abc import Mapping
from typing import Any

from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.answers.speaking import alternative, names_of, phrase, plain
from counterfoil.stub.contract_tree import ContractTree, Node, type_name

PROBLEM_JSON = "application/problem+json"
MESSAGE = frozenset(
    {"message", "msg", "detail", "details", "description", "reason", "errormessage", "errordescription"}
)
TITLE = frozenset({"title", "error", "errortitle", "statustext"})
KIND = frozenset({"code", "errorcode", "type", "errortype", "name", "kind", "keyword", "status"})
STATUS = frozenset({"status", "statuscode", "httpstatus", "httpcode", "code", "errorcode"})
REQUEST_ID = frozenset({"id", "requestid", "traceid", "correlationid", "errorid", "uuid", "instance"})
TIME = frozenset({"timestamp", "time", "date", "datetime", "createdat"})
FIELD = frozenset({"field", "fieldname", "property", "param", "parameter", "attribute"})
PLACE = FIELD | {"loc", "location", "path"}
_LISTS = """
detail details errors violations issues problems fields fielderrors validationerrors invalidparams invalidparameters
invalidfields
"""
LISTS = frozenset(_LISTS.split())
# How descriptions call a place that is told as by RFC 6901.
POINTER = re.compile(r"\bJSON[ -]?Pointer\b", re.IGNORECASE)

CONSTRAINING = frozenset({"format", "pattern", "maxLength"})
# What placeholders may stand for, to try whether a schema takes them.
EXAMPLES = {
    "{uuid}": "3f0b8a52-6d0e-4c55-9d6b-5b7c0a9f1e21",
    "{now-milliseconds}": "2024-01-31T12:00:00.000Z",
    "{message}": "Not as expected.",
    "{keyword}": "required",
    "{path}": "name",
    "{pointer}": "/name",
    "{in}": "body",
    "{request-path}": "/names",
}


def problem(status: int) -> dict[str, Any]:
    """A problem details object (RFC 9457), for errors that the contract does not declare."""
    return {"type": "about:blank", "title": phrase(status), "status": status, "detail": "{message}"}


class ErrorBody:
    """Makes templates for the schemas that declared errors of one status have."""

    def __init__(self, contract: ContractTree, status: int, reason: str) -> None:
        self._contract = contract
        self._sampler = Sampler(contract)
        self._status = status
        self._names = names_of(status, reason)
        self._is_of_field = reason.partition(".")[0] == "invalid"

    def template(self, schema: Node, example: Any = None) -> Any:
        """A template of the body that `schema` describes.

        Fields whose purpose is plain are filled with what happened, others with what `example` has there, and what
        neither tells of is left out if it may be. Of alternatives it is one that is valid by the whole schema.
        """
        found = self._fill("", schema, example, in_list=False)
        if self._holds(schema, found):
            return found
        node = self._contract.follow(schema)[0]
        branches = [*(node.get("oneOf") or ()), *(node.get("anyOf") or ())]
        others = (self._fill("", each, None, in_list=False) for each in branches)
        return next((each for each in others if self._holds(schema, each)), found)

    def _holds(self, schema: Node, template: Any) -> bool:
        """Whether what a template makes fits a schema, as far as one can tell before anything happened."""
        told = _told(template)
        return told is None or not self._contract.answer_errors(schema)(told)

    def item(self, schema: Node) -> Any | None:
        """A template of one violation, if the body that `schema` describes, or an item of it, has a list for them."""
        node = self._contract.follow(schema)[0]
        is_list = "array" in self._contract.types(node) and not self._contract.properties(node)
        found = self._list(node.get("items") or {} if is_list else node)
        return None if found is None else self._fill("", found, None, in_list=True)

    def _list(self, schema: Node) -> Node | None:
        for name, node in self._contract.properties(schema).items():
            node = self._contract.follow(node)[0]
            if "array" in self._contract.types(node) and plain(name) in LISTS:
                return self._contract.follow(node.get("items"))[0]
            if (found := self._list(node)) is not None:
                return found
        return None

    def _fill(self, name: str, schema: Node, example: Any, *, in_list: bool) -> Any:
        schema = alternative(self._contract, schema, self._names)
        types = self._contract.types(schema)
        properties = self._contract.properties(schema)
        if properties or types == {"object"}:
            given = example if isinstance(example, Mapping) else {}
            required = self._contract.required(schema)
            properties = {field: _named_kinds(schema, field, node) for field, node in properties.items()}
            fields = {
                field: self._fill(field, node, given.get(field), in_list=in_list)
                for field, node in properties.items()
                if field in required or field in given or self._telling(field, node, in_list=in_list)
            }
            return fields or escaped(given)
        purpose = self._purpose(plain(name), types, schema, in_list=in_list)
        if purpose is not None:
            return purpose
        if not name and types == {"array"} and self._contract.properties(items := schema.get("items") or {}):
            told = example[0] if isinstance(example, list) and example else None
            return [self._fill(name, items, told, in_list=in_list)]
        if example is not None:
            return escaped(example)
        if not name and types == {"string"} and "enum" not in schema and self._is_valid(schema, "{message}"):
            return "{message}"
        return escaped(self._sampler.value(schema))

    def _telling(self, name: str, schema: Node, *, in_list: bool) -> bool:
        schema = self._contract.follow(schema)[0]
        if properties := self._contract.properties(schema):
            return any(self._telling(field, node, in_list=in_list) for field, node in properties.items())
        return self._purpose(plain(name), self._contract.types(schema), schema, in_list=in_list) is not None

    def _purpose(self, name: str, types: set[str], schema: Node, *, in_list: bool) -> Any | None:
        if "const" in schema or "enum" in schema:
            return escaped(self._fitting(schema))
        if "array" in types and name in LISTS and not in_list:
            return "{violations}"
        if "array" in types and name in PLACE:
            return "{loc}"
        if types & {"integer", "number"} and name in STATUS:
            return self._status
        if "string" not in types:
            return None
        if name in PLACE and POINTER.search(str(schema.get("description"))) and (in_list or self._is_of_field):
            name = "pointer"
        is_uri = str(schema.get("format")).startswith(("uri", "url", "iri"))
        for names, filling in (
            (MESSAGE, "{message}"),
            ({"pointer"}, "{pointer}" if in_list or self._is_of_field else None),
            ({"source"}, "{in}" if in_list else None),
            (FIELD, "{path}" if in_list or self._is_of_field else None),
            (PLACE, "{path}" if in_list else "{request-path}"),
            (TITLE, phrase(self._status)),
            (KIND, "about:blank" if is_uri else self._kind(in_list=in_list)),
            (REQUEST_ID, "urn:uuid:{uuid}" if is_uri else "{uuid}"),
            (TIME, "{now-milliseconds}"),
        ):
            if name in names:
                return filling if filling and self._is_valid(schema, filling) else None
        return None

    def _kind(self, *, in_list: bool) -> str:
        return "{keyword}" if in_list else phrase(self._status).upper().replace(" ", "_")

    def _is_valid(self, schema: Node, filling: str) -> bool:
        """Whether a text made of `filling` fits a schema; the length of what is not known yet does not count."""
        if not CONSTRAINING & schema.keys():
            return True
        return bool(self._contract.accepts(schema, _told(filling)))

    def _fitting(self, schema: Node) -> Any:
        """The constant, or the value of an enumeration that speaks of this status or reason; else its first."""
        if "const" in schema:
            return schema["const"]
        values = schema["enum"]
        return next((value for value in values if plain(str(value)) in self._names), values[0])


def _named_kinds(schema: Node, field: str, node: Node) -> Node:
    """The schema of a field, which can be no more than what a discriminator names where it is that one's."""
    discriminator = schema.get("discriminator") or {}
    is_tag = discriminator.get("propertyName") == field and discriminator.get("mapping")
    return {**node, "enum": list(discriminator["mapping"])} if is_tag and "enum" not in node else node


def _told(template: Any) -> Any:
    """A template with examples in the place of what its placeholders stand for; None where one stands for a list."""
    if isinstance(template, str):
        for placeholder, example in EXAMPLES.items():
            template = template.replace(placeholder, example)
        return None if template in ("{violations}", "{loc}") else template
    if isinstance(template, Mapping):
        named = {name: _told(item) for name, item in template.items()}
        return None if any(named[name] is None and template[name] is not None for name in named) else named
    return [_told(item) for item in template] if isinstance(template, list) else template


def escaped(value: Any) -> Any:
    """A template that stands for exactly `value`."""
    if isinstance(value, str):
        return value.replace("{", "{{").replace("}", "}}")
    if isinstance(value, Mapping):
        return {name: escaped(item) for name, item in value.items()}
    return [escaped(item) for item in value] if type_name(value) == "array" else value
