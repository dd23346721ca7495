"""Where a request comes from."""

import ipaddress

from flask import Request

from rplay.config import Network


def client_address(request: Request, trusted: int | list[Network]) -> str:
    """The last address in X-Forwarded-For that is not one of our own proxies."""
    peer = request.remote_addr or "unknown"
    hops = [_without_port(hop.strip()) for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if isinstance(trusted, int):
        return hops[-trusted] if 0 < trusted <= len(hops) else peer
    while hops and _inside(peer, trusted):
        peer = hops.pop()
    return peer


def _without_port(hop: str) -> str:
    """Some proxies, as Azure's, add the client's port: each of its connections would count for itself."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    host, _, port = hop.partition(":")
    return host if port.isdigit() else hop


def _inside(address: str, networks: list[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
