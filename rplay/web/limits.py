"""Rate limits: how often somebody may ask.

Costly and guessable things are limited by themselves, everything else by RATE_LIMIT_MAX_REQUESTS an address and window.
The existing frontend's server sends its own calls from one address, so anonymous calls are counted generously.

The counters are Redis's where there is one. While it does not answer each process counts for itself, which lets people
sign in and look around; what costs money is refused, as nobody knows how much of it there was.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from limits import RateLimitItem, RateLimitItemPerSecond, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from rplay.config import Settings
from rplay.errors import HttpError, SharedAway, TooMany
from rplay.shared import Shared
from rplay.web.addresses import client_address
from rplay.web.body import read_object

View = TypeVar("View", bound=Callable[..., Any])

# name: (limit, counted by, what for); the documentation prints this table
TABLE: dict[str, tuple[str, str, str]] = {
    "login": ("20 per 5 minutes", "account and address", "tries to log in to one account from one address"),
    "login_address": ("300 per 5 minutes", "address", "tries to log in from one address, whatever the account"),
    "register": ("60 per hour", "address", "new accounts from one address"),
    "forgot": ("5 per hour", "account", "mails to reset one account's password"),
    "forgot_address": ("60 per hour", "address", "requests for such mails from one address"),
    "password": ("20 per 5 minutes", "user", "tries to change a password"),
    "reset": ("60 per hour", "address", "tries with a reset token"),
    "export": ("20 per hour", "user", "exports of everything about a person"),
    "ai": ("60 per minute", "user", "AI calls of one person"),
    "ai_anonymous": ("600 per minute", "address", "AI calls that the existing frontend makes without a session"),
    "anonymous": (
        "30000 per minute",
        "address",
        "calls that the existing frontend makes without a session",
    ),
    "speech": ("120 per minute", "address", "new speech connections from one address without a session"),
}

COSTLY = frozenset({"ai", "ai_anonymous", "speech"})


class Counters(MemoryStorage):
    """Looks once a minute for counters that are over.

    The library does it every 10 ms while there are requests, in a new thread each time: 77 µs of a request's 390, and
    280 with 10,000 addresses. Should it rename these methods, that time is lost again and nothing else.
    """

    _next_look = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + 60
            self._MemoryStorage__expire_events()  # type: ignore[attr-defined]


class Limits:
    """The counters: of this process, or of all that share a Redis."""

    def __init__(self, settings: Settings, shared: Shared | None = None) -> None:
        self.enabled = settings.rate_limit_enabled
        self.trusted = settings.trusted_proxies
        self.window = RateLimitItemPerSecond(settings.rate_limit_max_requests, settings.rate_limit_window_ms // 1000)
        self.items = {name: parse(limit) for name, (limit, _, _) in TABLE.items()}
        self._shared = shared
        self._ours = SlidingWindowCounterRateLimiter(Counters())
        self._everybodys = SlidingWindowCounterRateLimiter(_storage(shared)) if shared else self._ours

    def count(self, name: str, key: str) -> None:
        """Counts one; TooMany when that is one too many."""
        self._hit(self.items[name], name, key)

    def count_request(self, address: str) -> None:
        self._hit(self.window, "request", address)

    def speech_refusal(self, address: str) -> str | None:
        """Why this address may not open one more speech connection without a session; None when it may."""
        try:
            self.count("speech", address)
        except TooMany as refusal:
            return refusal.text
        except SharedAway:
            return "Not available for a moment"
        return None

    def _hit(self, item: RateLimitItem, name: str, key: str) -> None:
        if not self.enabled:
            return
        wait = self._wait(item, name, key)
        if wait:
            raise TooMany(wait)

    def _wait(self, item: RateLimitItem, name: str, key: str) -> int:
        """Counts one; the seconds to wait when that was one too many, else 0."""
        if self._shared is None:
            return _wait(self._ours, item, name, key)
        try:
            with self._shared.answering():
                return _wait(self._everybodys, item, name, key)
        except SharedAway:
            if name in COSTLY:
                raise
            return _wait(self._ours, item, name, key)


def _storage(shared: Shared) -> RedisStorage:
    return RedisStorage("redis://", connection_pool=shared.redis.connection_pool, key_prefix="rplay:limit")


def _wait(strategy: SlidingWindowCounterRateLimiter, item: RateLimitItem, name: str, key: str) -> int:
    if strategy.hit(item, name, key):
        return 0
    return max(1, round(strategy.get_window_stats(item, name, key).reset_time - time.time()))


def address() -> str:
    return client_address(request, _limits().trusted)


def _limits() -> Limits:
    limits: Limits = current_app.extensions["rplay"].limits  # parts() would import this module in a circle
    return limits


def _account() -> str:
    try:
        email = read_object().get("email")
    except HttpError:
        return "-"  # the view refuses this body in a moment
    return email.strip().lower()[:320] if isinstance(email, str) else "-"


_KEYS: dict[str, Callable[[], str]] = {
    "account and address": lambda: f"{_account()} {address()}",
    "account": _account,
    "address": address,
    "user": lambda: str(g.user_id) if "user_id" in g else address(),
}


def limited(*names: str, anonymous: str | None = None) -> Callable[[View], View]:
    """Counts the calls of a view under each of these names of the table; to stand below the access rule.

    Calls without a session are counted under `anonymous` instead, if it is given.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            for name in (anonymous,) if anonymous and "user_id" not in g else names:
                _limits().count(name, _KEYS[TABLE[name][1]]())
            return view(*args, **kwargs)

        counted.limits = names  # type: ignore[attr-defined]
        return counted  # type: ignore[return-value]

    return decorate


def install(app: Flask) -> None:
    app.before_request(_count_request)


def _count_request() -> None:
    """Every request but the probes counts for its address; calls without a session have a limit of their own."""
    if request.method == "OPTIONS" or request.path.startswith(("/health", "/api/health")):
        return
    anonymous = "Authorization" not in request.headers and "session_token" not in request.cookies
    if anonymous and getattr(current_app.view_functions.get(request.endpoint or ""), "open_to_legacy", False):
        _limits().count("anonymous", address())
    else:
        _limits().count_request(address())
