"""The events of the socket, for its description: what each carries, and what its acknowledgement says."""

from dataclasses import dataclass
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from rplay.web.fields.training import ChatRequest
from rplay.web.shapes import Ended, Progress


class Acknowledged(TypedDict):
    """Sent exactly once; `error` says what is wrong where `success` is false."""

    success: bool
    error: NotRequired[str]


class Welcome(TypedDict):
    message: str
    socketId: str


class SpeechWish(TypedDict):
    """`text` has 4,000 characters at most, `speed` is 0.25 to 4."""

    text: str
    voice: NotRequired[str]
    speed: NotRequired[float]
    binary: NotRequired[bool]


class SpeechStart(TypedDict):
    text: str
    voice: str


class AudioChunk(TypedDict):
    """MP3, in base64 or, where `binary` was asked for, as bytes. `index` counts from 0 within a speech."""

    data: str | bytes
    index: int


class SpeechEnd(TypedDict):
    """`duration` in seconds."""

    totalBytes: int
    duration: float


class Trouble(TypedDict):
    message: str


class TalkOptions(TypedDict):
    """Beside the body of POST /api/chat/client-response."""

    id: NotRequired[str]
    speak: NotRequired[bool]
    voice: NotRequired[str]
    speed: NotRequired[float]
    binary: NotRequired[bool]


class Interruption(TypedDict):
    """What the learner had heard: the sentence being played, and how far into it."""

    id: str
    sentence: NotRequired[int]
    offsetMs: NotRequired[float]


class ReplyStart(TypedDict):
    id: str


class ReplyText(TypedDict):
    """To be put behind what came before."""

    id: str
    text: str


class ReplyAudio(TypedDict):
    """A piece of sentence `sentence`; `text` comes with index 0, as it stands in the message."""

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
    """`message` is the turn to keep; of a reply that was cut, what was heard of it (`source` is null where the model
    had not ended). Without `audio` nothing was spoken, or the voice failed."""

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
    """`sampleRate` is 8,000 to 96,000. `hold`: one turn, which `listen-end` ends; `free`: a pause ends each turn."""

    id: NotRequired[str]
    sampleRate: int
    mode: NotRequired[Literal["hold", "free"]]


class Heard(TypedDict):
    """All of a turn as far as it was understood; what comes next takes its place. With `final` the turn is over: the
    times are milliseconds since the listening began."""

    id: str
    text: str
    final: bool
    startMs: NotRequired[int]
    endMs: NotRequired[int]
    words: NotRequired[int]
    fillers: NotRequired[int]


class SpeechDetected(TypedDict):
    """`reply` is the reply that is being made, if one is."""

    id: str
    reply: str | None


class ListenError(TypedDict):
    """`id` is null where nobody is listened to."""

    id: str | None
    message: str


@dataclass(frozen=True)
class SocketEvent:
    """`payload` is None where there is none, or a tuple of types whose keys it has together."""

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
