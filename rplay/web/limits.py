"""Rate limits.

Expensive calls, and those that could be used for guessing, have limits of their own. Everything else is limited to
RATE_LIMIT_MAX_REQUESTS a window: per user where there is one, so that 200 learners can share an address, else per
address. The existing frontend's server makes its calls from one address, so anonymous calls have a generous limit.

The counters are in Redis if it is configured. While Redis does not answer each process counts for itself, so that
people can sign in and read. Calls that cost money are refused then, as nobody knows how many there were.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from flask import Response, g, has_request_context, request
from limits import RateLimitItem, RateLimitItemPerSecond, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from rplay.config import Settings
from rplay.errors import HttpError, SharedAway, TooMany
from rplay.runtime.metrics import REFUSALS
from rplay.runtime.redis import Shared
from rplay.values import account_of
from rplay.web.addresses import client_address, counted
from rplay.web.body import read_field
from rplay.web.live_tokens import LiveTokens
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, declared, declared_here, preceded

# name: (limit, counted by, purpose); the documentation prints this table
TABLE: dict[str, tuple[str, str, str]] = {
    "login": ("20 per 5 minutes", "account and address", "tries to log in to one account from one address"),
    "login_address": ("300 per 5 minutes", "address", "tries to log in from one address, whatever the account"),
    "login_failed": (
        "200 per hour",
        "account",
        "failed logins of one account, from addresses at which it has not signed in for 30 days",
    ),
    "register": ("300 per hour", "address", "new accounts from one address"),
    "register_account": ("20 per hour", "account", "tries to register one e-mail address"),
    "forgot": ("5 per hour", "account and address", "mails to reset one account's password, for one address"),
    "forgot_account": ("20 per hour", "account", "mails to reset one account's password"),
    "forgot_address": ("300 per hour", "address", "requests for such mails from one address"),
    "password": ("20 per 5 minutes", "user", "tries to change a password"),
    "reset": ("300 per hour", "address", "tries with a reset token"),
    "export": ("20 per hour", "user", "exports of everything about a person"),
    "ai": ("60 per minute", "user", "AI calls of one person"),
    "ai_address": ("3000 per minute", "address", "AI calls of all who are signed in at one address"),
    "ai_anonymous": ("3000 per minute", "address", "AI calls that the existing frontend makes without a session"),
    "anonymous": (
        "30000 per minute",
        "address",
        "calls that the existing frontend makes without a session",
    ),
    "socket": ("600 per minute", "address", "connections to the speech socket; each process counts for itself"),
    "flood": ("30000 per minute", "address", "calls with a session from one address; each process counts for itself"),
    "speech": ("600 per minute", "address", "tries to be let in on such a connection"),
    "speech_text": ("60 per minute", "user", "texts spoken for one person, or on one connection without a session"),
    "speech_address": ("3000 per minute", "address", "texts spoken for all at one address"),
    "listening": ("60 per minute", "user", "recordings and spoken turns of one person that are understood"),
    "listening_address": ("3000 per minute", "address", "the same for all at one address"),
}

STATIC = "/console/static/"  # a page loads five static files, and browsers cache them
# limits that apply to every request; a client sees their headers only when it is refused
UNTOLD = frozenset({"request", "anonymous", "flood"})

TOO_MANY_CONNECTIONS = "Too many connections"
COSTLY = frozenset(
    {"ai", "ai_address", "ai_anonymous", "speech", "speech_text", "speech_address", "listening", "listening_address"}
)


@dataclass(frozen=True)
class Told:
    """The state of a limit as the response headers show it: the calls left, and the seconds until there are more."""

    name: str
    item: RateLimitItem
    remaining: int
    seconds: int


class Counters(MemoryStorage):
    """Counters that are searched for expired ones only once a minute.

    The library does this every 10 ms while there are requests, in a new thread each time: 77 µs of a request's 390, and
    280 with 10,000 addresses. If it renames the overridden methods, only that saving is lost.
    """

    _next_look = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + 60
            self._MemoryStorage__expire_events()  # type: ignore[attr-defined]


class Limits:
    """The counters, kept in this process or in a shared Redis."""

    def __init__(self, settings: Settings, shared: Shared | None = None) -> None:
        self.enabled = settings.rate_limit_enabled
        self.trusted = settings.trusted_proxies
        self.connections = settings.connections_per_address
        self.window = RateLimitItemPerSecond(settings.rate_limit_max_requests, settings.rate_limit_window_ms // 1000)
        self.items = {name: parse(limit) for name, (limit, _, _) in TABLE.items()}
        self.live_tokens = LiveTokens()
        self._shared = shared
        self._ours = SlidingWindowCounterRateLimiter(Counters())
        self._everybodys = SlidingWindowCounterRateLimiter(_storage(shared)) if shared else self._ours

    def count(self, name: str, key: str) -> None:
        """Count one call. Raise TooMany, and count nothing, if the limit is used up."""
        self._hit(self.items[name], name, key)

    def count_all(self, *counted: tuple[str, str]) -> None:
        """Count one call under each name and key. Raise TooMany, and count under none, if one of the limits is used
        up.
        """
        for name, key in counted[1:]:
            self.check(name, key)
        for name, key in counted:
            self.count(name, key)

    def check(self, name: str, key: str) -> None:
        """Raise TooMany if the limit is used up. This counts nothing."""
        self._ask(name, lambda counters: self._judge(counters, self.items[name], name, key, counters.test))

    def note(self, name: str, key: str) -> None:
        """Count one call without refusing it, even if the limit is used up."""
        self._ask(name, lambda counters: counters.hit(self.items[name], name, key))

    def count_request(self, key: str) -> None:
        self._hit(self.window, "request", key)

    def count_flood(self, address: str) -> None:
        """Count a request with a token, in this process only. This limits guessing of tokens and need not be exact."""
        self._count_here("flood", address)

    def count_socket(self, address: str) -> None:
        """Count a new socket connection, in this process only. Connections that go on are counted in Redis later."""
        self._count_here("socket", address)

    def connection_refusal(self, address: str, opened: int) -> str | None:
        """Return why this address, which has `opened` connections, may not open another speech connection; None if it
        may.
        """
        if self.enabled and opened >= self.connections:
            return TOO_MANY_CONNECTIONS
        return self._refusal(("speech", address))

    def speech_refusal(self, who: str, address: str) -> str | None:
        """Return why this listener may not have another text spoken; None if they may."""
        return self._refusal(("speech_text", who), ("speech_address", address))

    def count_talk(self, who: str, address: str, spoken: bool) -> None:
        """Count one reply of a client over the socket: an AI call, and if `spoken` a text for the voice."""
        speech = (("speech_address", address), ("speech_text", who)) if spoken else ()
        self.count_all(("ai_address", address), ("ai", who), *speech)

    def count_listening(self, who: str, address: str) -> None:
        self.count_all(("listening_address", address), ("listening", who))

    def _refusal(self, *counted: tuple[str, str]) -> str | None:
        try:
            for name, key in counted:
                self.count(name, key)
        except TooMany as refusal:
            return refusal.text
        except SharedAway:
            return "Not available for a moment"
        return None

    def _hit(self, item: RateLimitItem, name: str, key: str) -> None:
        self._ask(name, lambda counters: self._judge(counters, item, name, key, counters.hit))

    def _count_here(self, name: str, key: str) -> None:
        if self.enabled:
            self._judge(self._ours, self.items[name], name, key, self._ours.hit)

    def _ask(self, name: str, ask: Callable[[SlidingWindowCounterRateLimiter], object]) -> None:
        """Ask the shared counters, or those of this process while Redis does not answer. For COSTLY limits SharedAway
        is raised instead.
        """
        if not self.enabled:
            return
        if self._shared is None:
            ask(self._ours)
            return
        try:
            with self._shared.answering():
                ask(self._everybodys)
        except SharedAway:
            if name in COSTLY:
                raise
            ask(self._ours)

    def _judge(
        self,
        counters: SlidingWindowCounterRateLimiter,
        item: RateLimitItem,
        name: str,
        key: str,
        allows: Callable[[RateLimitItem, str, str], bool],
    ) -> None:
        """Apply `allows`, which is `hit` (count the call) or `test` (only check). Raise TooMany if the limit is used
        up.
        """
        allowed = allows(item, name, key)
        # reading the remaining calls would cost a second query to Redis
        if allowed and (name in UNTOLD or allows == counters.test):
            return
        left = counters.get_window_stats(item, name, key)
        seconds = max(1, round(left.reset_time - time.time()))
        if has_request_context():
            g.setdefault("limits", []).append(Told(name, item, left.remaining if allowed else 0, seconds))
        if not allowed:
            REFUSALS.labels(name).inc()
            raise TooMany(seconds)


def count_token(user_id: object | None) -> None:
    """Count a request whose token was looked up. An unknown token is counted for the address, or tokens could be
    guessed without a limit.
    """
    parts().limits.count_request(str(user_id) if user_id else address())


def tell(response: Response) -> Response:
    """Add the RateLimit headers of draft-ietf-httpapi-ratelimit-headers-10 where a view has limits of its own, and to
    every refusal.
    """
    told: list[Told] = g.get("limits", [])
    if told:
        response.headers["RateLimit-Policy"] = ", ".join(
            f'"{one.name}";q={one.item.amount};w={one.item.get_expiry()}' for one in told
        )
        response.headers["RateLimit"] = ", ".join(f'"{one.name}";r={one.remaining};t={one.seconds}' for one in told)
    return response


def _storage(shared: Shared) -> RedisStorage:
    return RedisStorage("redis://", connection_pool=shared.redis.connection_pool, key_prefix="rplay:limit")


def address() -> str:
    """Return the address of this request in the form in which it is counted."""
    return counted(client_address(request, parts().limits.trusted))


def check(name: str) -> None:
    """Raise TooMany if this request's user, account or address has used up the limit. This counts nothing."""
    parts().limits.check(name, _KEYS[TABLE[name][1]]())


