"""Requests as bytes, most of them broken in some way, drawn at random from a contract."""

import gzip
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.contract_tree import ContractTree

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "sesame-0123"
CONTROL = "/__counterfoil__"
LONG = 300_000
TEXTS = [
    "1", "", "abc", "%", "%zz", "%00", "%ff%fe", "%c0%ae", "%ED%A0%80", "%2f", "..", "%2e%2e", "%2e%2e%2f", "%5c", "\\",
    "é", "a b", "a+b", "{id}", "%7Bid%7D", "*", ";a=b", "?", "#", "0" * 400, "9" * 900, "1e999", "-0", "null", "true",
    "[]", "{}", '"', "'", "<a>", "%0d%0aX:y", "\x01", "\x7f", "%u0041", "a" * 2000, "__counterfoil__",
]  # fmt: skip
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY", "BREW", "get", ""]
MEDIA_TYPES = [
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain",
    "application/xml", "application/json; charset=utf-16", "text/plain; charset=idna", "application/x-ndjson", "*/*",
    "application/json-seq", "application/merge-patch+json", "application/json-patch+json", ";", "a/" + "b" * 9000, "",
    "multipart/form-data", "multipart/form-data; boundary=\"", "image/png",
]  # fmt: skip
BODIES = [
    b"", b"{}", b"[]", b"null", b"{", b"\xff", b"[" * 5000, b"[" * 5000 + b"]" * 5000,
    b'{"a":' * 200 + b"1" + b"}" * 200,
    b'{"a": 1e999}', b'{"a\\ud800": 1}', b"a=1&b[]=2&c[x]=3", b"&&==%ff", b"--b\r\n\r\n--b--", b"--b--", b"<a><b/></a>",
    b'--b\r\nContent-Disposition: form-data; name="a"; filename="../x"\r\n\r\n1\r\n--b--', b"<!DOCTYPE a><a/>",
    b'[{"op": "move", "from": "/a", "path": "/a/b"}]', b"\x1e{}\n\x1e", b"x" * 100_000, b"1" * 5000, b"\0",
    gzip.compress(b"{}", mtime=0), gzip.compress(b" " * 4_000_000, mtime=0), gzip.compress(b"{}", mtime=0)[:-5],
]  # fmt: skip
HEADERS = [
    "accept: */*;q=0", "accept: ,;/", "accept: " + "a/b," * 3000, "prefer: code=404", "prefer: code=999, example=\"",
    "prefer: dynamic=true", "prefer: example=a\xffb", "expect: 100-continue", "expect: nonsense", "upgrade: h2c",
    "connection: upgrade\r\nupgrade: h2c", "connection: close, keep-alive", "connection: \xff", "range: bytes=0-",
    "cookie: =; a=b;; ;\xff", "cookie: " + "a=b; " * 2000, "authorization: Bearer t", "authorization: Basic ====",
    "authorization: \xff\xfe", "authorization: Digest", "origin: https://e.example", "origin: \xff",
    "content-encoding: x", "content-encoding: gzip", "content-encoding: deflate", "content-encoding: gzip, gzip, gzip",
    "content-encoding: br", "host: a, b", "host:",
    "access-control-request-method: \xff\r\norigin: x", "x-http-method-override: DELETE", "content-length: 3",
    "content-length: -1", "content-length: +1", "content-length: 0x3", "content-length: 1\r\ncontent-length: 2",
    "content-length: 1" + "0" * 25, "transfer-encoding: chunked", "transfer-encoding: gzip, chunked",
    "transfer-encoding: identity", "transfer-encoding: chunked, identity", "transfer-encoding: xchunked",
    "transfer-encoding : chunked", "transfer-encoding:\x0bchunked", " folded: yes", "no colon", ": empty", "a b: c",
    "nul: \0", "x: \x01", "big: " + "x" * LONG, "if-match: *", "idempotency-key: a", "x-counterfoil-fault: nonsense",
    "x-counterfoil-session: \xff", "x-counterfoil-fault: status=499", "x-counterfoil-fault: malformed",
]  # fmt: skip


@dataclass(frozen=True)
class RawRequest:
    """Bytes for one connection, sent in so many pieces; `resets` if the client goes without a good-bye."""

    content: bytes
    pieces: int = 1
    resets: bool = False


