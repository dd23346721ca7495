"""The replies on one connection: at most one at a time, which can be interrupted."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog

from rplay.agents.client import TROUBLE, Event
from rplay.errors import DatabaseError, HttpError, SharedAway
from rplay.tts.session import Ack, Emit
from rplay.tts.speaker import Speaker, SpeechRefused
from rplay.web.failures import AWAY
from rplay.web.socket.reply import Reply
from rplay.web.socket.wishes import heard_of, id_of, talk_of

log = structlog.get_logger()

UNDER_WAY = "A reply is already in progress"
SPEAKING = "Speech already in progress"

Ask = Callable[[dict[str, Any], bool, Callable[[], None]], Iterator[Event]]


class Talker:
    """Runs the replies of one connection.

    `ask` returns the events of a reply, or raises an HttpError with a text for the client. `busy` returns True if
    another speech is playing. `told` is called with the outcome of each spoken reply and the milliseconds until its
    first audio.
    """

    def __init__(
        self,
        speaker: Speaker,
        emit: Emit,
        has_room: Callable[[], bool],
        ask: Ask,
        busy: Callable[[], bool],
        told: Callable[[str, float | None], None],
    ) -> None:
        self._speaker, self._emit, self._has_room = speaker, emit, has_room
        self._ask, self._busy, self._told = ask, busy, told
        self._reply: Reply | None = None
        self._closed = False

    @property
    def reply(self) -> Reply | None:
        return self._reply

    @property
    def reply_id(self) -> str | None:
        return self._reply.id if self._reply is not None else None

    @property
    def speaking(self) -> bool:
        return self._reply is not None and self._reply.speaking

    def talk(self, payload: object) -> Ack:
        """Produce a reply. Return the acknowledgement when all of it was sent: exactly once, whatever happens."""
        given = payload if isinstance(payload, dict) else {}
        name = id_of(payload)
        try:
            wish = talk_of({**given, "id": name}, self._speaker.voices())
        except SpeechRefused as refusal:
            return self._refuse(name, str(refusal))
        if self._reply is not None:
            return self._refuse(name, UNDER_WAY)
        if wish.speak and self._busy():
            return self._refuse(name, SPEAKING)
        # This assignment must not wait: an event right behind this one must find the reply.
        reply = self._reply = Reply(wish, self._send, self._has_room)
        try:
            return self._run(reply, given, wish.speak)
        finally:
            self._reply = None

    def interrupt(self, payload: object) -> Ack:
        given = payload if isinstance(payload, dict) else {}
        if self._reply is None or given.get("id") != self._reply.id:
            return {"success": False, "error": "No such reply is in progress"}
        self._reply.interrupt(heard_of(given))
        return {"success": True}

    def stop_audio(self) -> None:
        if self._reply is not None:
            self._reply.stop_audio()

    def end(self, text: str) -> None:
        """Abort the reply, as the server is shutting down."""
        if self._reply is not None:
            self._reply.fail(text)

    def close(self) -> None:
        """Abort the reply, as the learner has disconnected."""
        self._closed = True
        if self._reply is not None:
            self._reply.close()

    def _run(self, reply: Reply, given: dict[str, Any], spoken: bool) -> Ack:
        try:
            events = self._ask(given, spoken, reply.written)
        except Exception as error:
            return self._refuse(reply.id, text_of(error))
        outcome = "failed"
        try:
            reply.run(events, self._speaker)
            outcome = "failed" if reply.error else "stopped" if reply.cut else "done"
        except Exception:
            log.exception("reply_crashed")
            return self._refuse(reply.id, TROUBLE)
        finally:
            reply.log(outcome)
            if spoken:
                self._told(outcome, reply.first_audio_ms)
        return {"success": False, "error": reply.error} if reply.error else {"success": True}

    def _refuse(self, name: str, text: str) -> Ack:
        self._send("reply-error", {"id": name, "message": text})
        return {"success": False, "error": text}

    def _send(self, event: str, data: dict[str, Any]) -> None:
        if not self._closed:
            self._emit(event, data)


def text_of(error: Exception) -> str:
    """Return the text for the client about an error that occurred before the model was asked."""
    if isinstance(error, HttpError):
        return error.text
    if isinstance(error, SharedAway):
        return AWAY
    log.error("reply_failed", exc_info=None if isinstance(error, DatabaseError) else error)
    return "Internal server error"
