"""Passwords and tokens."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable
from typing import Any

import bcrypt
import gevent
from gevent.threadpool import ThreadPool

# bcrypt's limit; longer passwords of old accounts were silently cut.
MAX_PASSWORD_BYTES = 72
CHEAPEST = 4  # bcrypt's lowest work factor
_BCRYPT_HASH = re.compile(r"^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$")

_RULES: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda password: len(password) >= 8, "Password must be at least 8 characters long"),
    (lambda password: any(c.isupper() for c in password), "Password must contain at least one uppercase letter"),
    (lambda password: any(c.islower() for c in password), "Password must contain at least one lowercase letter"),
    (lambda password: any(c.isdigit() for c in password), "Password must contain at least one number"),
    (
        lambda password: len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES,
        f"Password must be at most {MAX_PASSWORD_BYTES} bytes long",
    ),
)

_threads: ThreadPool | None = None


def password_problem(password: str) -> str | None:
    """Return the first rule that the password breaks, as a text for users, or None."""
    return next((text for holds, text in _RULES if not holds(password)), None)


def hash_password(password: str, cost: int) -> str:
    """Return a bcrypt hash. At cost 10 this takes 70 ms of CPU, in a thread outside the event loop."""
    return str(_outside_the_hub(lambda: bcrypt_hash(password, cost)))


def bcrypt_hash(password: str, cost: int) -> str:
    """Return a bcrypt hash, computed in the calling thread."""
    return bcrypt.hashpw(_bytes_of(password), bcrypt.gensalt(cost)).decode()


def cost_of(hashed: str) -> int | None:
    """Return the bcrypt work factor of this hash; None if it is not a bcrypt hash."""
    return int(hashed[4:6]) if _BCRYPT_HASH.match(hashed) else None


def password_matches(password: str, hashed: str | None, cost: int) -> bool:
    """Return True if the password matches the hash. Without a usable hash return False, after the time that a hash
    of this cost would take.
    """
    usable = hashed is not None and _BCRYPT_HASH.match(hashed) is not None
    against = hashed if usable and hashed is not None else _decoy(cost)
    raw = _bytes_of(password)
    if b"\0" in raw:
        return False
    return bool(_outside_the_hub(lambda: bcrypt.checkpw(raw, against.encode()))) and usable


def _bytes_of(password: str) -> bytes:
    """Return the bytes of a password that bcrypt uses."""
    return password.encode("utf-8", "surrogatepass")[:MAX_PASSWORD_BYTES]


_decoys: dict[int, str] = {}


def _decoy(cost: int) -> str:
    """Return a hash of an unknown password, so that checking an unknown account takes as long as checking a known
    one.
    """
    if cost not in _decoys:
        _decoys[cost] = hash_password(secrets.token_urlsafe(), cost)
    return _decoys[cost]


def _outside_the_hub(work: Callable[[], Any]) -> Any:
    """Run work in a thread: bcrypt needs CPU but not the interpreter lock, so one thread per core keeps the event
    loop free.
    """
    global _threads
    if _threads is None or _threads.hub is not gevent.get_hub():
        _threads = ThreadPool(max(2, os.cpu_count() or 2))
    return _threads.apply(work)


def new_token() -> str:
    """Return 256 random bits for a session token or a reset link."""
    return secrets.token_urlsafe(32)


def bearer_of(header: str | None) -> str | None:
    """Return the token of an `Authorization` header; "" if it holds something else, None without a header."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def token_hash(token: str) -> str:
    """Return the hash under which the database stores a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
