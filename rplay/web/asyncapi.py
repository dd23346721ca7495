"""The AsyncAPI document, generated from the table of the socket's events."""

from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from rplay.web.openapi import standard
from rplay.web.socket.events import FROM_CLIENT, FROM_SERVER, Acknowledged, SocketEvent

Schema = dict[str, Any]

CHANNEL = "speech"
ACKNOWLEDGEMENT = "acknowledgement"
_REF = "#/components/schemas/{model}"
_ABOUT = (
    "Socket.IO 5 on Engine.IO 4, default namespace, websocket or polling. The session's token goes in the connect "
    "packet (`auth: {token}`), as `Authorization`, or as the cookie `session_token`."
)


def document() -> Schema:
    """Return the AsyncAPI 3.1 document. Operations named "receive" are events from clients, "send" those from the
    server.
    """
    schemas: dict[str, Schema] = {}
    messages = {
        name: {"name": name, "summary": event.about, "payload": _payload(event, schemas)}
        for name, event in (FROM_CLIENT | FROM_SERVER).items()
    }
    messages[ACKNOWLEDGEMENT] = {
        "name": ACKNOWLEDGEMENT,
        "summary": "What the callback of an event is called with.",
        "payload": _schema(Acknowledged, schemas),
    }
    receives = {f"receive-{name}": _operation("receive", name, event) for name, event in FROM_CLIENT.items()}
    sends = {f"send-{name}": _operation("send", name, event) for name, event in FROM_SERVER.items()}
    return {
        "asyncapi": "3.1.0",
        "info": {"title": "rplay speech socket", "version": version("rplay"), "description": _ABOUT},
        "channels": {CHANNEL: {"address": "/socket.io/", "description": _ABOUT, "messages": messages}},
        "operations": receives | sends,
        "components": {"schemas": schemas, "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(action: str, name: str, event: SocketEvent) -> Schema:
    channel = {"$ref": f"#/channels/{CHANNEL}"}
    operation: Schema = {
        "action": action, "channel": channel, "summary": event.about, "messages": [_message(name)],
        "security": [{"$ref": "#/components/securitySchemes/session"}],
    }  # fmt: skip
    if event.acknowledged:
        operation["reply"] = {"channel": channel, "messages": [_message(ACKNOWLEDGEMENT)]}
    return operation


def _message(name: str) -> Schema:
    return {"$ref": f"#/channels/{CHANNEL}/messages/{name}"}


def _payload(event: SocketEvent, schemas: dict[str, Schema]) -> Schema:
    if event.payload is None:
        return {"type": "null"}
    kinds = event.payload if isinstance(event.payload, tuple) else (event.payload,)
    parts = [_schema(kind, schemas) for kind in kinds]
    return parts[0] if len(parts) == 1 else {"allOf": parts}


def _schema(kind: Any, schemas: dict[str, Schema]) -> Schema:
    schema: Schema = standard(TypeAdapter(kind).json_schema(ref_template=_REF, mode="validation"))
    schemas.update(schema.pop("$defs", {}))
    return schema
