"""vendor.toml: what a person may decide about one vendor beside its pages and its overlay."""

import json
import re
import tomllib
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from counterfoil.location import CounterfoilError, Diagnostic, Location


class ModelSettings(BaseModel):
    """`[models]`.

    `formats`: whether models hold values to the `format` of their schema, or only tell of it. `open_enums`: whether
    they accept values that an enum does not list yet. `snake_case`: whether attributes are named as Python does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    formats: bool = True
    open_enums: bool = False
    snake_case: bool = False


class OperationSettings(BaseModel):
    """`[operations]`: patterns of the operations to keep, all without any, and of those among them to leave out.

    A pattern is a method and a path, a path alone, an operationId or a tag; `*` in it stands for any text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    include: list[str] = []
    exclude: list[str] = []


class AuthSettings(BaseModel):
    """`[auth]`: how tokens for the vendor's live endpoint are fetched, by an OAuth 2 client-credentials grant.

    `client_id_env` and `client_secret_env` name environment variables; empty, these are COUNTERFOIL_<VENDOR>_CLIENT_ID
    and COUNTERFOIL_<VENDOR>_CLIENT_SECRET. `client_authentication` says where they go (RFC 6749, section 2.3.1).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    token_url: str = ""
    client_id_env: str = ""
    client_secret_env: str = ""
    scopes: list[str] = []
    client_authentication: Literal["basic", "body"] = "basic"


class VendorConfig(BaseModel):
    """The tables of vendor.toml and their defaults; a key that is not here is a person's mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    models: ModelSettings = ModelSettings()
    operations: OperationSettings = OperationSettings()
    auth: AuthSettings = AuthSettings()


def read_config(path: str, text: str) -> VendorConfig:
    """The configuration in the TOML text of the file `path`; `CounterfoilError` with the line of each bad key."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        location = Location(path, int(found[1]), int(found[2])) if found else Location(path, text.count("\n") + 1)
        message = re.sub(r" \(at .*\)", "", str(error))
        raise CounterfoilError(Diagnostic(location, "not-toml", message)) from error
    try:
        return VendorConfig.model_validate(data)
    except ValidationError as error:
        raise CounterfoilError(
            *(
                Diagnostic(
                    Location(path, _line(text, [str(key) for key in problem["loc"]])),
                    "unknown-setting" if problem["type"] == "extra_forbidden" else "bad-setting",
                    f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}",
                    f"settings are {_settings(VendorConfig)}",
                )
                for problem in error.errors()
            )
        ) from error


def item_location(path: str, text: str, table: str, key: str, item: str) -> Location:
    """Where an item of a list of texts stands in vendor.toml: its line, as far as the text shows it."""
    first = _line(text, [table, key])
    quoted = (json.dumps(item, ensure_ascii=False), f"'{item}'")
    lines = text.splitlines()[first - 1 :]
    found = next((line for line, content in enumerate(lines, first) if any(each in content for each in quoted)), first)
    return Location(path, found)


def _settings(model: type[BaseModel], prefix: str = "") -> str:
    names = []
    for name, field in model.model_fields.items():
        inner: object = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            names.append(_settings(inner, f"{prefix}{name}."))
        else:
            names.append(f"{prefix}{name}")
    return ", ".join(names)


def _line(text: str, keys: list[str]) -> int:
    """The line of the last of nested keys, as far as tables and plain keys of TOML show it; 1 where they do not."""
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
        words = [word.strip(" \"'") for word in (header[1] if header else line.split("=")[0]).split(".")]
        if header:
            depth = len(words) if words == keys[: len(words)] else 0
            if depth:
                best = number
        elif "=" in line and words == keys[depth : depth + len(words)] and (depth or words[0] == keys[0]):
            return number
    return best
