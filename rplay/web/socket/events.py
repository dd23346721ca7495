"""The socket's events for the AsyncAPI document: what each one carries, and what its acknowledgement says."""

from dataclasses import dataclass
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from rplay.web.fields.training import ChatRequest
from rplay.web.shapes import Ended, Progress


class Acknowledged(TypedDict):
    """The acknowledgement of an event, sent exactly once. `error` says why `success` is false."""

    success: bool
    error: NotRequired[str]


class Welcome(TypedDict):
    message: str
    socketId: str


class SpeechWish(TypedDict):
    """A text to be spoken. `text` has 4,000 characters at most, `speed` is 0.25 to 4."""

    text: str
    voice: NotRequired[str]
    speed: NotRequired[float]
    binary: NotRequired[bool]


class SpeechStart(TypedDict):
    text: str
    voice: str


class AudioChunk(TypedDict):
    """A piece of MP3, as base64 or, if `binary` was requested, as bytes. `index` counts from 0 within a speech."""

    data: str | bytes
    index: int


class SpeechEnd(TypedDict):
    """The end of a speech; `duration` is in seconds."""

    totalBytes: int
    duration: float


class Trouble(TypedDict):
    message: str


class TalkOptions(TypedDict):
    """Options of a talk event, beside the body of POST /api/chat/client-response."""

    id: NotRequired[str]
    speak: NotRequired[bool]
    voice: NotRequired[str]
    speed: NotRequired[float]
    binary: NotRequired[bool]


class Interruption(TypedDict):
    """What the learner had heard before interrupting: the sentence that was playing, and how far into it."""

    id: str
    sentence: NotRequired[int]
    offsetMs: NotRequired[float]


class ReplyStart(TypedDict):
    id: str


class ReplyText(TypedDict):
    """The next piece of text, to be appended to the earlier ones."""

    id: str
    text: str


class ReplyAudio(TypedDict):
    """A piece of the audio of sentence `sentence`. `text` comes with index 0, as it stands in the message."""

    id: str
    sentence: int
    index: int
    data: str | bytes
    text: NotRequired[str]


class SpokenAudio(TypedDict):
    sentences: int
    totalBytes: int
    duration: float
    firstAudioMs: float


class ReplyEnd(TypedDict):
    """The end of a reply. `message` is the turn to keep: of an interrupted reply, the part that was heard.

    `source` is null if the model had not finished. `audio` is null if nothing was spoken or the voice failed.
    """

    id: str
    message: str
    objectiveProgress: Progress | None
    source: str | None
    cut: bool
    ended: NotRequired[Ended]
    audio: SpokenAudio | None


class ReplyError(TypedDict):
    id: str
    message: str


class ListenStart(TypedDict):
    """Start of speech recognition. `sampleRate` is 8,000 to 96,000. In mode `hold` one turn lasts until `listen-end`;
    in mode `free` a pause ends each turn.
    """

    id: NotRequired[str]
    sampleRate: int
    mode: NotRequired[Literal["hold", "free"]]


class Heard(TypedDict):
    """The whole text of a turn as recognised so far; each event replaces the one before. With `final` the turn is
    over; times are in milliseconds since listening began.
    """

    id: str
    text: str
    final: bool
    startMs: NotRequired[int]
    endMs: NotRequired[int]
    words: NotRequired[int]
    fillers: NotRequired[int]


class SpeechDetected(TypedDict):
    """The learner began to speak. `reply` is the id of the reply in progress, or null."""

    id: str
    reply: str | None


class ListenError(TypedDict):
    """An error of speech recognition. `id` is null if no recognition is running."""

    id: str | None
    message: str


@dataclass(frozen=True)
class SocketEvent:
    """An event. `payload` is None, a type, or a tuple of types whose keys it combines."""

    about: str
    payload: Any = None
    acknowledged: bool = False


FROM_CLIENT = {
    "generate-speech": SocketEvent("Speak a text; the pieces follow.", SpeechWish, acknowledged=True),
    "stop-speech": SocketEvent("Stop the speech, or the audio of a reply."),
    "talk": SocketEvent(
        "Ask for the client's next line, written and spoken as it is made; needs a session.",
        (TalkOptions, ChatRequest),
        acknowledged=True,
    ),
    "interrupt": SocketEvent("Stop a reply in the middle.", Interruption, acknowledged=True),
    "listen-start": SocketEvent("Listen to the learner; needs a session.", ListenStart, acknowledged=True),
    "listen-audio": SocketEvent("What the learner says: 16 bits, one channel; at most 64 KiB.", bytes),
    "listen-end": SocketEvent("The learner has ended; acknowledged behind the last words.", acknowledged=True),
}
FROM_SERVER = {
    "tts-connected": SocketEvent("The connection is let in.", Welcome),
    "speech-start": SocketEvent("A speech begins.", SpeechStart),
    "audio-chunk": SocketEvent("A piece of a speech.", AudioChunk),
    "speech-end": SocketEvent("A speech is over.", SpeechEnd),
    "tts-error": SocketEvent("A speech failed, or was not begun.", Trouble),
    "reply-start": SocketEvent("The client begins to answer.", ReplyStart),
    "reply-text": SocketEvent("Words of the reply.", ReplyText),
    "reply-audio": SocketEvent("Sound of the reply.", ReplyAudio),
    "reply-end": SocketEvent("The reply is over.", ReplyEnd),
    "reply-error": SocketEvent("The reply failed, or was not begun; no `reply-end` follows.", ReplyError),
    "heard": SocketEvent("What was understood of a turn.", Heard),
    "speech-detected": SocketEvent("Somebody begins to speak, where listening is free.", SpeechDetected),
    "listen-error": SocketEvent("The listening is over, or was not begun.", ListenError),
}
