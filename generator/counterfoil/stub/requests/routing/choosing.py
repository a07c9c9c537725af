"""Which of several operations at one path a request means, where only fields or the schemas of variables tell."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from counterfoil.stub.requests.routing.templates import fits

if TYPE_CHECKING:
    from counterfoil.stub.call import Call
    from counterfoil.stub.endpoint import Endpoint


def choose(
    candidates: Sequence["Endpoint"],
    scope: Mapping[str, Any],
    raw: bytes | None,
    call_of: Callable[["Endpoint"], "Call[Any, Any]"],
) -> "Endpoint":
    """The operation of those at one path that asks for most of the fields that were sent.

    Among equals it is the one whose schemas accept what stands for the variables of the path, the narrowest first;
    the first of all if none does. `call_of` makes the call that a request is to an operation.
    """
    text = scope.get("query_string", b"").decode("latin-1")
    if raw and dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded"):
        text += "&" + raw.decode("latin-1")
    sent = set(parse_qsl(text, keep_blank_values=True))
    names = {name for name, _ in sent}
    fitting = [candidate for candidate in candidates if fits(candidate.asked, sent, names)] or candidates[:1]
    most = max(len(candidate.asked) for candidate in fitting)
    best = [candidate for candidate in fitting if len(candidate.asked) == most]
    if len(best) == 1:
        return best[0]
    accepting = [candidate for candidate in best if not candidate.variable_check.violations(call_of(candidate))]
    return max(accepting or best[:1], key=lambda candidate: candidate.variable_check.narrowness)
