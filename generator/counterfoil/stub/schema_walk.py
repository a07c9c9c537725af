"""Ways through schemas to the objects that they describe."""

from collections.abc import Iterator, Sequence

from counterfoil.stub.contract_tree import ContractTree, Node

Pointer = tuple[str, ...]  # names that lead to a place in a JSON value
ITEMS = "*"  # stands in a pointer for every item of a list
_DEEPEST = 4
_MOST = 200


def resolved(contract: ContractTree, schema: Node) -> Node:
    """What a schema leads to: references followed, and the only alternative to null taken."""
    return contract.remembered(schema, "resolved", lambda: _resolved(contract, schema))


def _resolved(contract: ContractTree, schema: Node) -> Node:
    for _ in range(8):
        schema = contract.follow(schema)[0]
        parts = [*(schema.get("oneOf") or ()), *(schema.get("anyOf") or ()), *(schema.get("allOf") or ())]
        if not parts or contract.properties(schema):
            return schema
        parts = [part for part in parts if isinstance(part, dict) and contract.types(part) != {"null"}]
        if len(parts) != 1:
            return schema
        schema = parts[0]
    return schema


def alternatives(contract: ContractTree, schema: Node, depth: int = _DEEPEST) -> dict[str, Node]:
    """Property name → schema, of all the objects that a value may be one of; of several schemas it is any of them."""
    schema = contract.follow(schema)[0]
    found: dict[str, list[Node]] = {}
    for branch in kinds(contract, schema) if depth else ():
        for name, node in (contract.properties(branch) or alternatives(contract, branch, depth - 1)).items():
            if node not in (known := found.setdefault(name, [])):
                known.append(node)
    return {name: nodes[0] if len(nodes) == 1 else {"anyOf": nodes} for name, nodes in found.items()}


def kinds(contract: ContractTree, schema: Node) -> list[Node]:
    """What a value may be one of: alternatives, or else what a discriminator chooses (OpenAPI 3.1, section 4.8.25).

    Kinds that only a discriminator names are made of the schema that has it.
    """
    if branches := [*(schema.get("oneOf") or ()), *(schema.get("anyOf") or ())]:
        return [each for each in branches if isinstance(each, dict)]
    named = ((schema.get("discriminator") or {}).get("mapping") or {}).values()
    found: list[Node] = [{"$ref": each} for each in dict.fromkeys(named) if str(each).startswith("#/")]
    return [each for each in found if contract.follow(each)[0] is not schema]


def objects(contract: ContractTree, schema: Node) -> Sequence[tuple[Pointer, Node]]:
    """The object schemas within a schema, outer ones first, with the names that lead to them."""
    return contract.remembered(schema, "objects", lambda: tuple(_objects(contract, schema)))


def _objects(contract: ContractTree, schema: Node) -> Iterator[tuple[Pointer, Node]]:
    level: list[tuple[Pointer, Node]] = [((), resolved(contract, schema))]
    seen = 0
    for _ in range(_DEEPEST):
        following: list[tuple[Pointer, Node]] = []
        for path, node in level:
            seen += 1
            if seen > _MOST:
                return
            if isinstance(node.get("items"), dict) and "array" in contract.types(node):
                following.append(((*path, ITEMS), resolved(contract, node["items"])))
            properties = contract.properties(node)
            if properties:
                yield path, node
            following += [((*path, name), resolved(contract, each)) for name, each in properties.items()]
        level = following


def at(contract: ContractTree, schema: Node, pointer: Pointer) -> Node:
    """The schema of what stands at a place of the values that `schema` describes; empty if it tells of none."""
    node = resolved(contract, schema)
    for name in pointer:
        own = contract.properties(node)
        inner = node.get("items") if name == ITEMS else own.get(name, node.get("additionalProperties"))
        node = resolved(contract, inner if isinstance(inner, dict) else {})
    return node
