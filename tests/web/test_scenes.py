"""What admins steer the agents with, as talks are told it."""

import uuid

import pytest

from rplay.db import parameter_categories, parameters
from rplay.web import scenes
from rplay.web.scenes import steering

P = "/api/parameters"


@pytest.fixture(autouse=True)
def afresh():
    scenes.forget_steering()
    yield
    scenes.forget_steering()


@pytest.fixture
def values(app):
    """The values of this name that a talk is told."""
    return lambda name: [one.value for one in steering() if one.name == name]


def test_what_an_admin_changes_steers_the_next_talk(admin, values):
    name, key = f"Tempo {uuid.uuid4()}", uuid.uuid4().hex
    category = parameter_categories.create(f"Category {key}", "structured", key, None).id
    assert values(name) == []
    body = {"name": name, "type": "structured", "categoryId": str(category), "value": "slow"}
    made = admin.post(P, body).get_json()["data"]
    assert values(name) == ["slow"]
    admin.patch(f"{P}/{made['id']}", {"value": "quick"})
    assert values(name) == ["quick"]
    admin.delete(f"{P}/{made['id']}")
    assert values(name) == []
    admin.post(P, body)
    assert values(name) == ["slow"]
    admin.post(f"{P}/reset")
    assert values(name) == []


def test_talks_that_go_on_at_once_share_one_look(app, monkeypatch):
    looks = []
    monkeypatch.setattr(parameters, "steering", lambda: looks.append(1) or [])
    monkeypatch.setattr(scenes.time, "monotonic", lambda: now[0])
    now = [100.0]
    assert steering() is steering()
    now[0] += scenes.SECONDS
    steering()
    assert len(looks) == 2
