"""Decides from which origins a page may make a browser act for the signed-in user."""

import hmac
from urllib.parse import urlsplit

from flask import request

from rplay.config import Settings
from rplay.web.parts import parts

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_secure() -> bool:
    """Return True if the browser uses TLS, either to this server or to the trusted proxy in front of it."""
    forwarded = bool(parts().settings.trusted_proxies) and request.headers.get("X-Forwarded-Proto") == "https"
    return request.is_secure or forwarded


def is_own() -> bool:
    """Return True if this request comes from a page of this server itself."""
    settings = parts().settings
    own = [origin for origin in (_known(settings), _of(settings.console_url)) if origin]
    return _is_among(own) and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def is_allowed() -> bool:
    """Return True if this request comes from a page of this server or of an allowed origin."""
    return _is_among(parts().settings.cors_origins) or is_own()


def _is_among(origins: list[str]) -> bool:
    sent = request.headers.get("Origin", "").encode()
    return any(hmac.compare_digest(sent, origin.encode()) for origin in origins)


def asked() -> str:
    """Return the origin that the browser believes it is talking to."""
    return f"{'https' if is_secure() else 'http'}://{request.host.lower()}"


def _known(settings: Settings) -> str | None:
    """Return the origin of this request if its host is one of ours, else None. A foreign name may resolve to this
    server.
    """
    ours = LOOPBACK | {_host(settings.app_url), _host(settings.console_url)}
    host = _host(f"//{request.host}")
    return asked() if host and host in ours else None


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


def _of(url: str | None) -> str | None:
    parsed = urlsplit(url or "")
    return f"{parsed.scheme}://{parsed.netloc}".lower() if parsed.netloc else None
