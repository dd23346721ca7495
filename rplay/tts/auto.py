"""A voice that uses a speech server, and falls back to the local voice."""

from datetime import date

import structlog

from rplay.errors import SpeechError
from rplay.model_end_dates import over
from rplay.tts.speaker import Audio, Speaker

log = structlog.get_logger()


class Auto:
    """OpenAI's voice, or that of a compatible server, with the local voice as a fallback.

    The local voice speaks if the server is not configured, if it does not begin to send audio, and from the `end` date
    of its model on.
    """

    def __init__(self, openai: Speaker, local: Speaker, end: date | None = None) -> None:
        self.openai = openai
        self.local = local
        self._end = end

    def configured(self) -> bool:
        return self._first().configured()

    def voices(self) -> frozenset[str]:
        return self._first().voices()

    def warm(self) -> None:
        self._first().warm()

    def stream(self, text: str, voice: str, speed: float) -> Audio:
        if self._first() is self.openai and self.local.configured():
            return self._with_fallback(text, voice, speed)
        return self._first().stream(text, voice, speed)

    def _first(self) -> Speaker:
        gone = over(self._end) and self.local.configured()
        return self.openai if self.openai.configured() and not gone else self.local

    def _with_fallback(self, text: str, voice: str, speed: float) -> Audio:
        audio = self.openai.stream(text, voice, speed)
        try:
            first = next(audio)
        except SpeechError as error:
            log.warning("speech_falls_back_to_local", reason=str(error))
            yield from self.local.stream(text, voice, speed)
        else:
            yield first
            yield from audio
