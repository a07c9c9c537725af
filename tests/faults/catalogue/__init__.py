"""Every fault, by category."""

from collections.abc import Mapping, Sequence

from tests.faults.catalogue import (
    asked,
    authentication,
    crashes,
    echo,
    edges,
    errors,
    forms,
    forum,
    identity,
    leniency,
    lists,
    protocol,
    repeated,
    secrecy,
    shapes,
    state,
    strictness,
    times,
    together,
    told,
    unseen,
)
from tests.faults.faulty import Fault

CATALOGUE: Mapping[str, Sequence[Fault]] = {
    "echo": echo.FAULTS,
    "forms": forms.FAULTS,
    "identity": identity.FAULTS,
    "times": times.FAULTS,
    "leaks": secrecy.LEAKS,
    "tenancy": secrecy.TENANCY,
    "errors": errors.FAULTS,
    "told": told.FAULTS,
    "authentication": authentication.FAULTS,
    "leniency": leniency.FAULTS,
    "strictness": strictness.FAULTS,
    "crashes": crashes.FAULTS,
    "edges": edges.FAULTS,
    "protocol": protocol.FAULTS,
    "state": state.FAULTS,
    "repeated": repeated.FAULTS,
    "unseen": unseen.FAULTS,
    "together": together.FAULTS,
    "lists": lists.FAULTS,
    "asked": asked.FAULTS,
    "forum": forum.FAULTS,
    "shapes": shapes.FAULTS,
    "vanishing": shapes.VANISHING,
}
