"""The client's next line in pieces, with what is logged and kept of it: for streams and for the socket."""

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
    """Closing it ends every call upstream; `written` as `client.stream` has it."""
    asked = asked_of(body, user, body.api_key or None)
    try:
        found = client.stream(*asked.call, evaluate=parts().settings.enable_ai_evaluation, written=written)
    except AINotConfigured:
        raise BadRequest(NO_KEY, objectiveProgress=None) from None
    return logging_end(user, body, asked.keeping(found))
