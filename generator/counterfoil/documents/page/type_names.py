"""The words by which documentation pages call the types and formats of JSON Schema, in lower case."""

from typing import Any

_TYPES = {
    "string": "string str text varchar char character",
    "integer": "integer int long short bigint smallint tinyint int32 int64",
    "number": "number float double decimal numeric",
    "boolean": "boolean bool",
    "object": "object json hash map dict dictionary hashmap",
    "array": "array list",
    "null": "null",
}
NAMED: dict[str, dict[str, Any]] = {
    **{name: {"type": kind} for kind, names in _TYPES.items() for name in names.split()},
    **{name: {} for name in ("any", "mixed", "unknown", "enum")},
    "json object": {"type": "object"},
    "file": {"type": "string", "format": "binary"},
}
"""Name of a type → the schema that it stands for."""

FORMATS = {
    "datetime": "date-time",
    "date time": "date-time",
    "date-time": "date-time",
    "iso 8601 date-time": "date-time",
    "iso 8601 datetime": "date-time",
    "iso 8601 timestamp": "date-time",
    "iso 8601": "date-time",
    "iso8601": "date-time",
    "rfc 3339": "date-time",
    "rfc3339": "date-time",
    "iso date": "date",
    "date": "date",
    "uuid": "uuid",
    "guid": "uuid",
    "email": "email",
    "email address": "email",
    "url": "uri",
    "uri": "uri",
    "int32": "int32",
    "int64": "int64",
    "float": "float",
    "double": "double",
    "binary": "binary",
    "byte": "byte",
    "base64": "byte",
    "password": "password",
    "hostname": "hostname",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "duration": "duration",
    "time": "time",
}
"""Name of a format → the format of JSON Schema or of the registry of OpenAPI that it stands for."""

STRING_FORMATS = set(FORMATS) - {"int32", "int64", "float", "double", "time", "byte", "binary", "password"}
"""Names of formats that say by themselves that the value is a string."""
