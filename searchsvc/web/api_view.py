"""What does the page about the API show? The OpenAPI document, converted into rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_METHODS = ("get", "put", "post", "patch", "delete")
_NOT_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a property: ``kind`` in words, ``schema`` the name of its schema."""

    name: str
    kind: str
    schema: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address. ``key`` is an id in the page; ``body`` and ``answer`` are request
    and response. ``address`` can be opened directly, or is empty.
    """

    key: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Row]
    body: Row | None
    answer: Row | None
    address: str


def list_operations(document: Schema) -> list[Operation]:
    """All operations of an OpenAPI document, in its order."""
    return [
        _read_operation(method, path, item)
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]


def _read_operation(method: str, path: str, item: Schema) -> Operation:
    operation = item[method]
    parameters = [
        _read_row(one["name"], one.get("schema", {}), one.get("required", False), one)
        for one in (*item.get("parameters", ()), *operation.get("parameters", ()))
    ]
    good: Schema = next(
        (one for code, one in operation.get("responses", {}).items() if code.startswith("2")), {}
    )
    asked = any(row.required for row in parameters)
    return Operation(
        key=_NOT_ID.sub("-", f"{method} {path}".lower()).strip("-"),
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=parameters,
        body=_read_content(operation.get("requestBody", {})),
        answer=_read_content(good),
        address=path if method == "get" and not asked and "{" not in path else "",
    )


def _read_content(holder: Schema) -> Row | None:
    """The content of a body, for the first media type listed."""
    for media_type, content in holder.get("content", {}).items():
        return _read_row(media_type, content.get("schema", {}), True, holder)
    return None


def list_schemas(document: Schema) -> dict[str, list[Row]]:
    """The properties of each named schema."""
    return {
        name: [
            _read_row(key, value, key in schema.get("required", ()), value)
            for key, value in schema.get("properties", {}).items()
        ]
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    }


def _read_row(name: str, schema: Schema, required: bool, described: Schema) -> Row:
    kind, reference = describe_schema(schema)
    return Row(name, kind, reference, required, described.get("description", ""))


def describe_schema(schema: Schema) -> tuple[str, str]:
    """(a description of the schema, the name of the schema it refers to or empty).

    >>> describe_schema({"type": "integer", "minimum": 1, "maximum": 20, "default": 5})
    ('integer, 1 to 20, default 5', '')
    >>> describe_schema({"type": "array", "items": {"$ref": "#/components/schemas/Hit"}})
    ('array of', 'Hit')
    """
    if "$ref" in schema:
        return "", schema["$ref"].rpartition("/")[2]
    if "items" in schema:
        kind, reference = describe_schema(schema["items"])
        return f"array of {kind}".strip(), reference
    if isinstance(schema.get("additionalProperties"), Mapping):
        kind, reference = describe_schema(schema["additionalProperties"])
        return f"object of {kind}".strip(), reference
    words = [_name_type(schema)]
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        words.append(f"{low} to {high}")
    elif low is not None or high is not None:
        words.append(f"at least {low}" if high is None else f"at most {high}")
    if "default" in schema:
        words.append(f"default {schema['default']}")
    return ", ".join(words), ""


def _name_type(schema: Schema) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return f"always {schema['const']}"
    named = schema.get("type", "anything")
    return named if isinstance(named, str) else " or ".join(named)
