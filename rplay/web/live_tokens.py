"""Remembers whose session tokens were valid a moment ago. This is used for counting requests only, never to grant
access.
"""

import time
from collections.abc import Callable
from uuid import UUID

SECONDS = 30.0  # seconds for which an ended session still counts for its user
MOST_TOKENS = 10_000  # tokens, which take 3 MB


class LiveTokens:
    """Users by the hash of their token. Unknown tokens are not remembered and are looked up each time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._users: dict[str, tuple[UUID, float]] = {}  # in the order in which they were noted

    def note(self, hashed: str, user_id: UUID) -> None:
        self._users.pop(hashed, None)
        self._users[hashed] = user_id, self._clock() + SECONDS
        if len(self._users) > MOST_TOKENS:
            del self._users[next(iter(self._users))]

    def user_of(self, hashed: str) -> UUID | None:
        user_id, until = self._users.get(hashed, (None, 0.0))
        return user_id if self._clock() < until else None
