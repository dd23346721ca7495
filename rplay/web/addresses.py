"""Client addresses: where a request comes from."""

import ipaddress

from flask import Request

from rplay.config import Network

SUBNET = 64  # bits of an IPv6 address that identify a customer, who can choose the rest freely


def client_address(request: Request, trusted: int | list[Network]) -> str:
    """Return the last address in X-Forwarded-For that does not belong to a trusted proxy."""
    peer = normalised(request.remote_addr or "unknown")
    hops = [normalised(hop) for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if isinstance(trusted, int):
        return hops[-trusted] if 0 < trusted <= len(hops) else peer
    while hops and inside(peer, trusted):
        peer = hops.pop()
    return peer


def normalised(text: str) -> str:
    """Return the address in the form in which addresses are counted and compared.

    Port and zone are removed and IPv6 is written in one spelling. An IPv4 address that a dual-stack socket (HOST=::)
    reports as ::ffff:192.0.2.1 becomes plain IPv4.
    """
    address = _without_port(text.strip())
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or parsed)


def counted(address: str) -> str:
    """Return the key under which a normalised address is rate-limited: its /64 network for IPv6, as a customer can
    choose among 2^64 addresses.
    """
    try:
        return str(ipaddress.IPv6Network((address, SUBNET), strict=False)) if ":" in address else address
    except ValueError:
        return address


def inside(address: str, networks: list[Network]) -> bool:
    """Return True if a normalised address belongs to one of these networks."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _without_port(hop: str) -> str:
    """Remove the client's port, which some proxies such as Azure's append. With it each connection would be counted as
    an address of its own.
    """
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    host, _, port = hop.partition(":")
    return host if port.isdigit() else hop
