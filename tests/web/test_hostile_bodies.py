"""Bodies that no client of ours sends: every route that takes one answers below 500, and quickly enough to go on."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rplay.web.openapi import routes
from rplay.web.views import declared

ID = "00000000-0000-4000-8000-000000000000"
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["\0", "a\0b", "\ud800", "x\udfff", "", "   ", "x" * 5000, "' OR 1=1 --", "%s", "{{7*7}}", "[object Object]"]
    ),
)
NUMBERS = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([2**31, -(2**31) - 1, 2**63, 2**64, 10**400, 1.5, 1e308, -1e-320, 0.1 + 0.2]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=8,
)


PARTS = 8  # of the routes
STREAMS = ("/api/chat/client-response/stream", "/api/agents/chat/client/stream")


def takers(app):
    """Every route that takes a body: method, path and the names of its fields."""
    for rule, method, view in routes(app):
        model = declared(view).body
        if model or rule.endpoint.startswith("bulk_import"):
            path = rule.build(dict.fromkeys(rule.arguments, ID))[1]
            names = (
                [info.alias or name for name, info in model.model_fields.items()] if model else ["users", "jsonData"]
            )
            yield method, path, names


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(PARTS))
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_body_is_a_server_error(app, admin, part, data):
    for method, path, names in list(takers(app))[part::PARTS]:
        body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)), label=path)
        answer = admin.call(method, path, data=json.dumps(body), content_type="application/json")
        assert answer.status_code < 500 or answer.status_code == 503, (method, path, body, answer.text)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"messages":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"x":"' + b"y" * 9_000_000 + b'"}',
        b'{"x":"' + b"y" * 11_000_000 + b'"}',
        b"\xff" * 1000,
        b'{"a":1,"a":2}',
        b"\xef\xbb\xbf{}",
    ],
    ids=["open lists", "open objects", "deep", "9 MB", "11 MB", "no text", "twice", "BOM"],
)
def test_no_shape_is_a_server_error(app, admin, raw):
    for method, path, _ in takers(app):
        answer = admin.call(method, path, data=raw, content_type="application/json")
        assert answer.status_code < 500 or answer.status_code == 503, (method, path, answer.text)


MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system"]), "content": TEXTS | VALUES}),
    min_size=1,
    max_size=6,
)
SCENE = st.dictionaries(
    TEXTS | st.sampled_from(["industry", "difficulty", "name", "age", "income", "traits"]), VALUES, max_size=4
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(messages=MESSAGES, profile=SCENE, place=SCENE, person=SCENE, path=st.sampled_from(STREAMS))
def test_every_stream_that_begins_comes_to_an_end(alice, messages, profile, place, person, path):
    settings_ = {"industry": "insurance", **place}
    body = {
        "messages": messages,
        "clientProfile": profile,
        "simulationSettings": settings_,
        "personalitySettings": person,
    }
    answer = alice.call("POST", path, data=json.dumps(body), content_type="application/json")
    if answer.status_code != 200:
        assert answer.status_code == 400, answer.text
        return
    assert answer.mimetype == "text/event-stream"
    last = answer.text.strip().split("\n\n")[-1]
    name, data = last.split("\n", 1)
    assert name in ("event: complete", "event: error")
    assert isinstance(json.loads(data.removeprefix("data: ")), dict)
