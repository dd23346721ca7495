"""The host names under which this server can be reached."""

import ipaddress
from urllib.parse import urlsplit

from rplay.config import Settings

# Suffixes that no public name server resolves.
HERE = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test")


def is_own(host: str, settings: Settings) -> bool:
    """Return True if a request to this host may be meant for this server.

    On a developer's machine a foreign page could point its own public host name to 127.0.0.1 (DNS rebinding) and read
    what needs no session. Such a name must be known on the internet, so those are refused. In production any name is
    accepted.
    """
    name = _name(f"//{host}")  # "" if the header is not a host, which no browser sends
    ours = {settings.host, *map(_name, (settings.app_url, *settings.cors_origins))}
    return settings.production or "." not in name or name in ours or name.endswith(HERE) or _is_address(name)


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
