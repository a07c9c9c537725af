"""OpenAPI documents as people write them: what is generated of each can be imported, served and tested."""

import json
from pathlib import Path

import pytest

from counterfoil.checks import Settings, in_process, run
from counterfoil.checks.reporting.findings import Report
from counterfoil.documents.folder import VendorFolder
from counterfoil.emit.generation import Generated, generate_vendor
from counterfoil.emit.templates import Templates
from counterfoil.emit.write import write
from counterfoil.stub.app import Stub
from counterfoil.stub.loading import load_stub
from tests.asking import asking

HEAD = 'openapi: 3.0.0\ninfo: {title: Pasture, version: "1"}\n'


@pytest.fixture
def generate(tmp_path: Path):
    """Write what is generated of the text of one document as the vendor `pasture`."""

    def generate(text: str, name: str = "page.yaml") -> Generated:
        generated = generate_vendor(VendorFolder("specs", "pasture", "pasture", ((name, text),)), Templates(None))
        write(generated.files, tmp_path / "pasture")
        return generated

    return generate


def stub(folder: Path) -> Stub:
    return load_stub(folder, "pasture")


def contract_test(folder: Path) -> Report:
    return run("pasture", folder / "pasture", in_process(stub(folder)), settings=Settings(max_examples=3, seconds=20))


def test_operations_named_like_words_of_python(generate, tmp_path: Path) -> None:
    names = ["import", "None", "Any", "Stub", "list", "Call", "class"]
    answer = "{200: {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}"
    paths = "".join(f"  /{name}:\n    get: {{operationId: {name}, responses: {answer}}}\n" for name in names)
    generate(f"{HEAD}paths:\n{paths}")
    report = contract_test(tmp_path)
    assert not report.findings
    assert set(report.cases) == {f"GET /{name}" for name in names}


def test_swagger_whose_version_is_a_whole_number(generate) -> None:
    generated = generate(
        """\
swagger: 2
info: {title: Pasture, version: "1"}
basePath: /v1
paths:
  /sheep: {get: {responses: {200: {description: ok, schema: {$ref: '#/definitions/Sheep'}}}}}
definitions: {Sheep: {type: object}}
"""
    )
    contract = json.loads(generated.files["openapi.json"])
    assert contract["servers"] == [{"url": "/v1"}]
    assert list(contract["components"]["schemas"]) == ["Sheep"]
    assert not generated.diagnostics


def test_operations_with_methods_of_their_own(generate, tmp_path: Path) -> None:
    generate(
        """\
openapi: 3.2.0
info: {title: Pasture, version: "1"}
paths:
  /sheep:
    query: {operationId: findSheep, responses: {204: {description: none}}}
    additionalOperations:
      LINK: {operationId: linkSheep, responses: {204: {description: linked}}}
      SHEAR: {operationId: shearSheep, responses: {302: {description: elsewhere}, default: {description: error}}}
"""
    )
    with asking(stub(tmp_path)) as session:
        for method in ("LINK", "QUERY"):
            assert session.request(method, "/sheep").status_code == 204
        answer = session.request("SHEAR", "/sheep")
        assert answer.status_code == 302
        assert session.get("/sheep").status_code == 405


def test_operations_of_which_only_errors_are_described(generate, tmp_path: Path) -> None:
    responses = "{400: {description: bad}, 404: {description: none}}"
    generate(f"{HEAD}paths:\n  /sheep:\n    put: {{responses: {responses}}}\n    post: {{responses: {responses}}}\n")
    assert not contract_test(tmp_path).findings


def test_one_path_under_two_names(generate, tmp_path: Path) -> None:
    name = "parameters: [{name: %s, in: path, required: true, schema: {type: %s}}], responses: {%d: {description: ok}}"
    generate(
        f"{HEAD}paths:\n  /sheep/{{id}}:\n    get: {{{name % ('id', 'integer', 204)}}}\n"
        f"  /sheep/{{name}}:\n    get: {{{name % ('name', 'string', 205)}}}\n"
        f"    delete: {{{name % ('name', 'string', 204)}}}\n"
    )
    with asking(stub(tmp_path)) as session:
        assert session.get("/sheep/7").status_code == 204
        assert session.get("/sheep/dolly").status_code == 205
        assert session.delete("/sheep/dolly").status_code == 204


def test_operations_that_only_a_field_tells_apart(generate, tmp_path: Path) -> None:
    action = "parameters: [{name: Action, in: query, required: true, schema: {enum: [%s]}}]"
    paths = "".join(
        f"  /#Action={name}:\n    get: {{{action % name}, responses: {{{status}: {{description: ok}}}}}}\n"
        for name, status in (("Feed", 202), ("Shear", 205))
    )
    generate(f"{HEAD}paths:\n{paths}")
    with asking(stub(tmp_path)) as session:
        assert session.get("/?Action=Shear").status_code == 205
        assert session.get("/?Action=Feed").status_code == 202
        assert session.get("/").status_code == 422
    assert not contract_test(tmp_path).findings


def test_schemas_that_all_refer_to_each_other_leave_the_readme_readable(generate) -> None:
    names = [f"N{number}" for number in range(30)]
    properties = ", ".join(f"{name}: {{$ref: '#/components/schemas/{name}'}}" for name in names)
    schemas = "".join(f"    {name}: {{type: object, properties: {{{properties}}}}}\n" for name in names)
    answer = "{200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/N0'}}}}}"
    generated = generate(f"{HEAD}paths:\n  /net:\n    get: {{responses: {answer}}}\ncomponents:\n  schemas:\n{schemas}")
    assert 30 <= generated.files["README.md"].count("\n| `N") <= 60


def test_long_chains_of_schemas(generate, tmp_path: Path) -> None:
    """Each is built inside the one before; Python would end that long before."""
    links = "".join(
        f"    L{number}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/L{number + 1}'}}}}}}\n"
        for number in range(90)
    )
    answer = "{200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/L0'}}}}}"
    generate(
        f"{HEAD}paths:\n  /chain:\n    get: {{responses: {answer}}}\n"
        f"components:\n  schemas:\n{links}    L200: {{type: integer}}\n"
    )
    assert not contract_test(tmp_path).findings


def test_answers_name_a_media_type_and_servers_of_operations_are_left_alone(generate, tmp_path: Path) -> None:
    generate(
        HEAD
        + """\
paths:
  /flock:
    servers: [{url: https://flock.invalid/v2}]
    get:
      servers: [{url: https://pasture.invalid/v3}]
      responses:
        200: {description: ok, content: {"*/*": {schema: {type: object, properties: {a: {type: integer, default: 1}}}}}}
    post:
      requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}
      responses: {201: {description: ok, content: {application/json: {}}}}
"""
    )
    report = contract_test(tmp_path)
    assert set(report.cases) == {"GET /flock", "POST /flock"}
    assert not report.findings
    with asking(stub(tmp_path)) as session:
        assert session.get("/flock").headers["content-type"] == "application/json"
