"""One operation of a contract as the checks see it: what it accepts, and what it may answer."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from counterfoil import pointer as json_pointer
from counterfoil.checks.schema_paths import followed
from counterfoil.stub.contract_tree import ContractTree

if TYPE_CHECKING:
    import jsonschema_rs

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OTHER_METHODS = "x-additional-operations"

Tree = dict[str, Any]
T = TypeVar("T")

_MOST_VALIDATORS = 256  # of all operations together


@lru_cache(maxsize=256)
def media_type_of(content_type: str) -> str:
    """The media type of a `Content-Type` value in lower case, without its parameters (RFC 9110, 8.3.1)."""
    return content_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of `media_type` are JSON texts (RFC 6839, 3.1)."""
    subtype = media_type_of(media_type).partition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


@dataclass(frozen=True, slots=True)
class Described:
    """A documented response: its key in `responses` (`201`, `2XX`, `default`) and its Response Object."""

    key: str
    tree: Tree
    _schemas: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def schema_for(self, content_type: str) -> Any | None:
        """The schema documented for bodies of `content_type`, None if there is none."""
        wanted = media_type_of(content_type)
        if wanted not in self._schemas:
            self._schemas[wanted] = self._schema_for(wanted)
        return self._schemas[wanted]

    def _schema_for(self, wanted: str) -> Any | None:
        ranges = (wanted, wanted.partition("/")[0] + "/*", "*/*")
        content = {media_type_of(name): media for name, media in self.tree.get("content", {}).items()}
        found = next((content[name] for name in ranges if name in content), None)
        return None if found is None else found.get("schema")


