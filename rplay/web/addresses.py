"""Where a request comes from."""

import ipaddress

from flask import Request

from rplay.config import Network

SUBNET = 64  # bits of an IPv6 address that a customer has: the rest is theirs to choose


def client_address(request: Request, trusted: int | list[Network]) -> str:
    """The last address in X-Forwarded-For that is not one of our own proxies."""
    peer = normalised(request.remote_addr or "unknown")
    hops = [normalised(hop) for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if isinstance(trusted, int):
        return hops[-trusted] if 0 < trusted <= len(hops) else peer
    while hops and inside(peer, trusted):
        peer = hops.pop()
    return peer


def normalised(text: str) -> str:
    """The address as it is counted and compared: without port and zone, IPv6 in one spelling, IPv4 as such also where
    a socket of both kinds (HOST=::) writes ::ffff:192.0.2.1."""
    address = _without_port(text.strip())
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or parsed)


def counted(address: str) -> str:
    """What a normalised address counts as: all of one /64 are one, as a customer may choose among 2^64."""
    try:
        return str(ipaddress.IPv6Network((address, SUBNET), strict=False)) if ":" in address else address
    except ValueError:
        return address


def inside(address: str, networks: list[Network]) -> bool:
    """Whether a normalised address is of one of these networks."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _without_port(hop: str) -> str:
    """Some proxies, as Azure's, add the client's port: each of its connections would count for itself."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    host, _, port = hop.partition(":")
    return host if port.isdigit() else hop
