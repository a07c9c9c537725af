"""Check a contract: what is good stays, what is not is reported at its line and left out."""

from counterfoil.contract.checking.contradictions import check_contradictions
from counterfoil.contract.checking.examples import check_examples
from counterfoil.contract.checking.keywords import check_keywords
from counterfoil.contract.checking.names import check_names
from counterfoil.contract.checking.operations import (
    declare_path_parameters,
    name_operations,
    state_success,
    unite_parameters,
)
from counterfoil.contract.checking.prune import prune
from counterfoil.contract.checking.structure import check_structure
from counterfoil.contract.contract import Contract
from counterfoil.contract.overlay.extension import check_extensions
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.order import order


def check(contract: Contract, *, as_written: bool = False, typed: bool = True) -> Contract:
    """The contract in its final form; the one given is used up.

    The result is valid by the OpenAPI 3.1 schema and the meta-schema of JSON Schema 2020-12, has no reference that
    leads nowhere and no example that violates its schema, can be read by openapi-pydantic, names every operation,
    and is in canonical order. Everything that was left out for it has a diagnostic; these are in the order of the
    pages. With `as_written`, examples that violate their schemas stay, though they are reported, and operations of
    which only errors are described have no other answers. Unless `typed`, openapi-pydantic is not asked: it
    takes long to import, and no document is known in which it refuses what all else lets pass.
    """
    draft = Draft.of(contract)
    check_extensions(draft)
    check_structure(draft)
    check_keywords(draft)
    prune(draft)
    check_names(draft)
    unite_parameters(draft)
    declare_path_parameters(draft)
    name_operations(draft)
    if not as_written:
        state_success(draft)
    check_contradictions(draft)
    check_examples(draft, keep=as_written)
    if typed:
        from counterfoil.contract.checking.typed_gate import check_typed  # here, since it loads pydantic

        check_typed(draft)
    order(draft)
    contract.diagnostics.sort(key=lambda diagnostic: diagnostic.location)
    return contract
