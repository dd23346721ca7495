"""Finds what is dangerous when the server can be reached from other machines."""

import ipaddress
from collections.abc import Iterator, Sequence

from rplay.config import Settings

LEGACY_ON = (
    "LEGACY_FRONTEND is on: whoever reaches this port can use the AI and the voice, read feedback and",
    "read and write the activity log without signing in.",
)
PUBLISHED = "whoever has read the README signs in as {emails}: give them other passwords, or delete them"
PAID = (
    "LEGACY_FRONTEND is on and an AI or a voice that costs money is configured: whoever gets here uses it without"
    " signing in. Set LEGACY_FRONTEND=false"
)


def is_reachable(host: str) -> bool:
    """Return True if a server that listens on this address can be reached from other machines."""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def dangers(settings: Settings, host: str, demo: Sequence[str]) -> Iterator[str]:
    """Yield the dangers of listening on this host. `demo` are the demo accounts that still have their published
    passwords.
    """
    if not is_reachable(host):
        return
    if demo:
        yield f"HOST is {host}, and {PUBLISHED.format(emails=' and '.join(demo))}, or set HOST=127.0.0.1."
    if settings.legacy_frontend and costs_money(settings):
        yield f"HOST is {host}, and {PAID}, or HOST=127.0.0.1."


def costs_money(settings: Settings) -> bool:
    return bool(settings.openai_api_key or settings.tts_api_key or settings.azure_ai_project_endpoint)
