"""The AI layer: four agents, the providers that run them, and the chain that decides who answers."""

from collections.abc import Sequence

from rplay.agents.chain import Chain
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.types import Provider
from rplay.config import Settings


def build_chain(settings: Settings, openai: OpenAIProvider, local: Provider | None) -> Chain:
    """The providers that AI_PROVIDERS names, in its order.

    By default OpenAI as soon as there is a key or a server of one's own; without either, and outside production, the
    local provider. A key may be stored while the server runs, so who is ready is decided at each call.
    """
    known: dict[str, Provider] = {"openai": openai} if local is None else {"openai": openai, "local": local}
    named = [known[name] for name in settings.ai_providers if name in known]
    providers = named if settings.ai_providers else list(known.values())

    def ready() -> Sequence[Provider]:
        asked = [one for one in providers if one is not openai or openai.configured]
        if settings.ai_providers:
            return asked
        return [openai] if openai.configured else [one for one in asked if not settings.production]

    return Chain(providers, ready)
