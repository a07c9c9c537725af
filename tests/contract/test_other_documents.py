"""Stubs of documents that others have published keep their contracts: nothing is found where nothing is wrong."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from counterfoil.cli import main
from tests.contract.kit import generated_of
from tests.shared_material import ROOT, shared

# A few of bench/zoo/contracts.txt, of which `make zoo` can test all: small ones of every version of OpenAPI.
DOCUMENTS = (
    "hey-api--2.0.x-schema-unknown.yaml",
    "schemathesis--data-petstore_v2.yaml",
    "ogen-examples--positive-http_responses.json",
    "xero--finance.yaml",
    "etsi--mec010-2.json",
    "readmeio-oas-examples--yaml-train-travel.yaml",
    "pan-docusaurus--bakery-openapi.yaml",
)


def test_the_documents_are_among_those_of_the_zoo() -> None:
    listed = (ROOT / "bench" / "zoo" / "contracts.txt").read_text("utf-8").split()
    assert len(set(listed)) == 30
    assert set(DOCUMENTS) <= set(listed)


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_stub_of_a_document_is_green(name: str, tmp_path: Path) -> None:
    document = shared(f"corpus/openapi/{name}")
    (tmp_path / "specs" / "theirs").mkdir(parents=True)
    (tmp_path / "specs" / "theirs" / name).write_bytes(document.read_bytes())
    places = ["--specs", str(tmp_path / "specs"), "--out", str(tmp_path / "generated")]
    made = CliRunner().invoke(main, ["generate", "theirs", *places], catch_exceptions=False)
    assert made.exit_code == 0, made.output
    tested = CliRunner().invoke(main, ["test", "theirs", *places, "--max-examples", "2"], catch_exceptions=False)
    assert tested.exit_code == 0, tested.stdout


# No responses at all; an example that states what only the server may state; text that must be Base64; an operation
# that leads elsewhere; defaults that depend on the kind of what is sent; a kind of answers that holds less than was
# sent, and one that shows another choice; a list that shows no keys; a property called as what places begin with, and
# an error that is a list; objects numbered anew below each parent; a list that has by chance what is made elsewhere;
# objects of keys that clients choose, which one can make again; an object that only the server tells, of two kinds.
ODD = """
openapi: 3.1.0
info: {title: Odd, version: "1"}
paths:
  /silent:
    put:
      requestBody: {content: {application/json: {schema: {type: object}}}}
  /elsewhere:
    get:
      responses: {"303": {description: There.}, default: {$ref: "#/components/responses/Wrong"}}
  /orders:
    get:
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Orders"}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "422": {$ref: "#/components/responses/Wrong"}
  /labels:
    get:
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Labels"}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewLabel"}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Label"}}}}
        "422": {$ref: "#/components/responses/Wrong"}
  /labels/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Narrow"}}}}
        "404": {description: None.}
  /files:
    get:
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Files"}}}}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/File"}, example: {id: f1, parts: [{content: AAAA}]}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/File"}}}}
        "422": {description: Invalid.}
  /files/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    patch:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Change"}}}}
      responses:
        "200": {description: Changed., content: {application/json: {schema: {$ref: "#/components/schemas/File"}}}}
        "404": {description: None.}
        "422": {description: Invalid.}
  /zones:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Named"}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Zone"}}}}
        "422": {description: Invalid.}
  /zones/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Zone"}}}}
        "404": {description: None.}
    delete: {responses: {"204": {description: Gone.}, "404": {description: None.}}}
  /zones/{id}/records:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Zones"}}}}
        "404": {description: None.}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Named"}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Zone"}}}}
        "404": {description: None.}
        "422": {description: Invalid.}
  /stock:
    get:
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Stock"}}}}
  /deliveries:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Goods"}}}}
      responses: {"204": {description: Noted.}, "422": {description: Invalid.}}
  /vessels:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewVessel"}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Vessel"}}}}
        "422": {description: Invalid.}
  /vessels/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Vessel"}}}}
        "404": {description: None.}
  /installations:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Chosen"}}}}
      responses:
        "201": {description: Done., content: {application/json: {schema: {$ref: "#/components/schemas/Installed"}}}}
        "422": {description: Invalid.}
