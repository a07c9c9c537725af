"""What schemathesis finds at a server, and what it cannot cope with."""

import json

from tests.live.shop import Answer, Shop

RUN = ("--stage", "schemathesis", "--max-examples", "1", "--format", "json")


def test_findings_bear_the_line_of_the_rule(shop: Shop) -> None:
    shop.answers = lambda asked: Answer(201, body={"id": 1, "thing": 1}) if asked.path == "/orders" else None
    result = shop.tested(*RUN, "--operation", "createOrder")
    found = {each["check"]: each["rule"]["location"] for each in json.loads(result.stdout)["vendors"][0]["findings"]}
    page = (shop.folder / "specs" / "shop" / "shop.yaml").read_text("utf-8").splitlines()
    line = {check: page[place["line"] - 1].strip() for check, place in found.items() if place}
    assert line["negative_data_rejection"] == "requestBody:"
    assert line["ignored_auth"].startswith("security:")


def test_what_schemathesis_cannot_read_again_is_left_out(shop: Shop) -> None:
    shop.changed = lambda _, body: body | {"name": "\ud83d"} if isinstance(body, dict) and "name" in body else body
    result = shop.tested(*RUN)
    assert result.exit_code == 1
    skipped = json.loads(result.stdout)["vendors"][0]["skipped"]
    assert any("since it failed" in each["reason"] for each in skipped)
