from uuid import UUID

import pytest

from rplay.web import live_tokens
from rplay.web.live_tokens import SECONDS, LiveTokens

ANN, BEN = UUID(int=1), UUID(int=2)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> LiveTokens:
    return LiveTokens(clock)


def test_a_token_is_its_users_for_a_while(tokens: LiveTokens, clock: Clock) -> None:
    tokens.note("a", ANN)
    clock.now += SECONDS - 1
    assert (tokens.user_of("a"), tokens.user_of("b")) == (ANN, None)
    clock.now += 1
    assert tokens.user_of("a") is None


def test_the_one_noted_longest_ago_makes_room(tokens: LiveTokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_tokens, "MOST_TOKENS", 2)
    for hashed, user in (("a", ANN), ("b", BEN), ("a", ANN), ("c", BEN)):
        tokens.note(hashed, user)
    assert [tokens.user_of(hashed) for hashed in "abc"] == [ANN, None, BEN]
