"""Everything that schemathesis imports before its first request and with it: to be imported by a fork server.

Much of it is imported late, so that an operation is tested that nobody answers for.
"""

import json
from pathlib import Path

import schemathesis.cli
from click.testing import CliRunner

_CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "Nobody", "version": "1"},
    "paths": {
        "/{id}": {
            "post": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"200": {"description": "never"}},
            }
        }
    },
}

_runner = CliRunner()
with _runner.isolated_filesystem():
    Path("openapi.json").write_text(json.dumps(_CONTRACT), "utf-8")
    _runner.invoke(schemathesis.cli.schemathesis, ["run", "openapi.json", "--url", "http://127.0.0.1:9", "-n", "1"])
