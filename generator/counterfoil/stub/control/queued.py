"""Answers that tests queue for operations."""

from dataclasses import dataclass
from typing import Any

from counterfoil.stub.answers.answer_check import AnswerCheck
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Reply
from counterfoil.stub.control.session import NOT_GIVEN
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.strict_json import dump


@dataclass(frozen=True, slots=True)
class Queued:
    """An answer that a test wants; what is not given of it, the contract says.

    `unchecked`: it may break the contract.
    """

    status: int | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: Any = NOT_GIVEN
    unchecked: bool = False

    def as_json(self) -> dict[str, Any]:
        """The answer as the control API tells it."""
        told: dict[str, Any] = {} if self.status is None else {"status": self.status}
        if self.headers:
            told["headers"] = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
        if self.unchecked:
            told["unchecked"] = True
        return told if self.body is NOT_GIVEN else {**told, "body": self.body}

    def reply(self, success: Success) -> Reply[Any]:
        """The answer with its own body, in the media type that it states or the operation of `success` declares."""
        status = success.status if self.status is None else self.status
        if status in (204, 304) or (self.body is None and not self.headers):
            return Reply(status, b"", self.headers)
        content_type, headers = dict(self.headers).get(b"content-type"), list(self.headers)
        if content_type is None:
            declared = success.declared if status == success.status else success.find(str(status))
            content_type = declared.contents[0].header[1] if declared and declared.contents else b"application/json"
            headers.append((b"content-type", content_type))
        is_text = isinstance(self.body, str) and not is_json(content_type.decode("latin-1"))
        return Reply(status, self.body.encode() if is_text else dump(self.body), headers)

    def check(self, success: Success) -> None:
        """`ValueError` if its body is not what the operation of `success` declares for its status, where it does."""
        if self.body is NOT_GIVEN or self.unchecked:
            return
        for wrong in AnswerCheck(success).violations(self.reply(success)):
            if wrong["code"] != "status":
                place = ".".join(wrong["location"][1:])
                told = f"{place}: {wrong['message']}; to send it all the same, say that it is unchecked"
                raise ValueError(f"the answer breaks the contract at {told}")
