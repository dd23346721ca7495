"""How many connections one address may have, where only nginx can count them."""

import re
import socket
import sys
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests

from tests.deploy import cluster
from tests.live import live_server
from tests.programs import needs
from tests.server.test_doors import TOO_MANY, WEBSOCKET
from tests.tts.running import eventually

pytestmark = needs("nginx")

MOST = 5


@pytest.fixture(scope="module")
def proxy(new_database, tmp_path_factory):
    """nginx with a smaller number, and a server behind it that would let two connections of an address in."""
    folder = tmp_path_factory.mktemp("nginx")
    settings = {"TRUSTED_PROXIES": "127.0.0.0/8", "RATE_LIMIT_ENABLED": "true", "CONNECTIONS_PER_ADDRESS": "2"}
    with pytest.MonkeyPatch.context() as patch, live_server(new_database(), folder, **settings) as server:
        template = folder / "rplay.conf.template"
        text = cluster.TEMPLATE.read_text(encoding="utf-8")
        template.write_text(re.sub(r"(limit_conn rplay_addresses) \d+;", rf"\1 {MOST};", text), encoding="utf-8")
        patch.setattr(cluster, "TEMPLATE", template)
        port = urlsplit(server.base).port
        with cluster.nginx(folder, port, port) as url:
            yield url


def websocket(url, source="127.0.0.1"):
    address = urlsplit(url)
    client = socket.create_connection((address.hostname, address.port), timeout=60, source_address=(source, 0))
    client.sendall(WEBSOCKET)
    return client


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is not this machine's")
def test_one_more_is_told_so_and_others_are_served(proxy):
    with ExitStack() as stack:
        for _ in range(MOST):
            assert stack.enter_context(websocket(proxy)).recv(12) == b"HTTP/1.1 101"
        refused = requests.get(f"{proxy}/health", timeout=60)
        assert (refused.status_code, refused.json()) == (429, TOO_MANY)
        assert stack.enter_context(websocket(proxy, "127.0.0.2")).recv(12) == b"HTTP/1.1 101"
    eventually(lambda: requests.get(f"{proxy}/health", timeout=60).status_code == 200)
