"""The voice of any server that implements OpenAI's /v1/audio/speech."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import cached_property
from math import inf
from typing import TypeVar

import gevent
import httpx2
import orjson

from rplay.connections import Beside, Connections
from rplay.errors import SpeechError
from rplay.model_end_dates import OPENAI
from rplay.tts.speaker import VOICES, Audio, not_configured

MORE_VOICES = frozenset({"ash", "ballad", "cedar", "coral", "marin", "sage", "verse"})

# Time limits in seconds: to connect, until the first audio, and between two pieces of it.
CONNECT_SECONDS, FIRST_BYTE_SECONDS, SILENCE_SECONDS = 3.0, 20.0, 15.0
SPEECH = {"Accept": "application/octet-stream", "Content-Type": "application/json"}
LARGEST_BYTES = 32 * 2**20  # bytes; the longest text at a quarter of the normal speed is about 20 MB

TOLD_BY = 4  # bytes needed to recognise MP3
BEGINNINGS = {b"RIFF": "WAV", b"OggS": "Ogg", b"fLaC": "FLAC", b"{": "JSON", b"<": "HTML or XML"}

T = TypeVar("T")


class OpenAISpeaker:
    """A voice on a server. The key is looked up at each call, as an admin may store another one while the server runs.

    `voices` maps VOICES to the server's own names. With `keyless` the server may be called without a key.
    """

    def __init__(
        self,
        base_url: str | None,
        model: str,
        key: Callable[[], str | None],
        voices: Mapping[str, str] | None = None,
        keyless: bool = False,
        beside: Beside = gevent.spawn,
    ) -> None:
        self.base_url = base_url or OPENAI
        self.model = model
        self._key = key
        self._names = voices or {}
        self._keyless = keyless
        self._beside = beside

    def configured(self) -> bool:
        return self._keyless or bool(self._key())

    def voices(self) -> frozenset[str]:
        return MORE_VOICES.union(self._names.values())

    def warm(self) -> None:
        self._client  # noqa: B018

    def stream(self, text: str, voice: str, speed: float) -> Audio:
        key = self._key() or ("none" if self._keyless else None)
        if not key:
            raise not_configured()
        asked = {"model": self.model, "input": text, "voice": self._named(voice), "speed": speed}
        return _play(lambda: self._ask(key, asked | {"response_format": "mp3"}))

    def _ask(self, key: str, asked: dict[str, object]) -> httpx2.Response:
        try:
            headers = {"Authorization": f"Bearer {key}"}
            request = self._client.build_request("POST", self._address, content=orjson.dumps(asked), headers=headers)
            return self._client.send(request, stream=True)
        except (httpx2.HTTPError, ValueError):  # ValueError for a key that cannot be sent in a header
            raise SpeechError("the voice server could not be reached") from None

    def _named(self, voice: str) -> str:
        """Return the server's name for a voice. Unknown voices become alloy. Only OpenAI knows the newer voices."""
        own = VOICES.union(self._names.values())
        known = voice if voice in (own | MORE_VOICES if self.base_url == OPENAI else own) else "alloy"
        return self._names.get(known, known)

    @cached_property
    def _address(self) -> httpx2.URL:
        return httpx2.URL(f"{self.base_url.rstrip('/')}/audio/speech")

    @cached_property
    def _client(self) -> httpx2.Client:
        """The HTTP client for all calls; the key is added to each call.

        Its headers are those of OpenAI's SDK, which reads the environment variables for an organisation. A call through
        the SDK itself took 2.5 ms of CPU, this way it takes 0.6.
        """
        from openai import OpenAI  # importing this takes 0.3 s

        told = OpenAI(api_key="none", base_url=self.base_url).default_headers
        headers = {name: text for name, text in told.items() if isinstance(text, str)} | SPEECH
        limits = httpx2.Timeout(FIRST_BYTE_SECONDS, connect=CONNECT_SECONDS)
        connections = Connections(self.base_url, self._beside, longest=inf, most=inf)
        return httpx2.Client(headers=headers, timeout=limits, transport=connections, follow_redirects=True)


def _play(ask: Callable[[], httpx2.Response]) -> Audio:
    """Yield the audio of one call. Errors describe what happened without quoting the server."""
    try:
        with ExitStack() as stack:
            chunks, chunk = _within(FIRST_BYTE_SECONDS, lambda: _begin(stack.enter_context(closing(ask()))))
            heard = 0
            while chunk:
                heard += len(chunk)
                if heard > LARGEST_BYTES:
                    raise SpeechError("the voice server does not end")
                yield chunk
                chunk = _within(SILENCE_SECONDS, lambda: next(chunks, b""))
    except (httpx2.HTTPError, httpx2.StreamError):
        raise SpeechError("the voice server broke off") from None


def _begin(answer: httpx2.Response) -> tuple[Iterator[bytes], bytes]:
    """Return an iterator over the response's pieces, and the first piece."""
    if not answer.is_success:
        raise SpeechError(f"the voice server answered {answer.status_code}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind.endswith(("/json", "+json")):
        raise SpeechError(f"the voice server answered with {kind} instead of audio")
    chunks = answer.iter_raw()  # Connections refuses compressed responses
    first = b""
    while len(first) < TOLD_BY and (chunk := next(chunks, b"")):
        first += chunk
    if not first:
        raise SpeechError("the voice server sent no audio")
    if not is_mp3(first):
        raise SpeechError(f"the voice server sent {sound_of(first)} instead of MP3")
    return chunks, first


def is_mp3(audio: bytes) -> bool:
    """Return True if the audio begins with ID3 tags or an MPEG layer III frame. AAC begins similarly but without
    the layer.
    """
    frame = len(audio) > 1 and audio[0] == 0xFF and audio[1] & 0xE0 == 0xE0 and audio[1] & 0x06 == 0x02
    return audio.startswith(b"ID3") or frame


def sound_of(audio: bytes) -> str:
    """Name the format of the audio by its first bytes."""
    return next((name for begin, name in BEGINNINGS.items() if audio.startswith(begin)), "something unknown")


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Return the result of `work`. Raise SpeechError after this many seconds; outside gevent the client's own limit
    applies.
    """
    limit = gevent.Timeout(seconds)
    try:
        with limit:
            return work()
    except gevent.Timeout as late:
        if late is not limit:
            raise
        raise SpeechError(f"the voice server sent nothing for {seconds:g} s") from None
