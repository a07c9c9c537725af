"""Names of components: which OpenAPI allows, and renaming that every reference follows."""

import re
import unicodedata

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import walk
from counterfoil.contract.tree.references import local
from counterfoil.contract.tree.references import reference as to_reference

_ALLOWED = re.compile(r"[A-Za-z0-9._-]+")
ORIGINAL_NAME = "x-original-name"
"""The extension that keeps the name which the page gives to a schema, where OpenAPI does not allow it."""

_SCHEMES = "/components/securitySchemes/"


def allowed_names(draft: Draft) -> None:
    """Rename components whose names OpenAPI does not allow (section 4.8.7.1), see `allowed_name`.

    A schema whose name is of another script keeps it in the extension `x-original-name`.
    """
    components = draft.tree.get("components")
    renamed: dict[str, str] = {}
    for section, held in components.items() if isinstance(components, dict) else ():
        if section.startswith("x-") or not isinstance(held, dict):
            continue
        for name in held:
            if _ALLOWED.fullmatch(name):
                continue
            plain = allowed_name(name)
            base, number = plain, 1
            above = json_pointer.join("/components", section)
            while plain in held or json_pointer.join(above, plain) in renamed.values():
                number += 1
                plain = f"{base}_{number}"
            renamed[json_pointer.join(above, name)] = json_pointer.join(above, plain)
            if section == "schemas" and plain == base and isinstance(held[name], dict) and _is_foreign(name):
                draft.put(held[name], json_pointer.join(above, name), ORIGINAL_NAME, name, "component-name")
    rename_components(draft, renamed, "component-name")


def allowed_name(name: str) -> str:
    """A name that OpenAPI allows for a component: other letters become their code points, all else `_`.

    Marks go (`Größe` is `Groudfe`, `Café` is `Cafe`), so that the name does not depend on what else is there.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    plain = unicodedata.normalize("NFC", plain)
    plain = re.sub(r"[^\W_]", lambda char: char[0] if char[0].isascii() else f"u{ord(char[0]):x}", plain)
    return re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("_") or "_"


def _is_foreign(name: str) -> bool:
    return any(char.isalpha() and not char.isascii() for char in name)


def rename_components(draft: Draft, renamed: dict[str, str], rule: str) -> None:
    """Move components, pointer → pointer within the same section, and bring all references to them along."""
    if not renamed:
        return
    for old, new in renamed.items():
        *above, name = json_pointer.split(old)
        pointer = json_pointer.join("", *above)
        draft.rename(json_pointer.resolve(draft.tree, pointer), pointer, name, json_pointer.split(new)[-1], rule)
    schemes = {
        json_pointer.split(old)[-1]: json_pointer.split(new)[-1]
        for old, new in renamed.items()
        if old.startswith(_SCHEMES)
    }
    for kind, _, node in walk(draft.tree):
        if isinstance(node.get("$ref"), str):
            node["$ref"] = _followed(node["$ref"], renamed)
        if kind == "discriminator" and isinstance(node.get("mapping"), dict):
            for value, reference in node["mapping"].items():
                if isinstance(reference, str):
                    node["mapping"][value] = _followed(_as_reference(reference), renamed, reference)
        elif kind == "link" and isinstance(node.get("operationRef"), str):
            node["operationRef"] = _followed(node["operationRef"], renamed)
        elif kind == "requirement" and schemes:
            items = [(schemes.get(name, name), scopes) for name, scopes in node.items()]
            node.clear()
            node.update(items)


def _as_reference(mapped: str) -> str:
    """A value of a discriminator's mapping, which may be the bare name of a schema, as a reference."""
    return mapped if mapped.startswith("#") else to_reference(json_pointer.join("/components/schemas", mapped))


def _followed(reference: str, renamed: dict[str, str], otherwise: str | None = None) -> str:
    """Where a reference leads after renaming; unchanged, or `otherwise`, if it has nothing to do with it."""
    pointer = local(reference)
    if pointer is not None:
        tokens = json_pointer.split(pointer)
        moved = renamed.get(json_pointer.join("", *tokens[:3]))
        if moved is not None:
            return to_reference(json_pointer.join(moved, *tokens[3:]))
    return otherwise if otherwise is not None else reference
