"""The OpenAPI document: well formed, and true of what is answered."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from searchsvc.errors import PROBLEM_TYPE


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    body = client.get("/api/v1/openapi.json").json
    assert body is not None
    return dict(body)


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    validate(document)


def test_the_document_names_where_the_service_is_mounted(client: FlaskClient) -> None:
    environ = {"SCRIPT_NAME": "/cari"}
    body = client.get("/api/v1/openapi.json", environ_overrides=environ).json
    assert body is not None
    assert body["servers"] == [{"url": "/cari"}]


def find_schema(document: dict[str, Any], path: str, status: int, media_type: str) -> Any:
    """The schema of an answer, with nothing allowed in it that is not described."""
    responses = document["paths"][path]["get"]["responses"]
    answer = responses.get(str(status), responses["default"])
    schemas = copy.deepcopy(document["components"]["schemas"])
    for schema in schemas.values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return {**answer["content"][media_type]["schema"], "components": {"schemas": schemas}}


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/api/v1/search", "/api/v1/search"),
        ("/api/v1/search?q=padi&facets=*&explain=1&category=ekonomi", "/api/v1/search"),
        ("/api/v1/search?facets=published_at&interval=day&from=2022", "/api/v1/search"),
        ("/api/v1/search?q=tidakada+padi", "/api/v1/search"),
        ("/api/v1/search?q=pdai", "/api/v1/search"),
        ("/api/v1/search?q=xyzzy&page=7", "/api/v1/search"),
        ("/api/v1/search?page=0", "/api/v1/search"),
        ("/api/v1/articles/panen-padi", "/api/v1/articles/{id}"),
        ("/api/v1/articles/resep-tanpa-tanggal", "/api/v1/articles/{id}"),
        ("/api/v1/articles/nope", "/api/v1/articles/{id}"),
        ("/api/v1/articles?id=panen-padi", "/api/v1/articles"),
        ("/api/v1/articles", "/api/v1/articles"),
        ("/api/v1/articles/panen-padi/related", "/api/v1/articles/{id}/related"),
        ("/api/v1/related?id=kpk-periksa&limit=20", "/api/v1/related"),
        ("/api/v1/suggest?q=pa", "/api/v1/suggest"),
        ("/api/v1/suggest", "/api/v1/suggest"),
        ("/api/v1/facets/category", "/api/v1/facets/{name}"),
        ("/api/v1/facets/tags?q=padi&prefix=p&sort=newest&from=2022", "/api/v1/facets/{name}"),
        ("/api/v1/facets/colour", "/api/v1/facets/{name}"),
        ("/api/v1/problems/internal", "/api/v1/problems/{code}"),
        ("/api/v1/problems/nope", "/api/v1/problems/{code}"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
    ],
)
def test_answers_are_as_described(
    client: FlaskClient, document: dict[str, Any], address: str, path: str
) -> None:
    response = client.get(address)
    if response.status_code >= 400:
        assert response.mimetype == PROBLEM_TYPE
    schema = find_schema(document, path, response.status_code, response.mimetype or "")
    Draft202012Validator(schema).validate(json.loads(response.data))
    described = {
        parameter["name"]
        for parameter in document["paths"][path]["get"]["parameters"]
        if parameter["in"] == "query"
    }
    asked = {pair.partition("=")[0] for pair in address.partition("?")[2].split("&") if pair}
    assert asked <= described


def test_required_and_known_values_are_as_described(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    """Each value of an enumeration is taken, each bound holds and what is past it is refused."""
    for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        taken = [*schema.get("enum", []), schema.get("minimum"), schema.get("default")]
        if name == "per_page":
            taken.append(schema["maximum"])
            assert client.get(f"/api/v1/search?per_page={schema['maximum'] + 1}").status_code == 400
        for value in taken:
            if value is not None:
                assert client.get(f"/api/v1/search?{name}={value}").status_code == 200, name


def test_every_operation_has_a_name_of_its_own_and_a_group(document: dict[str, Any]) -> None:
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    groups = {tag["name"] for tag in document["tags"]}
    assert {tag for one in operations for tag in one["tags"]} == groups
