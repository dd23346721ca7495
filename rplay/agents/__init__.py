"""The AI layer: four agents, the providers that run them, and the chain that decides who answers."""

from collections.abc import Mapping, Sequence

from rplay.agents import meaning
from rplay.agents.chain import Chain
from rplay.agents.providers.catalogue import PROVIDERS
from rplay.agents.types import Provider
from rplay.config import Settings


def build_chain(settings: Settings, known: Mapping[str, Provider]) -> Chain:
    """Return the chain of the providers that AI_PROVIDERS names, in its order. `known` holds the providers that may be
    asked.

    By default Azure comes first where a project is set, then OpenAI as soon as there is a key or a base URL of one's
    own. With neither of them, and outside production, the local provider answers. A key may be stored while the server
    runs, so the chain decides at each call which providers are ready.
    """
    meaning.allow(settings.local_meaning)
    models = {kind.name for kind in PROVIDERS if kind.is_model}
    names = settings.ai_providers or [kind.name for kind in PROVIDERS]
    providers = [known[name] for name in names if name in known]

    def ready() -> Sequence[Provider]:
        asked = [one for one in providers if one.configured]
        if settings.ai_providers:
            return asked
        return [one for one in asked if one.name in models] or [one for one in asked if not settings.production]

    return Chain(providers, ready)
