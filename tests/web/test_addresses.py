"""Where a request comes from, with proxies in front."""

import ipaddress

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from rplay.web.addresses import client_address, counted

INSIDE = [ipaddress.ip_network("10.0.0.0/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("1.1.1.1", "6.6.6.6", 0, "1.1.1.1"),
        ("10.0.0.1", "6.6.6.6, 2.2.2.2", 1, "2.2.2.2"),
        ("10.0.0.1", "2.2.2.2, 10.0.0.2", 2, "2.2.2.2"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, 2.2.2.2, 10.0.0.2", INSIDE, "2.2.2.2"),
        ("1.1.1.1", "6.6.6.6", INSIDE, "1.1.1.1"),
        ("10.0.0.1", "nonsense", INSIDE, "nonsense"),
        ("10.0.0.1", "6.6.6.6:1, 2.2.2.2:50000", 1, "2.2.2.2"),
        ("10.0.0.1", "2.2.2.2:50000, 10.0.0.2:443", INSIDE, "2.2.2.2"),
        ("10.0.0.1", "[2001:db8::1]:50000", 1, "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", 1, "2001:db8::1"),
        ("10.0.0.1", "::1", 1, "::1"),
        ("::ffff:10.0.0.1", "2.2.2.2", INSIDE, "2.2.2.2"),
        ("::ffff:10.0.0.1", "2.2.2.2, ::FFFF:10.0.0.2", INSIDE, "2.2.2.2"),
        ("::ffff:1.1.1.1", "", 0, "1.1.1.1"),
        ("2001:DB8::1", "", 0, "2001:db8::1"),
        ("10.0.0.1", "2001:db8:0:0:0:0:0:1", 1, "2001:db8::1"),
        ("fe80::1%eth0", "", 0, "fe80::1"),
        ("10.0.0.1", "2001:db8::g", 1, "2001:db8::g"),
    ],
)
def test_believes_only_its_own_proxies(peer, forwarded, trusted, address):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    environ = EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ()
    assert client_address(Request(environ), trusted) == address


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:0:0:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("unknown", "unknown"),
        ("2001:db8::g", "2001:db8::g"),
    ],
)
def test_all_that_one_customer_has_counts_as_one(address, counts_as):
    assert counted(address) == counts_as
