"""Requests that fit no operation: unknown paths, unknown methods, OPTIONS."""

from collections.abc import Sequence
from typing import Any

from counterfoil.stub.answers.prism.refusals import PrismRefusals
from counterfoil.stub.answers.refusals import Refusals
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import NOTHING, extension
from counterfoil.stub.endpoint import BODY_LIMIT, Settings
from counterfoil.stub.requests.request_checks import DEFAULT_ORDER, RequestChecks


class Outside:
    """Answers what no operation does, after the checks that the contract's root puts before looking at the path."""

    collection = ""
    name = ""
    variables = ()
    identity = ("", None)
    operation_id = None
    callbacks = NOTHING
    may_wait = False

    def __init__(self, settings: Settings) -> None:
        contract = settings.contract
        root = contract.tree
        self.body_limit = int(extension("body-limit", root) or BODY_LIMIT)
        self._like_prism = settings.like_prism
        self._has_operations = not settings.like_prism or any(contract.operations())
        order = list(extension("order", root) or DEFAULT_ORDER)
        before = order[: order.index("path")] if "path" in order else []
        security = root.get("security")
        if security is None:
            security = next((operation.get("security") for _, _, operation, _ in contract.operations()), None)
        usual = Refusals(contract, [root], security=security or ())
        self._refusals = PrismRefusals() if settings.like_prism else usual
        self._checks = RequestChecks(contract, NOTHING, "").compile(before, settings.tokens, security or ())

    def respond(self, call: Call[Any, Any], allowed: Sequence[str]) -> Reply[Any]:
        """The answer to a request for a path with the methods `allowed`, none if the contract lacks the path.

        OPTIONS tells the methods, unless the vendor answers unknown methods like unknown paths.
        """
        try:
            for check in self._checks:
                check(call)
        except RefusalError as refusal:
            return self.refuse(call, refusal)
        unknown = "unknown-method" if allowed else "unknown-path" if self._has_operations else "no-operations"
        reply = self.refuse(call, RefusalError(unknown))
        if reply.status == 405:
            if call.method == "OPTIONS" and not self._like_prism:
                reply = Reply(204)
            reply.headers.append((b"allow", _listed(allowed)))
        return reply

    def refuse(self, call: Call[Any, Any], refusal: RefusalError) -> Reply[Any]:
        """The answer to a request that is refused."""
        call.refusal = refusal
        return self._refusals.reply(call, refusal)


def _listed(methods: Sequence[str]) -> bytes:
    return ", ".join(methods).encode()
