"""The description of the socket, held to the code."""

import re
from pathlib import Path

import pytest

import rplay
from rplay.web.asyncapi import CHANNEL, document
from rplay.web.socket.events import FROM_CLIENT, FROM_SERVER

LIBRARY = {"connect", "disconnect"}
SOURCES = [*Path(rplay.__file__).parent.glob("web/socket/*.py"), *Path(rplay.__file__).parent.glob("[st]t[st]/*.py")]


@pytest.fixture(scope="module")
def described():
    return document()


def test_describes_every_event_that_clients_may_send(app):
    handled = set(app.extensions["rplay"].speech.server.handlers["/"]) - LIBRARY
    assert handled == set(FROM_CLIENT)


def test_describes_every_event_that_is_sent():
    """An event's name with a dash, as all but `heard` have one, stands in the code only where it is sent or handled."""
    named = {
        name
        for path in SOURCES
        if path.name != "events.py"
        for name in re.findall(r'"([a-z]+-[a-z]+)"', path.read_text())
    }
    assert set(FROM_SERVER) - {"heard"} <= named
    assert named - set(FROM_CLIENT) - set(FROM_SERVER) <= {"content-type"}


def test_every_operation_names_messages_that_are_there(described):
    messages = described["channels"][CHANNEL]["messages"]
    for operation in described["operations"].values():
        for message in (*operation["messages"], *operation.get("reply", {}).get("messages", ())):
            assert message["$ref"].rpartition("/")[2] in messages


def test_every_reference_leads_somewhere(described):
    for name in re.findall(r"#/components/schemas/(\w+)", str(described)):
        assert name in described["components"]["schemas"]


def test_is_served_to_everybody(anyone, described):
    assert anyone.get("/api/asyncapi.json").get_json() == described
