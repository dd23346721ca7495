"""HTTP that no client of ours speaks, against a real server."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.live import live_server


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory):
    with live_server(new_database(), tmp_path_factory.mktemp("http")) as server:
        yield server


def exchange(live, raw):
    """Status, headers and body of what comes back for these bytes; a refusal may come before all of them are sent."""
    address = urlsplit(live.base)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(raw)
        got = b""
        while b"\r\n\r\n" not in got or got.partition(b"\r\n\r\n")[2].count(b"}") < 1:
            got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, json.loads(body)


@pytest.mark.parametrize(
    ("raw", "status", "text"),
    [
        (b"GET /health\r\n\r\n", 400, "Bad request"),
        (b"get /health HTTP/1.1\r\nHost: x\r\n\r\n", 400, "Bad request"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400, "Bad request"),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "Address too long"),
        (b"PROPFIND /api/users HTTP/1.1\r\nHost: x\r\n\r\n", 405, "Method not allowed"),
    ],
    ids=["no version", "small letters", "negative length", "long address", "unknown method"],
)
def test_is_refused_in_the_one_shape_of_errors(live, raw, status, text):
    got, headers, body = exchange(live, raw)
    assert (got, body) == (status, {"success": False, "error": text, "message": text})
    assert headers["content-type"] == "application/json"
    assert len(headers["x-request-id"]) == 36


def chunked(body):
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_a_body_without_a_length_is_held_to_the_limit(live):
    fits = b'{"x":"' + b"x" * (2**20 - 8) + b'"}'
    status, _, body = exchange(live, chunked(fits))
    assert (status, body["error"]) == (400, "Missing required fields: email, password")
    status, _, body = exchange(live, chunked(fits + b" "))
    assert (status, body["error"]) == (413, "Request body too large")
