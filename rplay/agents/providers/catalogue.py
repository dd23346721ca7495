"""All AI providers, described without creating one: their SDKs take seconds of processor to import."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from rplay.agents import meaning
from rplay.agents.providers import offers
from rplay.agents.providers.offers import Models
from rplay.agents.types import Provider, Purpose, ReviewCalls
from rplay.config import Settings
from rplay.connections import Beside
from rplay.model_end_dates import OPENAI
from rplay.values import masked_address

if TYPE_CHECKING:
    from rplay.agents.providers.azure import AzureProvider
    from rplay.agents.providers.openai import OpenAIProvider
    from rplay.agents.providers.rehearsal import RehearsalProvider

log = structlog.get_logger()

Key = Callable[[], str | None]


@dataclass(frozen=True)
class Kind:
    """One AI provider.

    `name` is its name in AI_PROVIDERS. `make` creates it, or returns None if it should not be asked. `shown` is the
    text for the screen of `rplay serve`; `is_set` says whether the settings suffice to ask it, and `lacks` what is
    missing if not. A provider that is no model is used only if no model is set. A model runs on `server`, and `offers`
    lists that server's models.
    """

    name: str
    make: Callable[[Settings, Key, Beside], Provider | None]
    shown: Callable[[Settings], str]
    is_set: Callable[[Settings], bool] = lambda _: True
    lacks: str = ""
    is_model: bool = True
    model: Callable[[Settings], str] = lambda _: ""
    server: Callable[[Settings], str] = lambda _: ""
    offers: Callable[[Settings], Models] = lambda _: {}


def made(settings: Settings, key: Key, beside: Beside) -> dict[str, Provider]:
    """Return the providers that may be asked, by name. `key` returns the current OpenAI key."""
    every = {kind.name: kind.make(settings, key, beside) for kind in PROVIDERS}
    return {name: provider for name, provider in every.items() if provider is not None}


def openai_provider(settings: Settings, key: Key, beside: Beside) -> "OpenAIProvider":
    from rplay.agents.providers.openai import OpenAIProvider
    from rplay.agents.providers.policy import Timeouts

    effort: dict[Purpose, str] = {
        "simulationClient": settings.openai_effort_client,
        "expertGuidance": settings.openai_effort_expert,
        "objectiveProgress": settings.openai_effort_progress,
        "profileGeneration": settings.openai_effort_profile,
        "evaluation": settings.openai_effort_review,
    }
    said = {purpose: word for purpose, word in effort.items() if word != "default"}
    if settings.openai_api_key or settings.openai_base_url:
        import openai  # noqa: F401  imported now, so that the first learner does not wait for it
    limits = Timeouts(first=settings.ai_first_token_seconds)
    calls = settings.review_calls or _usual_review_calls(settings.openai_base_url)
    return OpenAIProvider(key, settings.openai_base_url, settings.openai_model, limits, said, beside, calls)


def _usual_review_calls(base_url: str | None) -> ReviewCalls:
    """Return how this server is asked for a review.

    A server of one's own may take one call at a time: six calls that wait for one another are no faster than one.
    """
    own = base_url is not None and urlsplit(base_url).hostname != urlsplit(OPENAI).hostname
    return "one" if own else "per-competency"


def azure_provider(settings: Settings, beside: Beside) -> "AzureProvider | None":
    """Return the provider for Azure; None if no project is set or AI_PROVIDERS leaves Azure out.

    Nothing is sent to Azure before `initialize` or the first call.
    """
    wanted = not settings.ai_providers or "azure" in settings.ai_providers
    if settings.azure_ai_project_endpoint is None or not wanted:
        return None
    from rplay.agents.providers.azure import AzureProvider

    if settings.azure_ai_api_key:
        hint = "give the server an identity that DefaultAzureCredential finds, such as a managed one"
        log.warning("azure_api_key_unused", reason="a project admits no keys", hint=hint)
    model, prefix = settings.azure_ai_model_deployment_name, settings.azure_ai_agent_name_prefix
    calls = settings.review_calls or "per-competency"
    return AzureProvider(settings.azure_ai_project_endpoint, model, prefix, beside=beside, review_calls=calls)


def rehearsal_provider(settings: Settings) -> "RehearsalProvider":
    from rplay.agents.providers.rehearsal import RehearsalProvider

    return RehearsalProvider(settings.local_typing)


def _openai_server(settings: Settings) -> str:
    return settings.openai_base_url or OPENAI


def _openai_shown(settings: Settings) -> str:
    if settings.openai_base_url:
        return f"{settings.openai_model} at {masked_address(settings.openai_base_url)} (from OPENAI_BASE_URL)"
    return f"{settings.openai_model} at OpenAI (OPENAI_API_KEY is set)"


def _rehearsal_shown(settings: Settings) -> str:
    why = "as AI_PROVIDERS names it" if settings.ai_providers else "as no model is configured"
    return f"rehearsal, a client made of rules ({why}){_by_words(settings)}"


def _by_words(settings: Settings) -> str:
    """Return a hint that the rehearsal understands by words alone; an empty text if it understands by meaning."""
    if not settings.local_meaning:
        return "; by words alone, as LOCAL_MEANING is false"
    return "" if meaning.installed() else "; by words alone, as neither extra `voice` nor `local` is installed"


# In the order in which they are asked if AI_PROVIDERS is not set.
PROVIDERS = (
    Kind(
        "azure",
        make=lambda settings, _, beside: azure_provider(settings, beside),
        shown=lambda settings: f"{settings.azure_ai_model_deployment_name} in Azure (AZURE_AI_PROJECT_ENDPOINT is set)",
        is_set=lambda settings: bool(settings.azure_ai_project_endpoint),
        lacks="AZURE_AI_PROJECT_ENDPOINT is not set",
        model=lambda settings: settings.azure_ai_model_deployment_name,
        server=lambda settings: settings.azure_ai_project_endpoint or "",
        offers=lambda settings: offers.deployments(settings.azure_ai_project_endpoint or ""),
    ),
    Kind(
        "openai",
        make=openai_provider,
        shown=_openai_shown,
        is_set=lambda settings: bool(settings.openai_api_key or settings.openai_base_url),
        lacks="there is neither OPENAI_API_KEY nor OPENAI_BASE_URL",
        model=lambda settings: settings.openai_model,
        server=_openai_server,
        offers=lambda settings: offers.offered(_openai_server(settings), settings.openai_api_key),
    ),
    Kind("local", make=lambda settings, *_: rehearsal_provider(settings), shown=_rehearsal_shown, is_model=False),
)
