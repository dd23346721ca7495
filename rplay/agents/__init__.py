"""The AI layer: four agents, the providers that run them, and the chain that decides who answers."""

from collections.abc import Mapping, Sequence

from rplay.agents import meaning
from rplay.agents.chain import Chain
from rplay.agents.providers.catalogue import PROVIDERS
from rplay.agents.types import Provider
from rplay.config import Settings


def build_chain(settings: Settings, known: Mapping[str, Provider]) -> Chain:
    """The providers that AI_PROVIDERS names, in its order; `known` are those that may be asked.

    By default Azure where a project is set, then OpenAI as soon as there is a key or a server of one's own; without
    either, and outside production, the local provider. A key may be stored while the server runs, so who is ready is
    decided at each call.
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
