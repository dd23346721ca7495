"""Finds problems in the settings, for operators."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from rplay.agents import meaning
from rplay.agents.providers.catalogue import PROVIDERS
from rplay.commands.opening import settings
from rplay.config import ENV_FILE, Settings, read_env
from rplay.errors import StartError
from rplay.server.database import given
from rplay.server.demo import ACCOUNTS
from rplay.server.doubts import doubts
from rplay.server.exposure import dangers, is_reachable
from rplay.stt import catalogue as recognisers
from rplay.tts import catalogue as voices
from rplay.values import masked_address


@dataclass(frozen=True)
class Finding:
    """A problem. With `failed` the server does not start, or cannot do what the setting asks for."""

    state: Literal["failed", "warning"]
    text: str


def findings() -> list[Finding]:
    try:
        here = settings()
        given(here)
    except StartError as error:
        problems = [Finding("failed", line) for line in str(error).splitlines()]
        with suppress(StartError):  # the error that .env cannot be read was already reported
            problems += [Finding("warning", text) for text in _unknown()]
        return problems
    failed = [Finding("failed", text) for text in _impossible(here)]
    return failed + [Finding("warning", text) for text in (*_unknown(), *_doubtful(here))]


def _unknown() -> Iterator[str]:
    """Yield names in .env that no setting has, as they may be misspelt. The environment is not checked, as it holds
    variables of other programs.
    """
    known = {name.upper() for name in Settings.model_fields}
    for name in read_env(ENV_FILE):
        if name not in known and name.removesuffix("_FILE") not in known:
            yield f"{ENV_FILE} sets {name}, which is no setting of rplay: .env.sample lists them."


def _impossible(settings: Settings) -> Iterator[str]:
    for voice in voices.allowed(settings):
        if settings.tts_provider == voice.name and not voice.is_set(settings):
            yield f"TTS_PROVIDER is {voice.name} and {voice.lacks}: {voice.remedy}."
    if settings.stt_provider in ("openai", "local") and not recognisers.recognising(settings):
        lacks = recognisers.described(settings).removeprefix("none: ")
        yield f"{lacks}: {recognisers.remedy(settings)}."
    for kind in PROVIDERS:
        if kind.name in settings.ai_providers and not kind.is_set(settings):
            yield f"AI_PROVIDERS names {kind.name} and {kind.lacks}."


def _rehearses(settings: Settings) -> bool:
    """Return True if learners may talk with the rehearsal's client."""
    model = any(kind.is_set(settings) for kind in PROVIDERS if kind.is_model)
    return "local" in settings.ai_providers or not (settings.ai_providers or settings.production or model)


def _doubtful(settings: Settings) -> Iterator[str]:
    yield from _exposed(settings)
    yield from doubts(settings)
    if settings.local_meaning and not meaning.installed() and _rehearses(settings):
        yield "LOCAL_MEANING is true, and neither extra `voice` nor `local` is installed: the rehearsal goes by words."
    if not settings.production:
        return
    if settings.database_url is None:
        yield "DATABASE_URL is not set: the embedded database is for a first look, not for production."
    if not (settings.openai_api_key or settings.openai_base_url or settings.azure_ai_project_endpoint):
        yield "No model is configured, and without one nobody plays the client in production."
    if "localhost" in settings.app_url:
        yield f"APP_URL is {masked_address(settings.app_url)}: links in mails lead nowhere for others."
    if not settings.email_host:
        yield "EMAIL_HOST is not set: whoever forgets their password gets no mail."
    if settings.legacy_frontend:
        yield "LEGACY_FRONTEND is on: some calls, to the AI too, are served without signing in (README.md)."
    if not settings.rate_limit_enabled:
        yield "RATE_LIMIT_ENABLED is false: nobody's tries at a password are counted."
    if settings.bcrypt_cost < 10:
        yield f"BCRYPT_COST is {settings.bcrypt_cost}: hashes that weak are quickly tried out; 10 or more is usual."


def _exposed(settings: Settings) -> Iterator[str]:
    """Yield dangers of being reachable from other machines. This does not query the database."""
    if is_reachable(settings.host) and settings.database_url is None and not settings.production:
        emails = " and ".join(email for _, email, _, _ in ACCOUNTS)
        yield (
            f"HOST is {settings.host}, and whoever has read the README signs in as {emails}: the embedded database has"
            " them until you delete them or give them other passwords."
        )
    yield from dangers(settings, settings.host, [])
