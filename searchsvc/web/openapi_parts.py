"""What are descriptions of the API made of? Schemas, parameters, operations.

Schemas of answers are derived from the dataclasses that become them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from searchsvc.errors import PROBLEM_TYPE

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"enum": ["0", "1"]}
OBJECT: Schema = {"type": "object"}
#: A text, or null.
MAYBE: Schema = {"type": ["string", "null"]}

_SCALARS: dict[type, Schema] = {
    str: TEXT,
    int: COUNT,
    float: {"type": "number"},
    bool: {"type": "boolean"},
}


# --- schemas


def refer(name: str) -> Schema:
    """The schema that the document describes under ``name``."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(name: str) -> Schema:
    return {"type": "array", "items": refer(name)}


def make_object(properties: Schema) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def close(properties: Schema, *, required: Collection[str] = ()) -> Schema:
    """An object that has nothing else."""
    closed: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


def describe_record(
    record: type,
    names: Mapping[type, str],
    *,
    without: Collection[str] = (),
    more: Mapping[str, Schema] | None = None,
) -> Schema:
    """The schema of a dataclass's JSON form. A field with a default may be absent from it.

    ``names`` are those of the dataclasses that the document describes on their own, ``without``
    fields that are not in the JSON, ``more`` what the types of fields do not tell.
    """
    hints = get_type_hints(record)
    told = more or {}
    shown = [one for one in fields(record) if one.name not in without]
    return {
        "type": "object",
        "properties": {
            one.name: {**_describe_type(hints[one.name], names), **told.get(one.name, {})}
            for one in shown
        },
        "required": [
            one.name for one in shown if one.default is MISSING and one.default_factory is MISSING
        ],
    }


def _describe_type(hint: Any, names: Mapping[type, str]) -> Schema:
    """The schema of a type; ``None`` in a union means that the field may be absent."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is list:
        return {"type": "array", "items": _describe_type(inner[0], names)}
    if origin is dict:
        if inner[1] is Any:
            return OBJECT
        return {**OBJECT, "additionalProperties": _describe_type(inner[1], names)}
    if origin in (Union, UnionType):
        (one,) = (other for other in inner if other is not type(None))
        return _describe_type(one, names)
    if is_dataclass(hint) and isinstance(hint, type):
        return refer(names[hint])
    raise TypeError(f"no schema is known for {hint!r}")


# --- parameters


def in_query(name: str, schema: Schema, description: str = "", **more: Any) -> Schema:
    return _parameter(name, "query", schema, description, **more)


def in_path(name: str, schema: Schema = TEXT, description: str = "") -> Schema:
    return _parameter(name, "path", schema, description, required=True)


def limit(default: int, most: int) -> Schema:
    """The parameter ``limit``."""
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return in_query("limit", schema, "At most so many.")


def _parameter(name: str, place: str, schema: Schema, description: str, **more: Any) -> Schema:
    told = {"description": description} if description else {}
    return {"name": name, "in": place, "schema": schema, **told, **more}


# --- operations


def describe_body(schema: str, description: str) -> Schema:
    """A body of JSON."""
    content = {"application/json": {"schema": refer(schema)}}
    return {"required": True, "description": description, "content": content}


def describe_operation(
    name: str,
    summary: str,
    answer: str | None,
    parameters: Sequence[Schema] = (),
    *,
    body: Schema | None = None,
    status: str = "200",
    missing: bool = False,
) -> Schema:
    """An operation called ``name`` by generated clients, that answers with the schema ``answer``;
    ``None``: with some object. ``missing``: what it is about may not be there.
    """
    content = refer(answer) if answer else OBJECT
    problem = {
        "description": "An error; see its code.",
        "content": {PROBLEM_TYPE: {"schema": refer("Problem")}},
    }
    responses: Schema = {
        status: {"description": summary, "content": {"application/json": {"schema": content}}},
        "default": problem,
    }
    if missing:
        responses["404"] = problem
    described: Schema = {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": responses,
    }
    return {**described, "requestBody": body} if body is not None else described
