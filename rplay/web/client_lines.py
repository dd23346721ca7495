"""The client's next reply as a stream of events, with logging and storage, for both server-sent events and
the socket.
"""

from collections.abc import Callable, Iterator

from rplay.agents import client
from rplay.agents.client import Event
from rplay.db.sessions import SignedIn
from rplay.errors import AINotConfigured, BadRequest
from rplay.web.fields.training import ChatRequest
from rplay.web.memories import asked_of
from rplay.web.parts import parts
from rplay.web.talk_ends import logging_end

NO_KEY = "OpenAI API key is missing. Please configure it in the API Settings page."


def events(user: SignedIn, body: ChatRequest, written: Callable[[], None] | None = None) -> Iterator[Event]:
    """Return the events of the client's reply. Closing the iterator ends all calls to providers. `written` is passed
    on to `client.stream`.
    """
    asked = asked_of(body, user, body.api_key or None)
    try:
        found = client.stream(*asked.call, evaluate=parts().settings.enable_ai_evaluation, written=written)
    except AINotConfigured:
        raise BadRequest(NO_KEY, objectiveProgress=None) from None
    return logging_end(user, body, asked.keeping(found))
