"""The API's description of itself, held against the routes."""

import pytest
from flask import template_rendered

from rplay.web.openapi import routes
from rplay.web.views import declared

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def api(app):
    return app.test_client().get("/api/openapi.json").get_json()


def operations(api):
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_holds_every_route_and_method(app, api):
    described = {(path, method) for path, method, _ in operations(api)}
    served = {(rule.rule.replace("<", "{").replace(">", "}"), method.lower()) for rule, method, _ in routes(app)}
    assert described == served


def test_gives_every_operation_a_name_of_its_own_and_a_summary(api):
    names = [operation["operationId"] for _, _, operation in operations(api)]
    assert len(names) == len(set(names))
    assert all(len(operation["summary"]) > 3 for _, _, operation in operations(api))


def test_describes_every_error_in_the_one_shape(api):
    for path, method, operation in operations(api):
        for status, response in operation["responses"].items():
            if int(status) >= 400 and path not in {"/api/health/db", "/api/health/ready"}:
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Error"}, (method, path, status)


def test_tells_who_needs_a_session(app, api):
    for rule, method, view in routes(app):
        operation = api["paths"][rule.rule.replace("<", "{").replace(">", "}")][method.lower()]
        assert bool(operation["security"]) == (declared(view).access != "public")
        assert ("401" in operation["responses"]) or declared(view).access == "public"


def test_takes_required_fields_from_the_models(api):
    schemas = api["components"]["schemas"]
    assert schemas["Registration"]["required"] == ["name", "email", "password"]
    assert schemas["PasswordChange"]["required"] == ["currentPassword", "newPassword"]
    assert "total_xp" in schemas["ProgressPatch"]["properties"]


def test_shows_the_import_in_every_form(api):
    content = api["paths"]["/api/users/bulk-import"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    schemas = {
        kind: api["components"]["schemas"][one["schema"]["$ref"].split("/")[-1]] for kind, one in content.items()
    }
    assert set(schemas["application/json"]["properties"]) == {"importMethod", "csvData", "jsonData", "users"}
    assert schemas["multipart/form-data"]["properties"]["file"]["anyOf"][0] == {"type": "string", "format": "binary"}
    person = schemas["application/json"]["properties"]["users"]["items"]["properties"]
    assert set(person) == {"firstName", "lastName", "name", "email", "password", "role", "jobRole"}


def test_shows_the_keys_of_personality_rows_in_their_order(api):
    def answer(path, method, status):
        return api["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]

    row = answer("/api/personality/quirks", "get", "200")["items"]
    row = api["components"]["schemas"][row["$ref"].split("/")[-1]] if "$ref" in row else row
    keys = ["id", "name", "description", "impact", "fusion_links", "created_at", "updated_at"]
    assert list(row["properties"]) == row["required"] == keys
    assert answer("/api/personality/quirk", "post", "201")["properties"] == row["properties"]


def test_leaves_no_answer_open(api):
    """An object names the keys that are sure to be there."""
    for path, method, operation in operations(api):
        for status, response in operation["responses"].items():
            schema = response["content"].get("application/json", {"schema": {"$ref": ""}})["schema"]
            assert "$ref" in schema or schema["type"] == "array" or schema["required"], (method, path, status)


def test_every_reference_leads_somewhere(api):
    def references(node):
        if isinstance(node, dict):
            yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            for inner in node.values():
                yield from references(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from references(inner)

    for reference in references(api):
        assert reference.removeprefix("#/components/schemas/") in api["components"]["schemas"]


def test_can_be_read_as_a_page_without_the_internet(anyone):
    page = anyone.get("/api/docs").text
    assert "/api/simulation/{simulation_id}" in page
    assert "currentPassword" in page
    assert "http://" not in page.replace("http://localhost", "")
    assert "https://" not in page


def test_the_page_is_rendered_once(anyone):
    rendered = []
    with template_rendered.connected_to(lambda *_, template, **__: rendered.append(template.name), anyone.application):
        pages = [anyone.get("/api/docs") for _ in range(3)]
    assert len(rendered) <= 1
    assert len({page.text for page in pages}) == 1
    assert pages[0].status_code == 200
