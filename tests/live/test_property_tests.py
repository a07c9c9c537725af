"""What schemathesis finds at a server, and what it cannot cope with."""

import json

import yaml

from tests.live.shop import Answer, Shop

RUN = ("--stage", "schemathesis", "--max-examples", "1", "--format", "json")
PROXY = {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}  # which nothing on this machine is asked through


def test_findings_bear_the_line_of_the_rule(shop: Shop) -> None:
    shop.answers = lambda asked: Answer(201, body={"id": 1, "thing": 1}) if asked.path == "/orders" else None
    result = shop.tested(*RUN, "--operation", "createOrder")
    found = {each["check"]: each["rule"]["location"] for each in json.loads(result.stdout)["vendors"][0]["findings"]}
    page = (shop.folder / "specs" / "shop" / "shop.yaml").read_text("utf-8").splitlines()
    line = {check: page[place["line"] - 1].strip() for check, place in found.items() if place}
    assert line["negative_data_rejection"] == "requestBody:"
    assert line["ignored_auth"].startswith("security:")


def test_half_a_surrogate_pair_that_a_server_keeps_is_read_again(shop: Shop) -> None:
    shop.changed = lambda _, body: body | {"name": "\ud83d"} if isinstance(body, dict) and "name" in body else body
    (vendor,) = json.loads(shop.tested(*RUN, "--stage", "documented", **PROXY).stdout)["vendors"]
    assert [each for each in vendor["skipped"] if "since it failed" in each["reason"]] == []
    assert any("half of a surrogate pair" in each["summary"] for each in vendor["findings"])
    looked_at = {each["operation"]: each["requests"] for each in vendor["operations"]}
    assert {"fuzzing", "stateful"} & looked_at["GET /things/{thingId}"].keys()


def test_a_server_may_refuse_integers_that_are_written_as_fractions(own: Shop) -> None:
    page = own.folder / "specs" / "shop" / "shop.yaml"
    tree = yaml.safe_load(page.read_text("utf-8"))
    tree["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]["example"] = {"thing": 1.0}
    page.write_text(json.dumps(tree), "utf-8")
    own.accept()

    own.answers = lambda asked: Answer(422, body={"detail": "no"}) if b"1.0" in asked.body else None
    result = own.tested(*RUN, "--operation", "createOrder")
    assert any(b"1.0" in each.body for each in own.asked)
    found = {each["check"] for each in json.loads(result.stdout)["vendors"][0]["findings"]}
    assert "positive_data_acceptance" not in found, result.stdout
