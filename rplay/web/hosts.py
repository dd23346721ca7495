"""The names that this server is called by."""

import ipaddress
from urllib.parse import urlsplit

from rplay.config import Settings

# What no name server on the internet answers for.
HERE = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test")


def is_own(host: str, settings: Settings) -> bool:
    """Whether a request to this host may be meant for us.

    On somebody's own machine a page of another's can have its name lead to us, and read what we tell without a session.
    It needs a name for that which the internet knows. In production any name may be ours.
    """
    name = _name(f"//{host}")  # "" for what is no host, which no browser sends
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
