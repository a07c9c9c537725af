"""What is wrong with an answer by the contract: its status, its media type, its body."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from counterfoil.stub.answers.content.declared import Content
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Reply
from counterfoil.stub.requests.strict_json import parse

Errors = Callable[[Any], list[jsonschema_rs.ValidationError]]


class AnswerCheck:
    """Holds answers of one operation against the responses that it declares."""

    def __init__(self, success: Success) -> None:
        self._success = success
        self._validators: dict[int, jsonschema_rs.Validator] = {}

    def violations(self, reply: Reply[Any]) -> list[dict[str, Any]]:
        """What is wrong, each with `location`, `severity`, `code` and `message`; none where all is well."""
        declared = self._success.find(str(reply.status))
        if declared is None:
            return [_violation(["response"], "status", f"The status {reply.status} is not declared.")]
        if not declared.contents or not reply.body:
            return []
        header = next((value for name, value in reply.headers if name == b"content-type"), b"")
        media_type = header.decode("latin-1").partition(";")[0].strip().lower()
        content = next((each for each in declared.contents if _plain(each) == media_type), None)
        if content is None:
            return [_violation(["response", "header", "content-type"], "media-type", f"{media_type} is not declared.")]
        if not content.is_json or not content.schema:
            return []
        try:
            value = parse(reply.body)
        except ValueError as error:
            return [_violation(["response", "body"], "malformed", str(error))]
        if (validator := self._validators.get(id(content))) is None:
            validator = self._validators[id(content)] = self._success.contract.answer_validator(content.schema)
        return [
            _violation(["response", "body", *map(str, error.instance_path)], error.kind.name, error.message)
            for error in validator.iter_errors(value)
        ]


def _plain(content: Content) -> str:
    return content.media_type.partition(";")[0].strip().lower()


def _violation(location: list[str], code: str, message: str) -> dict[str, Any]:
    return {"location": location, "severity": "Error", "code": code, "message": message}
