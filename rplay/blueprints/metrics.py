"""/metrics: metrics for Prometheus and others who are allowed to read them."""

import hmac
import ipaddress
import os

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from rplay.errors import Forbidden
from rplay.security import bearer_of
from rplay.web.addresses import client_address
from rplay.web.answers import Answer
from rplay.web.auth import public
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("metrics", __name__)

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@bp.get("/metrics")
@public
@responds(200, 403, kind="text/plain")
def metrics() -> Answer:
    """Return the metrics of all workers, for METRICS_KEY or from METRICS_NETWORKS."""
    if not _has_key() and not _is_near():
        raise Forbidden("Not authorized to read the metrics")
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # the process does not run under gunicorn
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _has_key() -> bool:
    key = parts().settings.metrics_key
    token = bearer_of(request.headers.get("Authorization"))
    if key is None or not token:
        return False
    return hmac.compare_digest(token.encode(), key.get_secret_value().encode())


def _is_near() -> bool:
    """Return True if the caller's address is allowed.

    Behind an unknown proxy the address would be the proxy's, often that of this machine. The caller is unknown then,
    and access is denied.
    """
    settings = parts().settings
    if not settings.trusted_proxies and any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(client_address(request, settings.trusted_proxies))
    except ValueError:
        return False
    return any(address in network for network in settings.metrics_networks)
