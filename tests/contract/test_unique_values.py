"""Values that no two objects may share are made fresh, and stay what they are there to try."""

from counterfoil.checks.operation import Operation, operations
from counterfoil.checks.unique import UniqueValues


def _operation(schema: dict[str, object]) -> Operation:
    code = {**schema, "x-counterfoil": {"unique": True}}
    content = {"application/json": {"schema": {"type": "object", "properties": {"code": code}}}}
    post = {"requestBody": {"content": content}, "responses": {"201": {"description": "made"}}}
    return next(operations({"openapi": "3.1.0", "paths": {"/codes": {"post": post}}}))


def _sent(schema: dict[str, object], value: str, count: int) -> list[str]:
    operation, unique = _operation(schema), UniqueValues("ab12")
    return [unique.refresh(operation, {"code": value})["code"] for _ in range(count)]


def test_shortest_text_stays_the_shortest_twice() -> None:
    for schema, value in (
        ({"type": "string", "minLength": 3}, "abc"),
        ({"type": "string", "pattern": "^[A-Z][A-Z0-9]{3,30}$"}, "A000"),
    ):
        sent = _sent(schema, value, 5)
        assert len(set(sent)) == 5, "each is sent once"
        assert [len(each) for each in sent[:2]] == [len(value)] * 2, "what is too short for some servers is tried"
        assert all(len(each) > len(value) for each in sent[2:]), "there are more longer texts than short ones"


def test_longest_text_stays_within_its_bounds() -> None:
    sent = _sent({"type": "string", "maxLength": 4}, "abcd", 5)
    assert len(set(sent)) == 5
    assert all(len(each) == 4 for each in sent)
