"""What each operation does with objects, as stubs infer it from the contract."""

from weakref import WeakKeyDictionary

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.schema_walk import objects
from counterfoil.stub.state.acting import role_of as role_in
from counterfoil.stub.state.acting import roles_of
from counterfoil.stub.state.inference.names import plain, singular, words
from counterfoil.stub.state.roles import Role

_NOUNS: WeakKeyDictionary[ContractTree, frozenset[str]] = WeakKeyDictionary()
_SETTABLE: WeakKeyDictionary[ContractTree, dict[str, frozenset[str]]] = WeakKeyDictionary()


def role_of(operation: Operation) -> Role:
    """What an operation does with which objects; inferred once for a contract."""
    return operation.remembered("role", lambda: role_in(operation.schemas, operation.method, operation.path))


def settable(operation: Operation) -> frozenset[str]:
    """The names, without case and punctuation, of all that requests about the same objects say, parameters included."""
    collection = role_of(operation).collection
    known = _SETTABLE.setdefault(operation.schemas, {})
    if collection not in known:
        known[collection] = frozenset(_names(operation, collection))
    return known[collection]


def nouns_made(operation: Operation) -> frozenset[str]:
    """What the objects are called that operations of the contract make, as the paths of their collections say."""
    if operation.schemas not in _NOUNS:
        made = [role.collection for role in roles_of(operation.schemas).values() if role.action == "create"]
        segments = ([each for each in path.split("/") if each and "{" not in each] for path in made)
        _NOUNS[operation.schemas] = frozenset(
            singular(words(each[-1])[-1]) for each in segments if each and words(each[-1])
        )
    return _NOUNS[operation.schemas]


def _names(operation: Operation, collection: str) -> set[str]:
    found: set[str] = set()
    for method, path, tree, _ in operation.schemas.operations():
        each = Operation(operation.contract, method, path, dict(tree), operation.schemas)
        if role_of(each).collection != collection:
            continue
        found.update(plain(str(item.get("name", ""))) for item in each.parameters)
        for media in each.request_content.values():
            for _, names in shapes.objects(each, media.get("schema")):
                found.update(map(plain, names))
            # Those in lists, too.
            for _, node in objects(each.schemas, media.get("schema") or {}):
                found.update(map(plain, each.schemas.properties(node)))
    return found