@dataclass(eq=False)
class Operation:
    """An operation at `method` (upper case) and `path` of the OpenAPI 3.1 tree `contract`."""

    contract: Tree
    method: str
    path: str
    tree: Tree
    schemas: ContractTree = field(repr=False)
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    _validators: dict[Any, Any] = field(default_factory=dict, repr=False)
    _described: "dict[int, Described | None]" = field(default_factory=dict, repr=False)

    @cached_property
    def label(self) -> str:
        """Method and path, as findings name the operation."""
        return f"{self.method} {self.path}"

    @cached_property
    def pointer(self) -> str:
        """The JSON Pointer of the Operation Object."""
        method = self.method.lower()
        way = (method,) if method in METHODS else (OTHER_METHODS, self.method)
        return json_pointer.join("", "paths", self.path, *way)

    @cached_property
    def operation_id(self) -> str | None:
        """The documented operationId."""
        return self.tree.get("operationId")

    def resolve(self, node: Any) -> Any:
        """What `node` means after following its chain of local references; `{}` where that leads nowhere."""
        if not isinstance(node, dict) or not isinstance(reference := node.get("$ref"), str):
            return node
        key = "reference", reference
        if key not in self._memory:
            found = followed(self.contract, node, "")[0]
            self._memory[key] = {} if found is None else found
        return self._memory[key]

    @cached_property
    def parameters(self) -> list[Tree]:
        """The Parameter Objects that apply, those of the operation before those of its path."""
        own = [self.resolve(item) for item in self.tree.get("parameters", [])]
        names = {(item.get("name"), item.get("in")) for item in own}
        shared = [self.resolve(item) for item in self.contract["paths"][self.path].get("parameters", [])]
        return own + [item for item in shared if (item.get("name"), item.get("in")) not in names]

    @cached_property
    def request_content(self) -> Tree:
        """Media type → Media Type Object of the request body."""
        content: Tree = self.resolve(self.tree.get("requestBody", {})).get("content", {})
        return content

    @cached_property
    def json_media_type(self) -> str | None:
        """The first media type of the request that is JSON."""
        return next((name for name in self.request_content if is_json(name)), None)

    @cached_property
    def request_schema(self) -> Any | None:
        """The schema of the JSON request body, None if the operation has none."""
        return None if self.json_media_type is None else self.request_content[self.json_media_type].get("schema")

    @cached_property
    def responses(self) -> dict[str, Described]:
        """Documented responses by key, keys in upper case except `default`."""
        found = {}
        for key, node in self.tree.get("responses", {}).items():
            name = key if key == "default" else key.upper()
            found[name] = Described(name, self.resolve(node))
        return found

    def response(self, status: int) -> Described | None:
        """The response documented for `status`: by code, by range, by `default` (OpenAPI 3.1, 4.8.16)."""
        if status not in self._described:
            keys = (str(status), f"{status // 100}XX", "default")
            self._described[status] = next((self.responses[key] for key in keys if key in self.responses), None)
        return self._described[status]

    def response_pointer(self, key: str = "") -> str:
        """The JSON Pointer of the Response Object of this key, of all responses without a key."""
        pointer = json_pointer.join(self.pointer, "responses")
        if not key:
            return pointer
        responses = self.tree.get("responses", {})
        name = next((name for name in responses if name.upper() == key.upper()), key)
        return followed(self.contract, responses.get(name), json_pointer.join(pointer, name))[1]

    def schema_pointer(self, described: Described | None, content_type: str) -> str:
        """The JSON Pointer of the schema documented for bodies of `content_type` in a response."""
        key = "schema pointer", described and described.key, content_type
        return self.remembered(key, lambda: self._schema_pointer(described, content_type))

    def _schema_pointer(self, described: Described | None, content_type: str) -> str:
        if described is None:
            return self.response_pointer()
        sent = media_type_of(content_type)
        content = described.tree.get("content", {})
        names = {media_type_of(name): name for name in content}
        wanted = (names[each] for each in (sent, sent.partition("/")[0] + "/*", "*/*") if each in names)
        return json_pointer.join(self.response_pointer(described.key), "content", next(wanted, content_type), "schema")

    @cached_property
    def success_keys(self) -> list[str]:
        """The keys of the documented success statuses."""
        return [key for key in self.responses if key.startswith("2")]

    def is_success(self, status: int) -> bool:
        """Whether the contract documents `status` as a success; any 2xx where it documents none."""
        if not 200 <= status < 300:
            return False
        return not self.success_keys or str(status) in self.success_keys or "2XX" in self.success_keys

    @cached_property
    def security(self) -> list[dict[str, list[str]]]:
        """The alternatives of security requirements that apply."""
        alternatives: list[dict[str, list[str]]] = (
            self.tree.get("security") or [] if "security" in self.tree else self.contract.get("security", [])
        )
        return alternatives

    @cached_property
    def switched_off(self) -> dict[str, str]:
        """Check name → reason, from `x-counterfoil` of the document and of this operation."""
        reasons: dict[str, str] = {}
        for holder in (self.contract, self.tree):
            reasons |= holder.get("x-counterfoil", {}).get("checks", {})
        return reasons

    def looks_at(self, check: str) -> bool:
        """Whether the server makes a check of requests such as `media-type`; `x-counterfoil.order` may leave it out."""
        return check in (self.order or (check,))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The checks of a request in the server's order, by `x-counterfoil.order`; empty where nothing is stated."""
        orders = (holder.get("x-counterfoil", {}).get("order") for holder in (self.tree, self.contract))
        return tuple(next(filter(None, orders), ()))

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returned when it was first called for `key`."""
        if key not in self._memory:
            self._memory[key] = make()
        found: T = self._memory[key]
        return found

    def remembered_of(self, schema: Any, what: str, make: Callable[[], T]) -> T:
        """What `make` returned when it was first called for `what` of a schema.

        Schemas are told apart by identity and kept: none may be made for one call only.
        """
        key = what, id(schema)
        if key not in self._memory:
            self._memory[key] = schema, make()
        found: T = self._memory[key][1]
        return found

    def response_validator(self, schema: Any) -> "jsonschema_rs.Validator":
        """A validator of responses by `schema`, a part of this contract: they need not carry what is write-only."""
        return self._kept("response", schema, lambda: self.schemas.answer_validator(schema))

    def accepts(self, schema: Any, instance: Any) -> bool:
        """Whether `instance` is valid against `schema`, a part of this contract, with formats asserted."""
        if not isinstance(schema, dict):
            return schema is not False
        return bool(self._kept("acceptance", schema, lambda: self.schemas.acceptance(schema))(instance))

    def _kept(self, what: str, schema: Any, make: Callable[[], T]) -> T:
        """What `make` returned for `what` of a schema, made again once many others were asked for.

        Validators are large. Their schemas are kept as well, so that no other one has their identity.
        """
        key = what, id(schema)
        if len(self._validators) > _MOST_VALIDATORS:
            self._validators.clear()
        if key not in self._validators:
            self._validators[key] = schema, make()
        found: T = self._validators[key][1]
        return found


def operations(contract: Tree) -> list[Operation]:
    """Every operation of an OpenAPI 3.1 tree, in document order."""
    return operations_of(ContractTree(contract))


def operations_of(schemas: ContractTree) -> list[Operation]:
    """Every operation of a contract, in document order: the same ones for all who ask."""
    return schemas.remembered(schemas.tree, "operations", lambda: list(_operations(schemas)))


def _operations(schemas: ContractTree) -> Iterator[Operation]:
    contract, validators = schemas.tree, dict[Any, Any]()
    for path, item in contract.get("paths", {}).items():
        for method in METHODS:
            if isinstance(item.get(method), dict):
                yield Operation(contract, method.upper(), path, item[method], schemas, _validators=validators)
        for method, operation in item.get(OTHER_METHODS, {}).items():
            yield Operation(contract, method, path, operation, schemas, _validators=validators)
