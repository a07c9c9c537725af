"""Names by which parts of a document speak of each other where they use no reference."""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.references import local, reference, resolve


def check_names(draft: Draft) -> None:
    """Check security requirements and mappings of discriminators, in place.

    A requirement of a scheme that is not declared is reported and left out. Values of a mapping become references;
    those that lead nowhere are reported and left out.
    """
    components: dict[str, Any] = draft.tree.get("components", {})
    schemes: dict[str, Any] = components.get("securitySchemes", {})
    for kind, pointer, node in draft.walk():
        if kind in {"openapi", "operation"} and "security" in node:
            _security(draft, pointer, node, schemes)
        elif kind == "discriminator" and "mapping" in node:
            _mapping(draft, pointer, node)


def _security(draft: Draft, pointer: str, node: dict[str, Any], schemes: dict[str, Any]) -> None:
    below, stated = json_pointer.join(pointer, "security"), node["security"]
    for index in reversed(range(len(stated))):
        for name in [name for name in stated[index] if name not in schemes]:
            hint = did_you_mean(name, schemes, "declare it in components.securitySchemes")
            draft.report(f"{below}/{index}", "unknown-security-scheme", f"no security scheme is called {name!r}", hint)
            draft.remove_item(below, stated, index)
            if not stated:
                draft.drop(node, pointer, "security", "unknown-security-scheme", f"no scheme {name!r}")
            break


def _mapping(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    mapping = node["mapping"]
    below = json_pointer.join(pointer, "mapping")
    for value, stated in list(mapping.items()):
        named = reference(json_pointer.join("/components/schemas", stated))
        if local(stated) is None and resolve(draft.tree, {"$ref": named}) is not None:
            draft.put(mapping, below, value, named, "mapping-reference", f"was {stated}")
        elif resolve(draft.tree, {"$ref": stated}) is None:
            message = f"{value} is mapped to {stated}, which is not there"
            hint = did_you_mean(stated.rpartition("/")[2], draft.tree.get("components", {}).get("schemas", ()))
            draft.report(json_pointer.join(below, value), "unresolved-reference", message, hint)
            draft.drop(mapping, below, value, "unresolved-reference", stated)
    if not mapping:
        draft.drop(node, pointer, "mapping", "unresolved-reference", "nothing is left of it")
