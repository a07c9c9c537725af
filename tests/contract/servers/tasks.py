"""A server of tasks, owners and labels that refuses what no schema tells; its contract is `tasks.yaml` beside it."""

import json
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import yaml

Record = dict[str, Any]
_PATHS = yaml.safe_load(Path(__file__).with_name("tasks.yaml").read_text("utf-8"))["paths"]
_BODIES = {
    path: jsonschema_rs.Draft202012Validator(item["post"]["requestBody"]["content"]["application/json"]["schema"])
    for path, item in _PATHS.items()
    if "post" in item
}


class RefusalError(Exception):
    """A refusal with a status."""


class Tasks:
    """Keeps tasks, owners and labels; what is removed of the tasks stays, as removed."""

    rule_status = 422
    numbers = count(70_000)

    def __init__(self) -> None:
        self.kept: dict[str, dict[int, Record]] = {"owners": {}, "tasks": {}, "labels": {}}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        steps = unquote(scope["raw_path"].decode()).split("/")[1:]
        headers = [(b"content-type", b"application/json")]
        try:
            status, value = self.answer(scope["method"].replace("HEAD", "GET"), steps, dict(scope["headers"]), body)
        except RefusalError as error:
            status, value = error.args[0], {"error": "no"}
            methods = ", ".join(_PATHS.get(self.form(steps), {})).upper().replace("PARAMETERS, ", "")
            headers += [(b"allow", methods.encode())] if status == 405 else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        text = json.dumps(value).encode()
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def form(self, steps: list[str]) -> str:
        path = "/" + "/".join(steps)
        return path if path in _PATHS or len(steps) != 2 else f"/{steps[0]}/{{id}}"

    def answer(self, method: str, steps: list[str], headers: dict[bytes, bytes], body: bytes) -> tuple[int, Any]:
        path = self.form(steps)
        if path not in _PATHS or method.lower() not in _PATHS[path]:
            raise RefusalError(405 if path in _PATHS else 404)
        told = self.read(path, headers, body) if method == "POST" else {}
        match method, path:
            case "POST", "/owners":
                return 201, self.make("owners", told, "name")
            case "POST", "/tasks":
                self.check(told)
                return 201, self.make("tasks", {**told, **self.opened(told)}, *told, "state")
            case "POST", "/labels/new":
                return 200, {"label": self.make("labels", told, "name")}
            case "POST", "/labels/detail":
                return 200, {"label": self.kept["labels"].get(told["labelId"])}
            case "POST", "/labels/remove":
                if self.kept["labels"].pop(told["labelId"], None) is None:
                    raise RefusalError(400)
                return 200, {}
        if not (steps[1].isascii() and steps[1].isdecimal() and steps[1][0] != "0"):
            raise RefusalError(400)
        found = self.kept[steps[0]].get(int(steps[1]))
        if found is None:
            raise RefusalError(404)
        return 200, self.remove(found) if method == "DELETE" else self.shown(found)

    def read(self, path: str, headers: dict[bytes, bytes], body: bytes) -> Any:
        try:
            told = json.loads(body.decode())
            json.dumps(told, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise RefusalError(400) from None
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != b"application/json" or not _BODIES[path].is_valid(told):
            raise RefusalError(400)
        return told

    def check(self, told: Record) -> None:
        if told["owner_id"] not in self.kept["owners"] or told.get("least", 1) > told.get("most", 100):
            raise RefusalError(self.rule_status)

    def opened(self, told: Record) -> Record:
        return {"state": "open"}

    def make(self, kind: str, told: Record, *names: str) -> Record:
        known = ("name", "title", "owner_id", "least", "most", "note", "state")
        number = next(self.numbers)
        self.kept[kind][number] = {"id": number, **{name: told[name] for name in names if name in known}}
        return self.kept[kind][number]

    def remove(self, task: Record) -> Record:
        task["state"] = "removed"
        return task

    def shown(self, found: Record) -> Record:
        return found
