"""Text to speech: which voice speaks."""

from collections.abc import Callable
from datetime import date

import structlog
from pydantic import SecretStr

from rplay.config import Settings
from rplay.errors import SpeechError
from rplay.model_end_dates import end_of, over, voice_ending
from rplay.tts.local import LocalSpeaker
from rplay.tts.openai import OpenAISpeaker
from rplay.tts.speaker import Audio, Speaker, SpeechRefused

__all__ = ["Audio", "Auto", "Speaker", "SpeechRefused", "choose"]

log = structlog.get_logger()


class Auto:
    """OpenAI's voice, or that of a server of one's own, when it can be asked, else the local one.

    The local one too when the other does not begin, and from the `end` of its model on.
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


def choose(settings: Settings, stored_key: Callable[[], str | None]) -> Speaker:
    """The voice that TTS_PROVIDER names; without TTS_API_KEY it speaks with the key stored at that moment."""

    def key() -> str | None:
        return _text(settings.tts_api_key) or stored_key() or _text(settings.openai_api_key)

    base_url = settings.tts_base_url or settings.openai_base_url
    keyless = settings.tts_base_url is not None
    openai = OpenAISpeaker(base_url, settings.openai_tts_model, key, settings.tts_voices, keyless)
    if settings.tts_provider == "local":
        return LocalSpeaker()
    if warning := openai.configured() and voice_ending(settings.openai_tts_model, base_url):
        log.warning("voice_model_ends", reason=warning)
    if settings.tts_provider == "openai":
        return openai
    return Auto(openai, LocalSpeaker(), end_of(settings.openai_tts_model, base_url))


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
