"""HOST=:: is IPv6 and IPv4, and who comes by IPv4 is known by that address."""

import socket

import pytest
import requests

from rplay.server import supervisor
from tests.live import live_server

pytestmark = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")


def test_serve_listens_for_both():
    with supervisor.listening("::", 0) as listener:
        port = listener.getsockname()[1]
        for address, seen in (("127.0.0.1", "::ffff:127.0.0.1"), ("::1", "::1")):
            with socket.create_connection((address, port), timeout=60):
                taken, peer = listener.accept()
                taken.close()
                assert peer[0] == seen


def test_one_address_of_ipv6_is_that_alone():
    with supervisor.listening("::1", 0) as listener:
        port = listener.getsockname()[1]
        socket.create_connection(("::1", port), timeout=60).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=60)


def test_a_proxy_and_a_monitor_on_this_machine_are_known(new_database, tmp_path):
    settings = {"TRUSTED_PROXIES": "127.0.0.0/8, ::1/128", "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_MAX_REQUESTS": "2"}
    with live_server(new_database(), tmp_path, bind="[::]", **settings) as server:
        for client in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
            headers = {"X-Forwarded-For": client}
            statuses = [requests.get(f"{server.base}/api", headers=headers, timeout=60).status_code for _ in range(3)]
            assert statuses == [200, 200, 429]
        assert requests.get(f"{server.base}/metrics", timeout=60).status_code == 200
