"""Refusals as Stoplight Prism words them: its statuses, and its problems where the contract declares no error."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from counterfoil.stub.answers.content.declared import Content
from counterfoil.stub.answers.error_bodies import PROBLEM_JSON
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import Node
from counterfoil.stub.requests.headers.preferences import preferences
from counterfoil.stub.requests.violations import Violation

TYPES = "https://stoplight.io/prism/errors#"
UNDECLARED = " and no HTTP {kind} response was found in the spec, so Prism is generating this error for you."

# reason → statuses of which the first that is declared is answered, name and title of the problem
_INVALID = ((422, 400), "UNPROCESSABLE_ENTITY", "Invalid request")
PROBLEMS: Mapping[str, tuple[Sequence[int], str, str]] = {
    "credentials": ((401,), "UNAUTHORIZED", "Invalid security scheme used"),
    "media-type": ((415, 422, 400), "INVALID_CONTENT_TYPE", "Invalid content type"),
    "media-type.empty": _INVALID,
    "media-type.missing": _INVALID,
    "not-acceptable": (
        (406,), "NOT_ACCEPTABLE", "The server cannot produce a representation for your accept header",
    ),
    "preference": ((404,), "NOT_FOUND", "The server cannot find the requested content"),
    "no-server": ((404,), "NO_SERVER_MATCHED_ERROR", "Route not resolved, no server matched"),
    "no-servers": (
        (404,), "NO_SERVER_CONFIGURATION_PROVIDED_ERROR", "Route not resolved, no server configuration provided",
    ),
    "no-operations": ((404,), "NO_RESOURCE_PROVIDED_ERROR", "Route not resolved, no resource provided"),
    "no-response": ((500,), "NO_RESPONSE_DEFINED", "No response defined for the selected operation"),
    "unknown-path": ((404,), "NO_PATH_MATCHED_ERROR", "Route not resolved, no path matched"),
    "unknown-method": ((405,), "NO_METHOD_MATCHED_ERROR", "Route resolved, but no method matched"),
    "forbidden": ((403, 401), "UNAUTHORIZED", "Invalid security scheme used"),
    "unknown-object": ((404,), "NOT_FOUND", "The server cannot find the requested content"),
    "duplicate": ((409, 422, 400), "UNPROCESSABLE_ENTITY", "Invalid request"),
    "too-large": ((413, 422, 400), "UNPROCESSABLE_ENTITY", "Invalid request"),
    "object-as-text": ((500,), "NO_COMPLEX_OBJECT_TEXT", "Cannot serialise complex objects as text"),
    "failure": ((500,), "UNKNOWN", "Unknown error"),
}  # fmt: skip
OF_THE_SERVER = frozenset(
    {
        "not-acceptable", "preference", "no-server", "no-servers", "no-operations", "no-response", "unknown-path",
        "unknown-method", "failure", "object-as-text",
    }
)  # fmt: skip


class PrismRefusals:
    """The refusals of one operation, or with no `success` of requests that fit none."""

    def __init__(
        self, success: Success | None = None, accepted: Sequence[str] = (), schemes: Iterable[Node] = ()
    ) -> None:
        """`accepted` are the media types of the operation's requests, `schemes` its security schemes."""
        self._success = success
        self._accepted = accepted
        self._challenge = ",".join(dict.fromkeys(filter(None, map(_challenge, schemes))))

    def reply(self, call: Call[Any, Any], refusal: RefusalError) -> Reply[Any]:
        """The answer for the reason of `refusal`: what the contract declares, else a problem."""
        reason = refusal.reason.partition(".")[0]
        statuses, name, title = PROBLEMS.get(refusal.reason) or PROBLEMS.get(reason, _INVALID)
        if reason == "status":
            statuses, name, title = [int(refusal.reason.partition(".")[2])], "UNKNOWN", "Unknown error"
        if reason not in OF_THE_SERVER and (reply := self._declared(call, statuses)) is not None:
            return reply
        problem = {
            "type": TYPES + name,
            "title": title,
            "status": statuses[0],
            "detail": self._detail(call, reason, refusal),
        }
        if name == "UNPROCESSABLE_ENTITY":
            problem["validation"] = [_told(violation) for violation in refusal.violations] or [_of_body(refusal)]
        headers = [(b"content-type", PROBLEM_JSON.encode())]
        if refusal.reason == "credentials.missing" and self._challenge:
            problem["headers"] = {"WWW-Authenticate": self._challenge}
            headers.append((b"www-authenticate", self._challenge.encode()))
        return Reply.json(statuses[0], problem, headers)

    def _declared(self, call: Call[Any, Any], statuses: Sequence[int]) -> Reply[Any] | None:
        """The first of the statuses that is declared, by default the first of all; None without any content to show.

        Of its examples it is the one that the call prefers, where there is one of this name.
        """
        success = self._success
        if success is None:
            return None
        found = [declared for status in statuses if (declared := success.find_named(str(status)))]
        found += [declared] if (declared := success.find(str(statuses[0]))) else []
        if not found:
            return None
        contents = found[0].contents
        if not contents:
            return Reply(found[0].status)
        wanted = preferences(call).example
        named = next((each for each in contents if wanted is not None and each.has_example(wanted)), None)
        if named is not None and wanted is not None:
            return Reply(found[0].status, named.example(wanted), [named.header])
        content = next(filter(Content.has_example, contents), None) or next(
            (each for each in contents if each.schema), None
        )
        return None if content is None else Reply(found[0].status, content.usual, [content.header])

    def _detail(self, call: Call[Any, Any], reason: str, refusal: RefusalError) -> str:
        path = call.path.encode(errors="replace").decode()
        match reason:
            case "credentials":
                kind = UNDECLARED.format(kind="unauthorized")
                return f"Your request does not fullfil the security requirements{kind}"
            case "media-type" if not self._accepted:
                return "No supported content types, but request included a non-empty body"
            case "media-type" if refusal.reason == "media-type":
                return f"Supported content types: {', '.join(self._accepted)}"
            case "not-acceptable":
                return f"Unable to find content for {(call.header(b'accept') or b'').decode('latin-1')}"
            case "unknown-path":
                return f"The route {path} hasn't been found in the specification file"
            case "unknown-method":
                method = call.method.encode(errors="replace").decode().lower()
                return f'The route {path} has been matched, but it does not have "{method}" method defined'
            case "no-server":
                url = refusal.facts.get("server")
                return f"The server url {url} hasn't been matched with any of the provided servers"
            case "no-servers":
                return "No server configuration has been provided in the specification"
            case "no-operations":
                return "The current document does not have any resource to match with."
            case "no-response":
                return "The specification declares no response for this operation."
            case "preference" | "unknown-object" | "failure" | "object-as-text":
                return str(refusal.facts.get("message", "The server failed."))
        return f"Your request is not valid{UNDECLARED.format(kind='validation')}"


def _of_body(refusal: RefusalError) -> dict[str, Any]:
    """What is wrong with a body that is missing or cannot be read."""
    message = str(refusal.facts.get("message", "Body parameter is required"))
    return {"location": ["body"], "severity": "Error", "code": "required", "message": message}


def _challenge(scheme: Node) -> str:
    """What WWW-Authenticate says of a security scheme, nothing for those that HTTP does not know."""
    kind = scheme.get("type")
    if kind == "http":
        name = str(scheme.get("scheme", "")).capitalize()
        return f'{name} realm="*"' if name in ("Basic", "Digest") else name
    return {"oauth2": "OAuth2", "openIdConnect": "OpenID"}.get(str(kind), "")


def _told(violation: Violation) -> dict[str, Any]:
    path = violation.path[:-1] if violation.keyword == "required" else violation.path
    return {
        "location": [violation.place, *map(str, path)],
        "severity": "Error",
        "code": violation.keyword,
        "message": violation.message,
    }
