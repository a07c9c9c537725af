"""The stub of a small shop on a loopback port, which tells what it was asked and can be made to answer otherwise."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
from click.testing import CliRunner, Result

from counterfoil.cli import main
from counterfoil.stub.loading import load_stub
from tests.contract.loopback import serving

TOKEN = "canary-7c1f42d8/e0b9+5a63"
VARIABLE = "COUNTERFOIL_SHOP_TOKEN"


class Asked(NamedTuple):
    """A request as the shop got it; names of headers in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """What the shop answers in place of its stub."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: Any = None


class Shop:
    """An ASGI app. `answers` may give an answer to a request; None leaves it to the stub."""

    def __init__(self, folder: Path, token: str | None = TOKEN) -> None:
        self.folder = folder
        self.stub = load_stub(folder / "generated", "shop", token)
        self.asked: list[Asked] = []
        self.answers: Callable[[Asked], Answer | None] = lambda _: None
        self.changed: Callable[[Asked, Any], Any] = lambda _, body: body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.stub(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        asked = Asked(scope["method"], scope["path"], scope["query_string"].decode(), headers, body)
        self.asked.append(asked)
        answer = self.answers(asked)
        if answer is not None:
            await _answer(answer, send)
            return
        sent: list[MutableMapping[str, Any]] = []

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.stub(scope, again, keep)
        start, text = sent[0], b"".join(each.get("body", b"") for each in sent[1:])
        shown = json.loads(text) if text else None
        if (other := self.changed(asked, shown)) is not shown:
            text = json.dumps(other).encode()
            start["headers"] = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
            start["headers"].append((b"content-length", str(len(text)).encode()))
        await send(start)
        await send({"type": "http.response.body", "body": text})

    def things(self) -> list[Any]:
        """What is in the shop now."""

        async def listed() -> Any:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=self.stub), base_url="http://shop"
            ) as client:
                answer = await client.get("/things", headers={"X-Shop-Key": TOKEN})
                return answer.raise_for_status().json()

        found: list[Any] = asyncio.run(listed())
        return found

    def accept(self, overlay: Path | None = None) -> None:
        """Put an overlay beside the page, if one is given, and generate what page and overlay say now."""
        specs = self.folder / "specs"
        if overlay is not None:
            shutil.copy(overlay, specs / "shop" / "overlay.yaml")
        command = ["generate", "shop", "--specs", str(specs), "--out", str(self.folder / "generated")]
        made = CliRunner().invoke(main, command, catch_exceptions=False)
        assert made.exit_code == 0, made.output

    def tested(self, *arguments: str, token: str | None = TOKEN, command: str = "test", **environment: str) -> Result:
        """`counterfoil test shop --url …` with `arguments`."""
        with self.serving() as url:
            return self.run(command, "--url", url, *arguments, token=token, **environment)

    def run(self, command: str, *arguments: str, token: str | None = TOKEN, **environment: str) -> Result:
        """`counterfoil COMMAND shop` with `arguments`."""
        places = ["--specs", str(self.folder / "specs"), "--out", str(self.folder / "generated")]
        variables: dict[str, str | None] = {VARIABLE: token, **environment}
        return CliRunner().invoke(main, [command, "shop", *places, *arguments], env=variables, catch_exceptions=False)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The URL of the shop."""
        with serving(self) as url:
            yield url


async def _answer(answer: Answer, send: Any) -> None:
    content = b"" if answer.body is None else json.dumps(answer.body).encode()
    headers = {"content-length": str(len(content)), **({"content-type": "application/json"} if content else {})}
    pairs = [(name.encode(), value.encode()) for name, value in {**headers, **answer.headers}.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": content})
