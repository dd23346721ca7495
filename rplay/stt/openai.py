"""The recogniser of any server that implements OpenAI's /v1/audio/transcriptions."""

import io
import wave
from collections.abc import Callable
from functools import cached_property

import gevent
from openai import APIStatusError, OpenAI, OpenAIError, Timeout

from rplay.errors import RecognitionError
from rplay.stt.recogniser import RATE, Samples, Transcript
from rplay.values import storable

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 30.0
LONGEST = 10_000  # characters of a response; two minutes of speech have 3,000


class OpenAIRecogniser:
    """A recogniser on a server. The key is looked up at each call, as an admin may store another one while the server
    runs.

    With `keyless` the server may be called without a key.
    """

    name = "openai"

    def __init__(self, base_url: str, model: str, key: Callable[[], str | None], keyless: bool = False) -> None:
        self._base_url, self._model, self._key, self._keyless = base_url, model, key, keyless

    def configured(self) -> bool:
        return self._keyless or bool(self._key())

    def warm(self) -> None:
        self._client  # noqa: B018

    def transcribe(self, samples: Samples) -> Transcript:
        """Return the words of a phrase. Errors describe what happened without quoting the server."""
        limit = gevent.Timeout(ANSWER_SECONDS)
        asking = self._client.with_options(api_key=self._key() or "none").audio.transcriptions
        try:
            with limit:
                said: object = asking.create(
                    model=self._model, file=("speech.wav", wav_of(samples), "audio/wav"), response_format="json"
                )
        except gevent.Timeout as late:
            if late is not limit:
                raise
            raise RecognitionError(f"the recogniser said nothing for {ANSWER_SECONDS:g} s") from None
        except APIStatusError as error:
            raise RecognitionError(f"the recogniser answered {error.status_code}") from None
        except (OpenAIError, ValueError):
            raise RecognitionError("the recogniser could not be reached, or its answer not be read") from None
        return _read(said)

    @cached_property
    def _client(self) -> OpenAI:
        """The client for all calls, as creating one takes 120 to 220 ms of CPU. The key is added to each call."""
        limits = Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        return OpenAI(api_key="none", base_url=self._base_url, timeout=limits, max_retries=0)


def _read(said: object) -> Transcript:
    text = getattr(said, "text", None)
    if not isinstance(text, str):
        raise RecognitionError("the recogniser answered without a text")
    language = getattr(said, "language", None)
    return Transcript(storable(text.strip()[:LONGEST]), language if isinstance(language, str) else None)


def wav_of(samples: Samples) -> bytes:
    """Return the samples as a WAV file with 16 bits and one channel."""
    import numpy

    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()