def note(name: str) -> None:
    """Count this request without refusing it, for its user, account or address."""
    parts().limits.note(name, _KEYS[TABLE[name][1]]())


def _account() -> str:
    try:
        email = read_field("email")
    except HttpError:
        return "-"  # the view will refuse this body
    return account_of(email)[:320] if isinstance(email, str) else "-"


_KEYS: dict[str, Callable[[], str]] = {
    "account and address": lambda: f"{_account()} {address()}",
    "account": _account,
    "address": address,
    "user": lambda: str(g.user_id) if "user_id" in g else address(),
}


def limited(*names: str, anonymous: str | None = None) -> Callable[[View], View]:
    """Count the calls of a view under these names of TABLE. Place this decorator below the access rule.

    Calls without a session are counted under `anonymous` instead, if given. The address is checked first and refused
    calls are not counted, or callers could create counters without end by inventing accounts.
    """
    addresses_first = sorted(names, key=lambda name: TABLE[name][1] != "address")

    def counted_first(arguments: Arguments, _: ExitStack) -> Arguments:
        due = [anonymous] if anonymous and "user_id" not in g else addresses_first
        parts().limits.count_all(*((name, _KEYS[TABLE[name][1]]()) for name in due))
        return arguments

    def decorate(view: View) -> View:
        declared(view).limits = names
        return preceded(view, counted_first)

    return decorate


def uncounted() -> bool:
    return request.method == "OPTIONS" or request.path.startswith(("/health", "/api/health", STATIC))


def brings_token() -> bool:
    return "Authorization" in request.headers or "session_token" in request.cookies


def count_arrival() -> None:
    """Count every request except probes. Requests without a token count for their address; legacy calls of the
    frontend have their own limit.

    Requests with a token are counted later, for their user or else for the address (web/auth.py), as many users may
    share an address.
    """
    if uncounted():
        return
    limits = parts().limits
    if brings_token():
        limits.count_flood(address())
    elif declared_here().open_to_legacy:
        limits.count("anonymous", address())
    else:
        limits.count_request(address())