components:
  responses:
    Wrong: {description: Invalid., content: {application/json: {schema: {$ref: "#/components/schemas/Errors"}}}}
  schemas:
    Errors:
      type: array
      items: {type: object, properties: {field: {type: [string, "null"]}, message: {type: string}}}
    Chosen: {type: object, required: [name, mood], properties: {name: {type: string}, mood: {enum: [calm, keen]}}}
    Installed:
      type: object
      required: [app]
      properties:
        app:
          readOnly: true
          oneOf:
            - type: object
              required: [mood, name, path]
              properties: {mood: {const: calm}, name: {type: string}, path: {type: string}}
            - type: object
              required: [mood, name]
              properties: {mood: {const: keen}, name: {type: string}}
    NewVessel: {type: object, required: [key], properties: {key: {type: string}, load: {enum: [a, b]}}}
    Vessel:
      type: object
      required: [key, createdAt, lastModifiedAt]
      properties:
        key: {type: string}
        load: {enum: [a, b]}
        createdAt: {type: string, format: date-time}
        lastModifiedAt: {type: string, format: date-time}
    Goods: {type: object, required: [name], properties: {name: {type: string, example: Oak}, note: {type: string}}}
    Stock: {type: array, items: {$ref: "#/components/schemas/Goods"}}
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Zone: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
    Zones: {type: array, items: {$ref: "#/components/schemas/Zone"}}
    Orders: {type: array, items: {$ref: "#/components/schemas/Placed"}}
    Labels: {type: array, items: {$ref: "#/components/schemas/Shown"}}
    NewOrder:
      oneOf:
        - type: object
          required: [item]
          properties:
            {kind: {type: string, const: plain, default: plain}, item: {type: string}, months: {type: integer}}
        - type: object
          required: [item, share]
          properties:
            {kind: {type: string, const: share, default: share}, item: {type: string}, share: {type: integer}}
    Placed:
      type: object
      required: [kind, item]
      properties: {kind: {type: string}, item: {type: string}}
    Order:
      oneOf:
        - {$ref: "#/components/schemas/Placed"}
        - {allOf: [{$ref: "#/components/schemas/Placed"}, {required: [months], properties: {months: {type: integer}}}]}
    NewLabel:
      type: object
      required: [query, look]
      properties:
        query: {type: string}
        look: {enum: [plain, loud]}
        counts: {type: object, additionalProperties: {type: number}}
    Label:
      type: object
      required: [id]
      properties:
        id: {type: integer}
        query: {type: string}
        look: {enum: [plain, loud]}
        counts: {type: object, additionalProperties: {type: integer}}
    Shown: {type: object, properties: {query: {type: string}, look: {enum: [plain, loud]}}}
    Narrow:
      type: object
      required: [id, look]
      properties: {id: {type: integer}, query: {type: string}, look: {enum: [plain, quiet]}}
    Files: {type: array, items: {$ref: "#/components/schemas/File"}}
    Part: {type: object, required: [content], properties: {content: {type: string, format: byte}}}
    Change: {type: object, properties: {parts: {type: array, items: {$ref: "#/components/schemas/Part"}}}}
    File:
      type: object
      required: [id, parts]
      properties:
        id: {type: string, readOnly: true}
        parts: {type: array, items: {$ref: "#/components/schemas/Part"}}
"""


def test_what_a_document_leaves_open_is_not_held_against_its_stub(tmp_path: Path) -> None:
    generated_of("odd", ODD, tmp_path)
    places = ["--specs", str(tmp_path / "specs"), "--out", str(tmp_path / "out")]
    stages = ["--stage", "documented", "--stage", "ladder", "--stage", "probes"]
    tested = CliRunner().invoke(main, ["test", "odd", *places, *stages], catch_exceptions=False)
    assert tested.exit_code == 0, tested.stdout
