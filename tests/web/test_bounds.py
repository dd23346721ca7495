"""Every text, list and object that comes in has a bound, which is looked at before what is in it."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Annotated, Any

import gevent
import pytest
from pydantic import BaseModel, Field

from rplay.errors import AIBadAnswer, BadRequest, TooLarge, Unavailable
from rplay.web import body, bounds
from rplay.web.body import Body, Json, JsonList, Text, parsed, turn, validate
from rplay.web.openapi import routes
from rplay.web.views import declared
from tests.conftest import error

WHOLE = {"messages", "conversationHistory", "conversation_history"}  # their number is bounded, the rest by the body
# Bounded by the body alone, and by the number of people; or cut and taken for nobody's where signing in needs no reason.
BY_THE_BODY = {
    "Import": {"csvData", "jsonData", "users", "importMethod"},
    "ImportForm": {"csvData", "jsonData", "users", "importMethod", "file"},
    "Login": {"email", "password"},
    "ForgottenPassword": {"email"},
    "PasswordChange": {"currentPassword"},
}


def models(app) -> Iterator[type[BaseModel]]:
    for _, _, view in routes(app):
        for kind in ("body", "form", "query"):
            if model := getattr(declared(view), kind):
                yield model


def unbounded(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    spared = BY_THE_BODY.get(model.__name__, set())
    fields = {name: field for name, field in schema.get("properties", {}).items() if name not in spared}
    return [name for name, field in fields.items() if not is_bounded(field, schema.get("$defs", {}), name)]


def is_bounded(schema: Any, defined: Any, name: str = "") -> bool:
    if "$ref" in schema:
        return is_bounded(defined[schema["$ref"].rpartition("/")[2]], defined)
    if "properties" in schema:
        return all(is_bounded(field, defined, name) for name, field in schema["properties"].items())
    if "anyOf" in schema:
        return all(is_bounded(one, defined, name) for one in schema["anyOf"])
    if "x-maxBytes" in schema or "enum" in schema or "const" in schema:
        return schema.get("type") != "array" or "maxItems" in schema
    match schema.get("type"):
        case "string":
            return "maxLength" in schema or schema.get("format") in ("uuid", "date-time")
        case "array":
            return "maxItems" in schema and (name in WHOLE or is_bounded(schema["items"], defined))
        case "integer" | "number" | "boolean" | "null":
            return True
    return False


def test_every_field_has_one(app):
    found = {model.__name__: unbounded(model) for model in models(app)}
    assert len(found) > 30
    assert {name: fields for name, fields in found.items() if fields} == {}


class Bare(Body):
    text: str
    things: list[Text]
    anything: Any
    small: Annotated[list[Text], Field(max_length=3)]
    json_: Json


def test_a_field_without_one_is_found():
    assert unbounded(Bare) == ["text", "things", "anything"]


def test_what_is_spared_is_still_there(app):
    names = {model.__name__: set(model.model_json_schema()["properties"]) for model in models(app)}
    assert all(fields <= names[name] for name, fields in BY_THE_BODY.items())


class Lists(Body):
    names: Annotated[list[Text], Field(max_length=bounds.FEW, fail_fast=True)] | None = None
    things: JsonList | None = None


@pytest.mark.parametrize("items", [[1] * 1_000_000, ["a"] * 1_000_000, [[]] * 1_000_000], ids=["bad", "good", "lists"])
@pytest.mark.parametrize("field", ["names", "things"])
def test_a_long_list_is_refused_without_a_look_at_its_items(items, field):
    tracemalloc.start()
    try:
        with pytest.raises(BadRequest, match=f"Invalid value for {field}"):
            validate(Lists, {field: items})
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


CHATS = ("/api/chat/client-response", "/api/agents/chat/expert")
REVIEWS = ("/api/agents/evaluation/review",)


@pytest.mark.parametrize(
    ("path", "field"),
    [(path, field) for path in CHATS for field in ("messages", "competencies", "objectives")]
    + [(path, field) for path in REVIEWS for field in ("messages", "competencies", "rubrics")],
)
def test_a_list_without_end_in_a_talk_is_refused(alice, path, field):
    talk = {
        "messages": [{"role": "user", "content": "Hello"}],
        "clientProfile": {"name": "John"},
        "simulationSettings": {"industry": "insurance"},
        "competencies": ["Listening"],
        "difficulty": 1,
    }
    answer = alice.post(path, {**talk, field: [{}] * 150_000, "simulationSettings": {field: [1] * 50_000}})
    assert answer.status_code == 400
    assert error(answer)[1] in {f"Invalid value for {field}", "Invalid value for simulationSettings"}


def test_more_values_than_any_body_of_ours_has_are_not_even_parsed(app):
    raw = b'{"x":[' + b"[]," * bounds.VALUES + b"1]}"
    kind = {"data": raw, "content_type": "application/json"}
    with app.test_request_context(method="POST", **kind), pytest.raises(TooLarge):
        parsed(raw)


def test_a_long_text_with_few_values_is_parsed(app):
    raw = json.dumps({"x": "Well, I do not know about that. " * 300_000}).encode()
    with app.test_request_context(method="POST", data=raw, content_type="application/json"):
        assert len(parsed(raw)["x"]) == 9_600_000


class TestTurns:
    def test_only_two_large_bodies_have_theirs_at_once(self, monkeypatch):
        monkeypatch.setattr(body, "TURN_SECONDS", 0.01)
        with turn(body.LARGE_BYTES + 1), turn(body.LARGE_BYTES + 1):
            with pytest.raises(Unavailable), turn(body.LARGE_BYTES + 1):
                pass
            with turn(body.LARGE_BYTES):
                pass
        with turn(body.LARGE_BYTES + 1):
            pass

    def test_who_waits_comes_next(self):
        entered = []

        def enter():
            with turn(body.LARGE_BYTES + 1):
                entered.append(True)

        with turn(body.LARGE_BYTES + 1), turn(body.LARGE_BYTES + 1):
            waiting = gevent.spawn(enter)
            gevent.sleep(0)
            assert entered == []
        waiting.join()
        assert entered == [True]

    def test_a_save_keeps_it_until_it_is_saved_and_a_question_to_a_model_does_not(self, app, alice, monkeypatch):
        large = [{"role": "user", "content": "words " * 200_000}]
        saved = alice.post("/api/simulation", {"industry": "insurance", "difficulty": 1}).get_json()["data"]
        free = []

        def look(*_: Any, **__: Any) -> None:
            free.append(body._large.counter)
            raise AIBadAnswer("looked")

        monkeypatch.setattr("rplay.blueprints.simulation.simulations.update", look)
        monkeypatch.setattr("rplay.blueprints.agents.expert.advise", look)
        alice.patch(f"/api/simulation/{saved['id']}", {"conversation_history": large})
        scene = {"messages": large, "clientProfile": {"name": "J"}, "simulationSettings": {"industry": "insurance"}}
        alice.post("/api/agents/chat/expert", scene)
        assert free == [1, 2]
        assert body._large.counter == 2


HALVES = ("a\0b", "a\ud83db", "\udfff")


def send(person, method, path, thing):
    """Half a pair of surrogates travels as an escape."""
    return person.call(method, path, data=json.dumps(thing), content_type="application/json")


class TestCharactersThatCannotBeKept:
    @pytest.mark.parametrize("text", HALVES)
    def test_are_replaced_in_what_was_said(self, alice, text):
        saved = alice.post("/api/simulation", {"industry": "insurance", "difficulty": 1}).get_json()["data"]
        history = [{"role": "user", "content": text, "more": {text: [text]}}]
        answer = send(alice, "PATCH", f"/api/simulation/{saved['id']}", {"conversation_history": history})
        mended = text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd").replace("\udfff", "\ufffd")
        expected = [{"role": "user", "content": mended, "more": {mended: [mended]}}]
        assert answer.get_json()["data"]["conversation_history"] == expected

    @pytest.mark.parametrize("text", HALVES)
    def test_are_replaced_in_what_an_agent_is_told_and_refused_beside_it(self, alice, text):
        said = {"role": "user", "content": f"Hello {text}"}
        talk = {"messages": [said], "clientProfile": {"name": "J"}, "simulationSettings": {"industry": "insurance"}}
        assert send(alice, "POST", "/api/agents/chat/client", talk).status_code == 200
        beside = {**talk, "messages": [{**said, "more": text}]}
        assert error(send(alice, "POST", "/api/agents/chat/client", beside)) == (400, "Invalid value for messages")
        beside = {**talk, "clientProfile": {"name": text}}
        assert error(send(alice, "POST", "/api/agents/chat/client", beside)) == (400, "Invalid value for clientProfile")

    @pytest.mark.parametrize("typed", ["\\u0000", "\\\\u0000", "say \\u0000 please", "\\ud800"])
    def test_six_that_somebody_typed_are_text(self, alice, typed):
        saved = alice.post("/api/simulation", {"industry": "insurance", "difficulty": 1}).get_json()["data"]
        history = [{"role": "user", "content": typed}]
        answer = alice.patch(f"/api/simulation/{saved['id']}", {"conversation_history": history})
        assert answer.get_json()["data"]["conversation_history"] == history
        answer = alice.post("/api/engagement", {"eventType": "interaction", "eventData": {"typed": typed}})
        assert answer.get_json()["engagement"]["event_data"] == {"typed": typed}

    @pytest.mark.parametrize("sent", ["\\\0", "\\\\\0", "a\\u0000\0"])
    def test_a_real_one_behind_a_backslash_is_refused(self, alice, sent):
        answer = alice.post("/api/engagement", {"eventType": "interaction", "eventData": {"x": sent}})
        assert error(answer) == (400, "Invalid value for eventData")


LONG = "x" * 100_000


class TestLengths:
    def test_of_what_signs_in_are_no_reason(self, anyone):
        wrong = (401, "Invalid email or password")
        assert error(anyone.post("/api/auth/login", json={"email": LONG, "password": "y"})) == wrong
        assert error(anyone.post("/api/auth/login", json={"email": "a@b.co", "password": LONG})) == wrong
        for email in (LONG, f"{LONG}@example.com"):
            assert anyone.post("/api/auth/forgot-password", json={"email": email}).status_code == 200

    @pytest.mark.parametrize(
        ("path", "sent", "field"),
        [
            ("/api/auth/register", {"name": "x" * 201}, "name"),
            ("/api/auth/register", {"jobRole": "x" * 201}, "jobRole"),
            ("/api/auth/register", {"email": "x" * 200 + "@example.com"}, "email"),
            ("/api/engagement", {"eventType": "login", "eventData": {"x": "y" * 17_000}}, "eventData"),
            ("/api/simulation", {"industry": "insurance", "difficulty": 1, "subcategory": "x" * 201}, "subcategory"),
            (
                "/api/simulation",
                {"industry": "i", "difficulty": 1, "clientProfile": {"x": "y" * 300_000}},
                "clientProfile",
            ),
            ("/api/feedback", {"simulationId": "S", "rating": 5, "comments": "x" * 10_001}, "comments"),
            ("/api/feedback", {"simulationId": "S", "rating": 5, "reasons": ["x"] * 201}, "reasons"),
            ("/api/feedback", {"simulationId": "S", "rating": 5, "reasons": ["x" * 201]}, "reasons"),
        ],
    )
    def test_are_told_by_field(self, alice, path, sent, field):
        person = {"name": "N", "email": "new@example.com", "password": "Passw0rdX"} if "auth" in path else {}
        assert error(alice.post(path, {**person, **sent})) == (400, f"Invalid value for {field}")

    @pytest.mark.parametrize("sent", [{"name": "x" * 201}, {"firstName": "x" * 150, "lastName": "y" * 150}])
    def test_of_names_hold_for_admins_and_imports(self, admin, sent):
        person = {**sent, "email": "long@example.com", "password": "Passw0rdX", "role": "learner"}
        field = "name" if "name" in sent else "lastName"
        assert error(admin.post("/api/users", person)) == (400, f"Invalid value for {field}")
        results = admin.post("/api/users/bulk-import", {"users": [person]}).get_json()["results"]
        assert results["errors"] == [f"User long@example.com: Invalid value for {field}"]

    @pytest.mark.parametrize("field", ["value", "metadata", "range", "examples", "description"])
    def test_of_parameters_are_bounded_when_written(self, admin, field):
        category = admin.post("/api/parameter-categories", {"name": f"Long {field}", "parameter_type": "narrative"})
        new = {"name": "Long", "type": "narrative", "categoryId": category.get_json()["data"]["id"]}
        content = LONG if field in ("value", "description") else {"x": LONG}
        assert error(admin.post("/api/parameters", {**new, field: content})) == (400, f"Invalid value for {field}")

    def test_of_competencies_are_bounded_when_written(self, admin):
        long = {"name": "Long", "category": "General", "description": LONG}
        assert error(admin.post("/api/competencies", long)) == (400, "Invalid value for description")

    @pytest.mark.parametrize("sent", [{"total_xp": -1}, {"total_xp": 10_000_001}, {"duration_seconds": -5}])
    def test_of_a_talk_are_from_nought_to_ten_million(self, alice, sent):
        saved = alice.post("/api/simulation", {"industry": "insurance", "difficulty": 1}).get_json()["data"]
        answer = alice.post(f"/api/simulation/{saved['id']}/complete", sent)
        assert error(answer) == (400, f"Invalid value for {next(iter(sent))}")

    @pytest.mark.parametrize(("score", "mean"), [(-1e300, 0), (0.9, 0), (10.1, 0), (1, 1), (10, 10), (7.5, 7.5)])
    def test_of_scores_are_one_to_ten(self, person, score, mean):
        carla = person("Carla")
        saved = carla.post("/api/simulation", {"industry": "insurance", "difficulty": 1}).get_json()["data"]
        done = carla.post(f"/api/simulation/{saved['id']}/complete", {"performance_review": {"overallScore": score}})
        assert done.status_code == 200
        assert carla.get(f"/api/users/{carla.id}").get_json()["user"]["stats"]["avgScore"] == mean
