"""Whose tokens were live a moment ago: enough to count a request by, and nothing to let anybody in by."""

import time
from collections.abc import Callable
from uuid import UUID

SECONDS = 30.0  # for which a session that has ended still counts for its user
MOST_TOKENS = 10_000  # tokens; 3 MB


class LiveTokens:
    """By the hash of each token. An unknown token is looked up each time it is sent."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._users: dict[str, tuple[UUID, float]] = {}  # the one noted last stands last

    def note(self, hashed: str, user_id: UUID) -> None:
        self._users.pop(hashed, None)
        self._users[hashed] = user_id, self._clock() + SECONDS
        if len(self._users) > MOST_TOKENS:
            del self._users[next(iter(self._users))]

    def user_of(self, hashed: str) -> UUID | None:
        user_id, until = self._users.get(hashed, (None, 0.0))
        return user_id if self._clock() < until else None