class RawRequests:
    """Draws requests for the operations of a contract, the same ones for the same seed."""

    def __init__(self, tree: dict[str, Any], seed: int) -> None:
        self._random = random.Random(seed)
        contract = ContractTree(tree)
        sampler = Sampler(contract)
        self._operations = []
        for method, path, operation, _ in contract.operations():
            content = contract.follow(operation.get("requestBody"))[0].get("content") or {}
            media: Any = next((media for name, media in content.items() if "json" in name), {})
            schema = contract.follow(media.get("schema"))[0]
            self._operations.append((method, path, sampler.value(schema) if schema else {}))
        schemes = contract.at("components", "securitySchemes")[0].values()
        keys = [str(contract.follow(each)[0].get("name")) for each in schemes]
        self._credentials = [f"{name}: {TOKEN}" for name in keys if name != "None"] + [f"authorization: Bearer {TOKEN}"]
        self._names = sorted(_names(tree))

    def __call__(self) -> RawRequest:
        """The next request."""
        chance = self._random
        content = b"".join(self._one() for _ in range(chance.choice([1, 1, 1, 1, 2, 5])))
        if chance.random() < 0.15:
            content = self._altered(content)
        return RawRequest(content, chance.choice([1, 1, 1, 1, 2, 3, 8]), resets=chance.random() < 0.05)

    def _one(self) -> bytes:
        chance = self._random
        method, path, sample = chance.choice(self._operations)
        if chance.random() < 0.1:
            method = chance.choice(METHODS)
        end = chance.choice(["\r\n"] * 40 + ["\n", "\r", "\r\n\r\n"])
        version = chance.choice(["HTTP/1.1"] * 50 + ["HTTP/1.0", "HTTP/2.0", "HTTP/9", "", "http/1.1", "HTTP/1.1 x"])
        lines = [f"{method} {self._target(path)} {version}"]
        lines += ["host: x"] * chance.choice([1] * 12 + [0, 2]) + self._credentials
        lines += chance.sample(HEADERS, chance.choice([0, 0, 0, 1, 1, 3]))
        if chance.random() < 0.02:
            lines += [f"h{number}: x" for number in range(3000)]
        body = b""
        if method not in ("GET", "HEAD") or chance.random() < 0.1:
            body = self._body(sample)
            if chance.random() < 0.95:
                lines.append(
                    f"content-type: {chance.choice(MEDIA_TYPES[: chance.choice([1, 1, 5, len(MEDIA_TYPES)])])}"
                )
            if chance.random() < 0.25:
                lines.append("transfer-encoding: chunked")
                body = self._chunked(body)
            elif chance.random() < 0.95:
                lines.append(f"content-length: {len(body) + chance.choice([0] * 60 + [-1, 1, 5000])}")
        return (end.join(lines) + end * 2).encode("latin-1", "replace") + body

    def _target(self, path: str) -> str:
        chance = self._random
        for name in {part.partition("}")[0] for part in path.split("{")[1:]}:
            path = path.replace(f"{{{name}}}", chance.choice(TEXTS[: chance.choice([1, 3, len(TEXTS)])]))
        changes: list[Callable[[str], str]] = [
            lambda text: text + "/", lambda text: "/" + text, lambda text: text.replace("/", "//"),
            lambda text: text.replace("/", "%2f"), lambda text: "http://x" + text, lambda text: text[1:],
            lambda text: text + "/..", lambda text: "/.." + text, lambda text: text.upper(), lambda _: "*",
            lambda text: text + chance.choice(TEXTS), lambda text: quote(text, safe=""), lambda _: "/" * 9000,
            lambda _: "x:80", lambda text: text + "#f", lambda text: CONTROL + text, lambda _: "/" + "a" * LONG,
            lambda _: f"{CONTROL}/" + chance.choice(["state", "faults", "requests?last=x", "answers", "reset", ".."]),
        ]  # fmt: skip
        if chance.random() < 0.2:
            path = chance.choice(changes)(path)
        if chance.random() < 0.4:
            fields = [self._field() for _ in range(chance.choice([1, 2, 3, 30]))]
            path += "?" + "&".join(fields)
        return path

    def _field(self) -> str:
        name = self._random.choice([*self._names, "__code", "__example", "a", ""])
        bracket = self._random.choice(["", "", "", "[]", "[a]", "[a][]", "[", "]", "[0][b]" * 40, "%5B%5D"])
        return f"{name}{bracket}{self._random.choice(['=', '=', '=', ''])}{self._random.choice(TEXTS)}"

    def _body(self, sample: Any) -> bytes:
        chance = self._random
        if chance.random() < 0.6 and isinstance(sample, dict):
            changed = chance.sample(self._names, min(len(self._names), chance.choice([0, 0, 1, 2])))
            return json.dumps({**sample, **{name: self._value(1) for name in changed}}).encode()
        return json.dumps(self._value(3)).encode() if chance.random() < 0.5 else chance.choice(BODIES)

    def _value(self, depth: int) -> Any:
        chance = self._random
        if depth and chance.random() < 0.8:
            names = chance.sample(self._names, min(len(self._names), chance.choice([0, 1, 5, 20])))
            return chance.choice([{name: self._value(depth - 1) for name in names}, [self._value(depth - 1)]])
        return chance.choice([None, True, 1, -1.5, 10**30, "", "a", "\x00", "é", "\ud83e\uddfe", "x" * 3000, [], {}])

    def _chunked(self, body: bytes) -> bytes:
        chance, found = self._random, b""
        size = max(1, len(body) // chance.choice([1, 2, 7]))
        for start in range(0, len(body), size):
            part = body[start : start + size]
            length = chance.choice(
                [b"%x"] * 20 + [b"%X;a=b", b"0%x", b"-%x", b"0x%x", b"%xzz", b"f" * 20 + b"%x", b"\r\n%x"]
            )
            found += length % len(part) + b"\r\n" + part + chance.choice([b"\r\n"] * 20 + [b"\n", b"", b"\r\r\n"])
        return found + chance.choice(
            [b"0\r\n\r\n"] * 10 + [b"", b"0\r\n", b"0\r\nx: y\r\n\r\n", b"0\r\n" + b"x: y\r\n" * 9000]
        )

    def _altered(self, content: bytes) -> bytes:
        chance, found = self._random, bytearray(content)
        for _ in range(chance.choice([1, 2, 10])):
            place = chance.randrange(len(found) + 1)
            match chance.randrange(4):
                case 0:
                    found[place:place] = chance.randbytes(chance.choice([1, 1, 20]))
                case 1:
                    del found[place : place + chance.choice([1, 1, 20])]
                case 2:
                    found[place : place + 1] = chance.choice([b"\r\n", b"\n", b"\0", b" ", b":", b"\xff", b"%"])
                case 3:
                    found[place:] = b"" if chance.random() < 0.3 else found[place:] + found[place : place + 50]
        return bytes(found)


def _names(node: Any) -> set[str]:
    """The names of all properties and parameters in a contract."""
    if isinstance(node, list):
        return set().union(*map(_names, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    properties = node.get("properties")
    found = set(properties) if isinstance(properties, dict) else set()
    if isinstance(node.get("name"), str) and "in" in node:
        found.add(node["name"])
    return found.union(*map(_names, node.values()))
