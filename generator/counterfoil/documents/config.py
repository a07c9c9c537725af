"""vendor.toml: what a person may decide about one vendor beside its pages and its overlay."""

import re
import tomllib

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


class VendorConfig(BaseModel):
    """The tables of vendor.toml and their defaults; a key that is not here is a person's mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    models: ModelSettings = ModelSettings()


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
