"""Drift: what live answers have that the contract has not, and the overlay that absorbs it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.shop import TOKEN, Answer, Asked, Shop
from tests.live.test_recording import entry, recorded

URL = "https://api.example.com"
THING = {"id": 1, "name": "lamp", "size": "small"}


def with_status(status: int, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    listed = [{"name": name, "value": value} for name, value in (headers or {}).items()]
    return entry("GET", f"{URL}/things/1", status, body, headers=listed)


CASES = {
    "undocumented status 410": with_status(410, {"gone": True}),
    "undocumented header x-queue: \"b7\"": with_status(200, THING, {"X-Queue": "b7"}),
    "undocumented field /colour: \"red\"": with_status(200, THING | {"colour": "red"}),
    "undocumented value of /size: \"huge\"": with_status(200, THING | {"size": "huge"}),
    "/name is null: null": with_status(200, THING | {"name": None}),
    "/id is string: \"a1\"": with_status(200, THING | {"id": "a1"}),
    "the required field /size is missing": with_status(200, {"id": 1, "name": "lamp"}),
    "/made breaks format: \"yesterday\"": with_status(200, THING | {"made": "yesterday"}),
}  # fmt: skip


@pytest.mark.parametrize("summary", CASES)
def test_drift_is_told(shop: Shop, tmp_path: Path, summary: str) -> None:
    har = recorded(tmp_path / "live.har", CASES[summary], with_status(200, THING))
    result = shop.run("drift", "--har", str(har), "--url", URL)
    assert result.exit_code == 1, result.output
    assert summary in result.output
    assert "  1 way in which" in result.output


def test_the_overlay_absorbs_all_of_it(own: Shop, tmp_path: Path) -> None:
    plain = with_status(410, "gone", {"X-Since": "Monday"})
    plain["response"]["headers"][1]["value"] = "text/plain"
    har = recorded(
        tmp_path / "live.har", *CASES.values(), plain, entry("GET", f"{URL}/things", 200, [THING | {"size": "tiny"}])
    )
    overlay = tmp_path / "overlay.yaml"
    told = own.run("drift", "--har", str(har), "--url", URL, "--write", str(overlay))
    assert told.exit_code == 1
    assert own.run("test", "--replay", str(har), "--url", URL).exit_code == 1
    for action in yaml.safe_load(overlay.read_text("utf-8"))["actions"]:
        assert action["x-confidence"] == "measured"
        assert "GET https://api.example.com/things" in action["x-observed"]
        assert "of" in action["x-observed"]
        assert action["description"].startswith("GET /things")
    own.accept(overlay)
    assert own.run("test", "--replay", str(har), "--url", URL).exit_code == 0
    again = own.run("drift", "--har", str(har), "--url", URL)
    assert again.exit_code == 0, again.output
    assert "no drift" in again.output


def test_no_drift_where_the_contract_is_kept(shop: Shop) -> None:
    result = shop.tested("--rate", "1000/s", command="drift")
    assert result.exit_code == 0, result.output
    assert "no drift" in result.stdout
    assert {each.path.partition("/")[2].split("/")[0] for each in shop.asked} == {"things", "orders"}


def test_other_spellings_of_a_path_are_no_drift(shop: Shop, tmp_path: Path) -> None:
    other = entry("GET", f"{URL}/%74hings/1", 404, {"message": "unknown path"})
    result = shop.run("drift", "--har", str(recorded(tmp_path / "live.har", other, with_status(200, THING))))
    assert result.exit_code == 0, result.output


def test_a_live_server_is_asked_what_can_be_undone(own: Shop, tmp_path: Path) -> None:
    own.changed = lambda asked, body: body | {"stock": 3} if isinstance(body, dict) and "size" in body else body
    overlay = tmp_path / "overlay.yaml"
    result = own.tested("--profile", "safe", "--rate", "1000/s", "--write", str(overlay), command="drift")
    assert result.exit_code == 1, result.output
    assert "undocumented field /stock: 3" in result.stdout
    assert not [each for each in own.asked if each.path == "/orders"]
    assert own.things() == []
    own.accept(overlay)
    again = own.tested("--profile", "safe", "--rate", "1000/s", command="drift")
    assert again.exit_code == 0, again.output


def test_a_live_server_is_asked_what_it_must_refuse(own: Shop) -> None:
    def otherwise(asked: Asked) -> Answer | None:
        if "x-shop-key" not in asked.headers:
            return Answer(403, body={"detail": "no"})
        return Answer(422, body={"detail": "no", "hint": "a name"}) if b'"name"' not in asked.body else None

    own.answers = lambda asked: otherwise(asked) if (asked.method, asked.path) == ("POST", "/things") else None
    told = own.tested("--rate", "1000/s", command="drift").stdout
    assert "POST /things 403: undocumented status 403 (1 of 1 answer)" in told
    assert "POST /things 422: undocumented field /hint" in told


def test_no_secret_gets_into_the_overlay(own: Shop, tmp_path: Path) -> None:
    def telling(asked: Asked) -> Answer | None:
        told = {"key": asked.headers.get("x-shop-key"), "pin": "canary-pin-123"}
        return Answer(418, {"X-Told": asked.headers.get("x-shop-key", "")}, told)

    own.answers = telling
    overlay = tmp_path / "overlay.yaml"
    result = own.tested("--profile", "safe", "--rate", "1000/s", "--write", str(overlay), command="drift")
    assert result.exit_code == 1
    for text in (overlay.read_text("utf-8"), result.output):
        assert TOKEN not in text
        assert "canary-pin" not in text


def test_nothing_to_compare_is_bad_input(shop: Shop, tmp_path: Path) -> None:
    har = recorded(tmp_path / "live.har", entry("GET", "https://elsewhere.example.com/a", 200, {}))
    result = shop.run("drift", "--har", str(har))
    assert result.exit_code == 2
    assert "nothing-to-compare" in result.output
    assert shop.run("drift").exit_code == 2


def test_what_no_action_absorbs_is_told(own: Shop, tmp_path: Path) -> None:
    page = own.folder / "specs" / "shop" / "shop.yaml"
    tree = yaml.safe_load(page.read_text("utf-8"))
    tree["components"]["schemas"]["Thing"]["properties"]["size"] = {"not": {"const": "huge"}}
    page.write_text(json.dumps(tree), "utf-8")
    empty = tmp_path / "overlay.yaml"
    empty.write_text("overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n- {target: $.info, description: d, "
                     "x-confidence: inferred, update: {x-a: b}}\n", "utf-8")  # fmt: skip
    own.accept(empty)
    har = recorded(tmp_path / "live.har", with_status(200, THING | {"size": "huge"}))
    result = own.run("drift", "--har", str(har), "--url", URL)
    assert result.exit_code == 1
    assert "no action absorbs it" in result.output


def test_requests_do_not_say_what_only_answers_say(own: Shop, tmp_path: Path) -> None:
    page = own.folder / "specs" / "shop" / "shop.yaml"
    tree = yaml.safe_load(page.read_text("utf-8"))
    tree["components"]["schemas"]["NewThing"] = {"$ref": "#/components/schemas/Thing"}
    page.write_text(json.dumps(tree), "utf-8")
    own.accept()
    har = recorded(tmp_path / "live.har", with_status(200, THING | {"colour": "red"}))
    overlay = tmp_path / "overlay.yaml"
    assert own.run("drift", "--har", str(har), "--url", URL, "--write", str(overlay)).exit_code == 1
    (action,) = yaml.safe_load(overlay.read_text("utf-8"))["actions"]
    assert action["update"]["properties"]["colour"] == {"type": "string", "readOnly": True}
    assert "requests have this schema, too" in action["description"]


def test_what_was_inferred_is_stated_before_it_is_changed(own: Shop, tmp_path: Path) -> None:
    page = own.folder / "specs" / "shop" / "shop.yaml"
    tree = yaml.safe_load(page.read_text("utf-8"))
    tree["components"]["schemas"]["Thing"]["additionalProperties"] = False
    stocked = {"type": "object", "required": ["stock"], "properties": {"stock": {"type": "integer"}}}
    both = {"allOf": [{"$ref": "#/components/schemas/Thing"}, stocked | {"additionalProperties": False}]}
    one = tree["paths"]["/things/{thingId}"]
    one["get"]["responses"]["200"]["content"]["application/json"]["schema"] = both
    del one["delete"]["responses"]["204"]  # so that it has only errors
    page.write_text(json.dumps(tree), "utf-8")
    own.accept()
    plain = THING | {"stock": 1}
    har = recorded(
        tmp_path / "live.har",
        with_status(200, plain),
        with_status(200, plain | {"stock": "many", "name": None, "colour": "red"}),
        with_status(200, THING),
        entry("DELETE", f"{URL}/things/1", 200, {}, headers=[{"name": "X-Queue", "value": "b7"}]),
    )
    overlay = tmp_path / "overlay.yaml"
    told = own.run("drift", "--har", str(har), "--url", URL, "--write", str(overlay))
    assert (told.exit_code, "5 ways" in told.stdout) == (1, True), told.output
    own.accept(overlay)
    again = own.run("drift", "--har", str(har), "--url", URL)
    assert (again.exit_code, "no drift" in again.stdout) == (0, True), again.output


def share(shop: Shop, **schemas: Any) -> None:
    """Let requests have the schema of things, too, and let the contract have further schemas."""
    page = shop.folder / "specs" / "shop" / "shop.yaml"
    tree = yaml.safe_load(page.read_text("utf-8"))
    known = tree["components"]["schemas"]
    known |= schemas | {"NewThing": {"$ref": "#/components/schemas/Thing"}}
    known["Thing"]["required"].remove("id")
    known["Thing"]["properties"] |= {"parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}
    page.write_text(json.dumps(tree), "utf-8")
    shop.accept()


GREY = {"id": 1, "name": "lamp", "size": "huge", "parts": [{"colour": "grey", "note": None, "other": 7}], "extra": 1}


def test_requests_keep_the_schemas_that_answers_outgrow(own: Shop, tmp_path: Path) -> None:
    colour = {"type": "string", "enum": ["red", "blue"]}
    part = {
        "type": "object",
        "properties": {
            "colour": {"$ref": "#/components/schemas/Colour"},
            "note": {"type": "string"},
            "other": {"oneOf": [{"$ref": "#/components/schemas/Colour"}, {"type": "boolean"}]},
        },
    }
    share(own, Part=part, Colour=colour)
    har = recorded(tmp_path / "live.har", with_status(200, GREY), entry("GET", f"{URL}/things", 200, [GREY]))
    overlay = tmp_path / "overlay.yaml"
    told = own.run("drift", "--har", str(har), "--url", URL, "--write", str(overlay))
    assert (told.exit_code, "5 ways" in told.stdout) == (1, True), told.output
    own.accept(overlay)
    again = own.run("drift", "--har", str(har), "--url", URL)
    assert (again.exit_code, "no drift" in again.stdout) == (0, True), again.output
    assert own.run("test", "--replay", str(har), "--url", URL).exit_code == 0
    schemas = json.loads((own.folder / "generated" / "shop" / "openapi.json").read_text("utf-8"))["components"][
        "schemas"
    ]
    assert schemas["Colour"]["enum"] == colour["enum"]
    assert schemas["Part"]["properties"]["note"] == {"type": "string"}
    assert "huge" not in schemas["Thing"]["properties"]["size"]["enum"]
    assert "extra" not in schemas["Thing"]["properties"]
    # Each action says for which difference it is there.
    reasons = {each["target"]: each["description"] for each in yaml.safe_load(overlay.read_text("utf-8"))["actions"]}
    assert "/parts/0/colour" in reasons["$['components']['schemas']['ColourResponse']"]
    own.stub = Shop(own.folder).stub
    assert own.tested("--stage", "documented", "--stage", "ladder").exit_code == 0


def test_what_a_discriminator_names_stays_one_schema(own: Shop, tmp_path: Path) -> None:
    kinds = [{"$ref": "#/components/schemas/Bolt"}]
    bolt = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "Bolt"}, "long": {"type": "integer"}},
    }
    share(own, Part={"oneOf": kinds, "discriminator": {"propertyName": "kind"}}, Bolt=bolt)
    thing = THING | {"parts": [{"kind": "Bolt", "long": None}]}
    har = recorded(tmp_path / "live.har", with_status(200, thing))
    told = own.run("drift", "--har", str(har), "--url", URL)
    actions = yaml.safe_load(told.stdout.partition("\n\n")[2])["actions"]
    assert not [each for each in actions if "copy" in each]
    assert all(each["description"].endswith("; requests have this schema, too") for each in actions)


def test_an_overlay_of_a_person_is_not_written_over(own: Shop, tmp_path: Path) -> None:
    har = recorded(tmp_path / "live.har", CASES["undocumented status 410"])
    mine, accepted = tmp_path / "overlay.yaml", own.folder / "specs" / "shop" / "overlay.yaml"
    mine.write_text("overlay: 1.1.0 # mine\n", "utf-8")
    assert own.run("drift", "--har", str(har), "--url", URL, "--write", str(accepted)).exit_code == 1
    own.accept()
    for overlay in (mine, accepted):
        before = overlay.read_text("utf-8")
        again = own.run("drift", "--har", str(har), "--url", URL, "--write", str(overlay))
        assert (again.exit_code, "file-exists" in again.output) == (2, True), again.output
        assert overlay.read_text("utf-8") == before


def test_a_proposal_is_that_of_the_last_run(shop: Shop, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"

    def proposed(*entries: dict[str, Any]) -> str | None:
        har = recorded(tmp_path / "live.har", *entries)
        shop.run("drift", "--har", str(har), "--url", URL, "--write", str(overlay))
        return overlay.read_text("utf-8") if overlay.exists() else None

    assert "410" in str(proposed(CASES["undocumented status 410"]))
    later = str(proposed(with_status(409, {})))
    assert ("409" in later, "410" in later) == (True, False)
    assert proposed(with_status(200, THING)) is None


def test_schemathesis_toml_is_read(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schemathesis.toml").write_text(
        f'rate-limit = "1000/s"\n[headers]\nX-Team = "blue"\n[auth.openapi.key]\napi_key = "{TOKEN}"\n', "utf-8"
    )
    result = shop.tested(token=None, command="drift")
    assert result.exit_code == 0, result.output
    assert {each.headers.get("x-team") for each in shop.asked} == {"blue"}
    assert {each.headers.get("x-shop-key") for each in shop.asked} == {TOKEN, None}  # none where that must be refused
