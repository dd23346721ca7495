"""The error tree.

RplayError
├── StartError               the server or a command cannot start; the text tells an operator what to do
├── HttpError                becomes {"success": false, "error": …, "message": …} with its status
│   ├── BadRequest 400, Unauthorized 401, Forbidden 403, NotFound 404, RequestTimeout 408, Conflict 409,
│   │   TooLarge 413, UnsupportedType 415
│   ├── TooMany 429          with the seconds to wait
│   ├── ClientLeft 499       for the log: nobody is there to read it
│   ├── Unavailable 503      for a while; with the seconds to wait
│   └── UpstreamFailed 502, NotConfigured 503
├── SharedAway               Redis, which this server shares with others, does not answer; becomes a 503
├── DataFileError            a JSON data file cannot be read; never overwritten
├── DatabaseError            the database refused or is away
│   ├── Duplicate            a unique constraint was hit
│   └── Erased               the account that it is about was erased meanwhile
├── AIError                  an AI call failed
│   ├── AINotConfigured      no provider at all
│   ├── AIUnavailable        says something about the provider: connection, time limit, 429, 5xx; counts for its breaker
│   │   └── AIAsleep         a server of one's own may still be loading its model
│   ├── AIRefused            says something about our configuration: 400, 401, 403, 404; does not count
│   │   └── AIFiltered       a content filter did not let pass what was said
│   ├── AIEmptyAnswer        the model answered with nothing
│   └── AIBadAnswer          the model's answer could not be read
├── SpeechError              a voice failed; never carries upstream text
└── RecognitionError         a recogniser failed; never carries upstream text
"""

from typing import Any


class RplayError(Exception):
    """Base class of all errors that rplay raises on purpose."""


class StartError(RplayError):
    """Ends a start or a command with one readable sentence."""


class HttpError(RplayError):
    """An error response: `text` is sent to the client verbatim, `extra` adds keys to the body."""

    status = 500

    def __init__(self, text: str, **extra: Any) -> None:
        super().__init__(text)
        self.text = text
        self.extra = extra


class BadRequest(HttpError):
    status = 400


class Unauthorized(HttpError):
    status = 401


class Forbidden(HttpError):
    status = 403


class NotFound(HttpError):
    status = 404


class RequestTimeout(HttpError):
    status = 408


class Conflict(HttpError):
    status = 409


class TooLarge(HttpError):
    status = 413


class UnsupportedType(HttpError):
    status = 415


class TooMany(HttpError):
    """A rate limit was exceeded. `retry_after` is in seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests")
        self.retry_after = retry_after


class ClientLeft(HttpError):
    """The client hung up before its answer was there."""

    status = 499


class Unavailable(HttpError):
    """The server cannot handle the request for a while. `retry_after` is in seconds."""

    status = 503

    def __init__(self, text: str, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class UpstreamFailed(HttpError):
    status = 502


class NotConfigured(HttpError):
    status = 503


class SharedAway(RplayError):
    """Redis is configured and does not answer."""


class DataFileError(RplayError):
    """A JSON data file cannot be read or has invalid content."""


class DatabaseError(RplayError):
    """The database refused a statement or is unavailable."""


class Duplicate(DatabaseError):
    """A unique constraint was violated."""


class Erased(DatabaseError):
    """The account to which a new row should belong was erased meanwhile."""


class AIError(RplayError):
    """An AI call failed. The text is for the log, never for a client."""

    def for_learner(self, usual: str) -> str:
        """Return the text for a learner: `usual`, unless they can do something about the error."""
        return usual


class AINotConfigured(AIError):
    """No provider is configured for this call."""


class AIUnavailable(AIError):
    """A connection error, timeout, 429 or 5xx. It counts for the provider's circuit breaker."""


class AIAsleep(AIUnavailable):
    """Our own model server did not respond in time, as it may still be loading its model."""

    def for_learner(self, usual: str) -> str:  # noqa: ARG002
        return "The AI model is slow to begin and may still be loading. Please send your message again in a minute."


class AIRefused(AIError):
    """A response of 400, 401, 403 or 404: a configuration error. It is not retried and does not count for the
    circuit breaker.
    """


class AITooLong(AIRefused):
    """The prompt does not fit into the model's context window."""


class AIFiltered(AIRefused):
    """The provider's content filter refused the talk or cut the answer. The settings are not at fault."""

    def for_learner(self, usual: str) -> str:  # noqa: ARG002
        return "The AI service's content filter refused this conversation. Please rephrase your last message."


class AIEmptyAnswer(AIError):
    """The model returned an empty answer."""


class AIBadAnswer(AIError):
    """The model's answer could not be parsed."""


class SpeechError(RplayError):
    """A voice failed. The text is for the log, never for a client."""


class RecognitionError(RplayError):
    """A recogniser failed. The text is for the log, never for a client."""
