"""Objects whose properties operations tell in different forms."""

from tests.stubs.resources import client_for, operation, path

TEXT = {"type": "string"}


def test_a_key_that_one_operation_tells_as_a_number_another_tells_as_a_text() -> None:
    def note(kind: str) -> dict[str, object]:
        return {"type": "object", "required": ["id"], "properties": {"id": {"type": kind}, "text": TEXT}}

    new = {"type": "object", "properties": {"text": TEXT}}
    item = {"parameters": [path("id")], "get": operation("200", note("string"))}
    client = client_for({"/notes": {"post": operation("201", note("number"), new)}, "/notes/{id}": item})
    made = [client("POST", "/notes", {"text": text}).json for text in "ab"]
    assert made == [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]
    assert client("GET", "/notes/2").json == {"id": "2", "text": "b"}
