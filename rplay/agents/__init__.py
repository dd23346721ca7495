"""The AI layer: four agents, the providers that run them, and the chain that decides who answers."""

from collections.abc import Callable, Sequence

import structlog

from rplay.agents import meaning
from rplay.agents.chain import Chain
from rplay.agents.providers.azure import AzureProvider
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Provider, Purpose
from rplay.config import Settings

log = structlog.get_logger()


def openai_provider(settings: Settings, key: Callable[[], str | None]) -> OpenAIProvider:
    """OpenAI, or the server at OPENAI_BASE_URL; `key` gives the key of the moment."""
    effort: dict[Purpose, str] = {
        "simulationClient": settings.openai_effort_client,
        "expertGuidance": settings.openai_effort_expert,
        "objectiveProgress": settings.openai_effort_progress,
        "profileGeneration": settings.openai_effort_profile,
        "evaluation": settings.openai_effort_review,
    }
    said = {purpose: word for purpose, word in effort.items() if word != "default"}
    limits = Timeouts(first=settings.ai_first_token_seconds)
    return OpenAIProvider(key, settings.openai_base_url, settings.openai_model, limits, said)


def azure_provider(settings: Settings) -> AzureProvider | None:
    """The agents in Azure, where a project is set. Nothing is asked there before its `begin` or the first call."""
    wanted = not settings.ai_providers or "azure" in settings.ai_providers
    if settings.azure_ai_project_endpoint is None or not wanted:
        return None
    if settings.azure_ai_api_key:
        hint = "give the server an identity that DefaultAzureCredential finds, such as a managed one"
        log.warning("azure_api_key_unused", reason="a project admits no keys", hint=hint)
    model, prefix = settings.azure_ai_model_deployment_name, settings.azure_ai_agent_name_prefix
    return AzureProvider(settings.azure_ai_project_endpoint, model, prefix)


def build_chain(
    settings: Settings, openai: OpenAIProvider, local: Provider | None, azure: Provider | None = None
) -> Chain:
    """The providers that AI_PROVIDERS names, in its order.

    By default Azure where a project is set, then OpenAI as soon as there is a key or a server of one's own; without
    either, and outside production, the local provider. A key may be stored while the server runs, so who is ready is
    decided at each call.
    """
    meaning.allow(settings.local_meaning)
    found: dict[str, Provider | None] = {"azure": azure, "openai": openai, "local": local}
    known = {name: provider for name, provider in found.items() if provider is not None}
    named = [known[name] for name in settings.ai_providers if name in known]
    providers = named if settings.ai_providers else list(known.values())

    def ready() -> Sequence[Provider]:
        asked = [one for one in providers if one is not openai or openai.configured]
        if settings.ai_providers:
            return asked
        models = [one for one in asked if one is not local]
        return models or [one for one in asked if not settings.production]

    return Chain(providers, ready)
