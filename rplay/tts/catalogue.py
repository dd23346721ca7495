"""The catalogue of voices. It describes them without creating one, as their SDKs take a second of CPU to load."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog
from pydantic import SecretStr

from rplay.config import Settings
from rplay.model_end_dates import OPENAI, end_of, over, voice_ending
from rplay.tts.auto import Auto
from rplay.tts.speaker import Speaker

log = structlog.get_logger()

Key = Callable[[], str | None]


@dataclass(frozen=True)
class Kind:
    """Describes a kind of voice.

    `name` is its value in TTS_PROVIDER. `is_set` says whether the settings suffice for it to speak, `lacks` what is
    missing otherwise, and `remedy` what to do about it. `shown` describes it for the start screen and `rplay health`,
    with its configured address. For a model on a server, `model`, `server` and `key` are set too, with which `rplay
    models` queries the server.
    """

    name: str
    make: Callable[[Settings, Key], Speaker]
    is_set: Callable[[Settings], bool]
    lacks: str
    remedy: str
    shown: Callable[[Settings], str]
    model: Callable[[Settings], str] = lambda _: ""
    server: Callable[[Settings], str] = lambda _: ""
    key: Callable[[Settings], SecretStr | None] = lambda _: None


def choose(settings: Settings, stored_key: Key) -> Speaker:
    """Create the voice named by TTS_PROVIDER. Without TTS_API_KEY it uses the key that is stored when it speaks."""
    kinds = allowed(settings)
    speakers = [kind.make(settings, stored_key) for kind in kinds]
    for kind, speaker in zip(kinds, speakers, strict=True):
        if speaker.configured() and (warning := ending(kind, settings)):
            log.warning("voice_model_ends", reason=warning)
    if settings.tts_provider != "auto":
        return speakers[0]
    return Auto(speakers[0], speakers[1], _end(kinds[0], settings))


def allowed(settings: Settings) -> tuple[Kind, ...]:
    """Return the voice named by TTS_PROVIDER; for `auto` those in AUTO."""
    names = AUTO if settings.tts_provider == "auto" else (settings.tts_provider,)
    return tuple(kind for name in names for kind in KINDS if kind.name == name)


def speaking(settings: Settings) -> list[Kind]:
    """Return the allowed voices that can speak with these settings, in order. A voice whose model has ended comes
    after the others.
    """
    ready = [kind for kind in allowed(settings) if kind.is_set(settings)]
    return sorted(ready, key=lambda kind: over(_end(kind, settings)))


def described(settings: Settings) -> str:
    """Describe which voice speaks and why, or why none does."""
    kinds = speaking(settings)
    if not kinds:
        lacks = " and ".join(kind.lacks for kind in allowed(settings))
        return f"none: TTS_PROVIDER is {settings.tts_provider} and {lacks}"
    if any(over(_end(kind, settings)) for kind in kinds[1:]):
        return f"{kinds[0].shown(settings)}, as the model of the other has ended"
    return ", else ".join(kind.shown(settings) for kind in kinds)


def ending(kind: Kind, settings: Settings) -> str | None:
    """Return a sentence if the configured model has an announced end date that is near or past, else None."""
    return voice_ending(kind.model(settings), kind.server(settings)) if kind.model(settings) else None


def _end(kind: Kind, settings: Settings) -> date | None:
    return end_of(kind.model(settings), kind.server(settings)) if kind.model(settings) else None


def _openai(settings: Settings, stored_key: Key) -> Speaker:
    from rplay.tts.openai import OpenAISpeaker

    def key() -> str | None:
        return _text(settings.tts_api_key) or stored_key() or _text(settings.openai_api_key)

    keyless = settings.tts_base_url is not None
    return OpenAISpeaker(_server(settings), settings.openai_tts_model, key, settings.tts_voices, keyless)


def _openai_is_set(settings: Settings) -> bool:
    return bool(settings.tts_api_key or settings.openai_api_key or settings.tts_base_url)


def _openai_shown(settings: Settings) -> str:
    server = settings.tts_base_url or settings.openai_base_url or "OpenAI"
    why = "a key is set" if settings.tts_api_key or settings.openai_api_key else "TTS_BASE_URL is set"
    return f"{settings.openai_tts_model} at {server} ({why})"


def _server(settings: Settings) -> str:
    return settings.tts_base_url or settings.openai_base_url or OPENAI


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _local_is_set(_settings: Settings) -> bool:
    from rplay.tts.local import installed

    return installed()


def _local(_settings: Settings, _stored_key: Key) -> Speaker:
    from rplay.tts.local import LocalSpeaker

    return LocalSpeaker()


def _local_shown(settings: Settings) -> str:
    if settings.tts_provider == "local":
        return "the local voice (TTS_PROVIDER names it)"
    return "the local voice" if _openai_is_set(settings) else "the local voice (no key is set)"


AUTO = ("openai", "local")  # the first one speaks, the second is its fallback
KINDS = (
    Kind(
        "openai",
        make=_openai,
        is_set=_openai_is_set,
        lacks="there is no key",
        remedy="set TTS_API_KEY, OPENAI_API_KEY or TTS_BASE_URL",
        shown=_openai_shown,
        model=lambda settings: settings.openai_tts_model,
        server=_server,
        key=lambda settings: settings.tts_api_key or settings.openai_api_key,
    ),
    Kind(
        "local",
        make=_local,
        is_set=_local_is_set,
        lacks="the extra `voice` is not installed",
        remedy="install the extra `voice`",
        shown=_local_shown,
    ),
)
