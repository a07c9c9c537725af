"""What a stub answers for a reason such as `invalid.required`, as the extension says or as the contract implies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.stub.answers.content.declared import Declared
from counterfoil.stub.answers.error_bodies import PROBLEM_JSON, ErrorBody, escaped, problem
from counterfoil.stub.answers.placeholders import Producer, compile_template, text_of
from counterfoil.stub.answers.sampling import Sampler, example_of, stated_value
from counterfoil.stub.answers.writers import Constant
from counterfoil.stub.call import JSON, TEXT, Call, Headers, RefusalError, Reply, field_value
from counterfoil.stub.contract_tree import EXTENSION, NOTHING, ContractTree, Node
from counterfoil.stub.requests.bodies.encodings import ENCODING, understood
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.security.challenges import challenges
from counterfoil.stub.requests.violations import Violation

# Statuses that servers use for a reason; the first that the contract declares is taken, else the first.
STATUSES: Mapping[str, tuple[int, ...]] = {
    "credentials": (401, 403),
    "forbidden": (403,),
    "media-type": (415, 400, 422),
    "malformed": (400, 422),
    "too-large": (413, 400),
    "invalid": (422, 400),
    "duplicate": (409, 400, 422),
    "precondition": (412,),
    "idempotency": (422, 409, 400),
    "unknown-path": (404,),
    "unknown-method": (405,),
    "unknown-object": (404,),
    "failure": (500,),
    "not-acceptable": (406,),
    "preference": (404,),
}
MESSAGES: Mapping[str, str] = {
    "credentials.missing": "Credentials are missing.",
    "credentials": "The credentials are not accepted.",
    "forbidden": "The credentials do not have all scopes that this needs.",
    ENCODING: "The content encoding of the request body is not supported.",
    "media-type": "The media type of the request body is not supported.",
    "malformed.empty": "The request body is missing.",
    "too-large": "The request body is too large.",
    "duplicate": "An object with this value exists already.",
    "precondition": "The object is not as the condition of the request wants it.",
    "idempotency": "The idempotency key belongs to another request.",
    "unknown-path": "There is nothing at this path.",
    "unknown-method": "The method is not allowed at this path.",
    "unknown-object": "There is no such object.",
    "failure": "The server failed.",
    "not-acceptable": "The answer cannot be had in a media type that is accepted.",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: list[tuple[bytes, Producer]]
    body: Producer | None
    content_type: tuple[bytes, bytes] | None
    item: Any = None


class Refusals:
    """The refusals of one operation, or of no operation at all; each is compiled when it first occurs.

    `levels` are the nodes whose extension is asked, nearest first; `responses` the operation's Responses Object;
    `accepted` the media types of its requests, `security` its security requirements.
    """

    def __init__(
        self,
        contract: ContractTree,
        levels: Iterable[Node],
        responses: Node = NOTHING,
        accepted: Iterable[str] = (),
        security: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._contract = contract
        self._levels = tuple(levels)
        self._responses = responses
        self._accepted = list(accepted)
        self._security = list(security)
        self._answers: dict[str, _Answer] = {}
        self._items: dict[tuple[int, str, int], Producer] = {}

    def reply(self, call: Call[Any, Any], refusal: RefusalError) -> Reply[Any]:
        """The answer to `call` for the reason of `refusal`, what it tells filled in."""
        reason = refusal.reason
        answer = self._answers.get(reason)
        if answer is None:
            answer = self._answers[reason] = self._compile(reason)
        call.facts = {
            "method": _encodable(call.method),
            "request-path": _encodable(call.path),
            "media-type": (call.header(b"content-type") or b"").decode("latin-1"),
            "accepted": self._accepted,
            "body": (call.raw or b"").decode(errors="replace"),
            "message": self._message(reason),
            **refusal.facts,
        }
        self._tell(call, reason, list(refusal.violations), answer)
        call.drawn = {}
        headers: Headers = [(name, field_value(str(produce(call)))) for name, produce in answer.headers]
        if answer.body is None:
            return Reply(answer.status, b"", headers)
        value = answer.body(call)
        headers.insert(0, answer.content_type or JSON)
        if is_json(headers[0][1].decode("latin-1")):
            return Reply.json(answer.status, value, headers)
        return Reply(answer.status, text_of(value).encode(), headers)

    def _message(self, reason: str) -> str:
        message = _by_reason(MESSAGES, reason) or "The request is not acceptable."
        if reason.startswith("media-type") and reason != ENCODING and self._accepted:
            return f"{message} Accepted are: {', '.join(self._accepted)}."
        return str(message)

    def _usual_headers(self, status: int, reason: str) -> dict[str, str]:
        """Templates of the headers that HTTP wants of a status, where nobody says what they are.

        A 401 has a challenge (RFC 9110, section 15.5.2), a 415 may tell what is accepted (section 15.5.16).
        """
        if status == 415 and reason == ENCODING:
            return {"accept-encoding": understood()}
        if status == 401:
            refused = reason.startswith("credentials") and reason != "credentials.missing"
            challenge = _example(self._contract, self._declared(status), "www-authenticate")
            challenge = challenge or challenges(
                self._contract, self._security, error="invalid_token" if refused else None
            )
            return {"www-authenticate": challenge} if challenge else {}
        if reason == "forbidden":
            challenge = challenges(self._contract, self._security, error="insufficient_scope")
            return {"www-authenticate": challenge} if challenge else {}
        if status == 415 and self._accepted and reason.startswith("media-type"):
            return {"accept": escaped(", ".join(self._accepted))}
        return {}

    def _tell(self, call: Call[Any, Any], reason: str, violations: list[Violation], answer: _Answer) -> None:
        """Add to the facts of a call what is wrong with it: all violations as the vendor words them, and the first."""
        kept, told = call.facts, []
        first: Mapping[str, Any] = {}
        if not violations and answer.item is not None:
            place = "header" if reason.startswith("credentials") else "body"
            violations = [Violation(reason, place, (), None, None, NOTHING, None, str(kept["message"]))]
        for violation in violations:
            facts = violation.facts()
            first = first or facts
            call.facts = {**kept, **facts}
            told.append(self._wording(violation, answer)(call))
        if first and first["path"] != first["in"]:
            first = {**first, "message": f"{first['path']}: {first['message']}"}
        call.facts = {**kept, **first, "violations": told, "violation": told[0] if told else kept.get("message")}

    def _wording(self, violation: Violation, answer: _Answer) -> Producer:
        key = (id(violation.node), violation.keyword, answer.status)
        if key not in self._items:
            template = self._stated_wording(violation)
            if template is None:
                template = "{message}" if answer.item is None else answer.item
            self._items[key] = compile_template(template)
        return self._items[key]

    def _stated_wording(self, violation: Violation) -> Any:
        for node in (violation.node, *self._levels):
            stated = (node.get(EXTENSION) or NOTHING).get("violations") or NOTHING
            found = stated.get(violation.keyword, stated.get("*"))
            if found is not None:
                return found
        return None

    def _compile(self, reason: str) -> _Answer:
        stated = self._stated(reason)
        status = stated.get("status") or self._implied_status(reason)
        implied = self._implied(status, reason)
        headers = {name.lower(): value for name, value in (stated.get("headers") or NOTHING).items()}
        if not stated:
            headers = self._usual_headers(status, reason)
        content_type, body = implied.content_type, implied.body
        if stated.get("body", NOTHING) is None:
            content_type, body = None, None
        elif "body" in stated:
            content_type, body = TEXT if isinstance(stated["body"], str) else JSON, compile_template(stated["body"])
        if given := headers.pop("content-type", None):
            content_type = (b"content-type", given.encode("latin-1"))
        compiled = [(name.encode("latin-1"), compile_template(value)) for name, value in headers.items()]
        declared = Declared(self._contract, Sampler(self._contract), status, self._declared(status))
        required = [pair for pair in declared.required_headers if pair[0].decode("latin-1") not in headers]
        compiled += [(name, Constant(value.decode("latin-1"))) for name, value in required]
        return _Answer(status, compiled, body, content_type, implied.item)

    def _stated(self, reason: str) -> Node:
        """The extension's answer: the most specific reason wins, then the nearest level."""
        while reason:
            for level in self._levels:
                stated = (level.get(EXTENSION) or NOTHING).get("refusals") or NOTHING
                if reason in stated:
                    found: Node = stated[reason]
                    return found
            reason = reason.rpartition(".")[0]
        return NOTHING

    def _implied_status(self, reason: str) -> int:
        if reason.startswith("status."):
            return int(reason.removeprefix("status."))
        candidates = _by_reason(STATUSES, reason) or (400,)
        declared = [status for status in candidates if self._declared(status, exact=True)]
        declared += [status for status in candidates if self._declared(status)]
        return (declared or list(candidates))[0]

    def _declared(self, status: int, *, exact: bool = False) -> Node:
        names = (str(status),) if exact else (str(status), f"{status // 100}XX", "default")
        return next(
            (self._contract.follow(self._responses[name])[0] for name in names if name in self._responses), NOTHING
        )

    def _implied(self, status: int, reason: str) -> _Answer:
        response = NOTHING if reason == "preference" else self._declared(status)
        content = response.get("content") or NOTHING
        if response and not content:
            return _Answer(status, [], None, None)
        media_type = next(filter(is_json, content), next(iter(content), PROBLEM_JSON))
        media = self._contract.follow(content.get(media_type))[0]
        content_type = (b"content-type", media_type.encode("latin-1"))
        if "json" not in media_type:
            return _Answer(
                status, [], compile_template("{message}"), TEXT if media_type.startswith("text/plain") else content_type
            )
        if not content:
            return _Answer(status, [], compile_template(problem(status)), content_type)
        maker = ErrorBody(self._contract, status, reason)
        schema, example = media.get("schema") or NOTHING, example_of(self._contract, media)
        is_own = not schema or self._declared(status, exact=True)  # else the example may be one of another status
        if example is not None and is_own and reason.partition(".")[0] not in ("invalid", "malformed"):
            return _Answer(status, [], compile_template(escaped(example)), content_type)
        template = maker.template(schema, example) if schema else problem(status)
        return _Answer(status, [], compile_template(template), content_type, maker.item(schema))


def _example(contract: ContractTree, response: Node, name: str) -> str | None:
    """A template of the example that a response gives for a header, None without one."""
    for header, node in (response.get("headers") or NOTHING).items():
        if header.lower() == name:
            stated = contract.follow(node)[0]
            example = example_of(contract, stated)
            found, default = stated_value(contract.follow(stated.get("schema"))[0])
            example = default if example is None and found else example
            return escaped(example) if isinstance(example, str) else None
    return None


def _encodable(text: str) -> str:
    """A text without lone surrogates, which some servers decode what is not UTF-8 to."""
    return text.encode(errors="replace").decode()


def _by_reason(table: Mapping[str, Any], reason: str) -> Any:
    while reason and reason not in table:
        reason = reason.rpartition(".")[0]
    return table.get(reason)
