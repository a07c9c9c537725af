"""What `schemathesis.toml` of a user says of servers, for those who keep it there: rate limit, credentials, network.

Command line and environment have precedence. What else it says is about how schemathesis itself makes requests, which
`counterfoil test` decides; that it is passed over is told.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from counterfoil.cli.console import report
from counterfoil.location import CounterfoilError, Diagnostic, Location

NAME = "schemathesis.toml"
HONOURED = ("rate-limit", "headers", "auth", "request-timeout", "proxy", "tls-verify")
# What counterfoil has ways of its own for.
_INSTEAD = {
    "baseline": "--baseline",
    "base-url": "--url",
    "seed": "--seed",
    "reports": "--format",
    "checks": "x-counterfoil.checks in an overlay",
}
# `$${` is a literal `${`.
_VARIABLE = re.compile(r"\$(?:(\$)(?=\{)|\{([A-Za-z_]\w*)\})")


@dataclass(frozen=True, slots=True)
class UserConfig:
    """What was read: options of the command by name, and credentials; `diagnostics` tell what was passed over."""

    options: Mapping[str, Any] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()


def applied(ctx: click.Context, options: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The options of a command with what the file of the current folder adds, and a token if it has one.

    What is passed over is told. `CounterfoilError` for a file that cannot be read.
    """
    path = find(Path.cwd())
    if path is None:
        return dict(options), None
    config = read(path)
    report(config.diagnostics)
    merged = dict(options)
    for name, value in config.options.items():
        if name == "headers":
            given = {header.lower() for header, _ in options["headers"]}
            merged["headers"] += tuple(pair for pair in value if pair[0].lower() not in given)
        elif ctx.get_parameter_source(name) is ParameterSource.DEFAULT:
            merged[name] = value
    return merged, config.token


def find(folder: Path) -> Path | None:
    """The file that holds in a folder, as schemathesis finds it: there or above, within the repository."""
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
        if (place / ".git").is_dir():
            return None
    return None


def read(path: Path) -> UserConfig:
    """What the file says; `CounterfoilError` if it is no TOML or names a variable that is not set."""
    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _mistake(path, "not-toml", str(error)) from error
    options: dict[str, Any] = {}
    if isinstance(rate := tree.get("rate-limit"), str) and rate != "auto":
        options["rate"] = _resolved(rate, path)
    if isinstance(headers := tree.get("headers"), dict):
        options["headers"] = tuple((name, _resolved(str(text), path)) for name, text in headers.items())
    if isinstance(timeout := tree.get("request-timeout"), int | float):
        options["timeout"] = float(timeout)
    if isinstance(proxy := tree.get("proxy"), str):
        options["proxy"] = _resolved(proxy, path)
    verify = tree.get("tls-verify")
    if verify is False:
        options["insecure"] = True
    elif isinstance(verify, str):
        options["ca"] = Path(_resolved(verify, path))
    tokens = list(_tokens(tree.get("auth", {}), path))
    return UserConfig(options, tokens[0] if len(tokens) == 1 else None, tuple(_passed_over(tree, tokens, path)))


def _tokens(auth: Mapping[str, Any], path: Path) -> Iterator[str]:
    schemes = auth.get("openapi", {}).values()
    for scheme in (*filter(None, [auth.get("basic")]), *schemes):
        if "username" in scheme and "password" in scheme:
            yield f"{_resolved(scheme['username'], path)}:{_resolved(scheme['password'], path)}"
        elif token := scheme.get("bearer") or scheme.get("api_key"):
            yield _resolved(token, path)


def _passed_over(tree: Mapping[str, Any], tokens: list[str], path: Path) -> Iterator[Diagnostic]:
    location = Location(path.as_posix(), 0)
    for name in tree:
        if name not in HONOURED:
            instead = _INSTEAD.get(name)
            hint = f"use {instead}" if instead else f"read are {', '.join(HONOURED)}"
            yield Diagnostic(location, "not-honoured", f"{name} is not read", hint, "warning")
    auth = tree.get("auth", {})
    if len(tokens) > 1:
        message = "of several credentials none is used"
        yield Diagnostic(location, "not-honoured", message, "set COUNTERFOIL_<VENDOR>_TOKEN", "warning")
    for name in ("dynamic", "wfc"):
        if name in auth:
            hint = "use --token-command, or an OAuth 2 client"
            yield Diagnostic(location, "not-honoured", f"auth.{name} is not read", hint, "warning")


def _resolved(text: str, path: Path) -> str:
    """`text` with environment variables in place of `${NAME}`."""

    def value(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        if match[2] not in os.environ:
            raise _mistake(path, "no-such-variable", f"the environment variable {match[2]} is not set")
        return os.environ[match[2]]

    return _VARIABLE.sub(value, text)


def _mistake(path: Path, rule: str, message: str) -> CounterfoilError:
    return CounterfoilError(Diagnostic(Location(path.as_posix(), 0), rule, message))
