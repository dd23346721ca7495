"""The models named in the settings, and what their servers report about them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from pydantic import SecretStr

from rplay.agents.providers.catalogue import PROVIDERS
from rplay.agents.providers.offers import Models, NotOffered, offered
from rplay.commands.running import State
from rplay.config import Settings
from rplay.model_end_dates import NOTICE, end_of, over
from rplay.tts.catalogue import allowed
from rplay.values import masked_address

SHOWN_MODELS = 8  # models of a server that are listed by name

Offers = Callable[[], Models]


@dataclass(frozen=True)
class Configured:
    """A configured model: its purpose, its server, and a function that returns which models the server offers."""

    purpose: str
    model: str
    server: str
    offers: Offers
    base_url: str | None = None


@dataclass(frozen=True)
class Examined:
    state: State
    purpose: str
    model: str
    server: str
    ends: str | None
    text: str


def configured(settings: Settings) -> list[Configured]:
    """Return the models that are used in talks, and those of the voice."""
    models = [
        Configured(
            "talks", kind.model(settings), kind.server(settings), partial(kind.offers, settings), kind.server(settings)
        )
        for kind in PROVIDERS
        if kind.is_model and kind.is_set(settings) and kind.name in (settings.ai_providers or [kind.name])
    ]
    voices = [kind for kind in allowed(settings) if kind.model(settings) and kind.is_set(settings)]
    return models + [_at("voice", kind.model(settings), kind.server(settings), kind.key(settings)) for kind in voices]


def examined(one: Configured, today: date | None = None) -> Examined:
    """Check a model with its server. An end date reported by the server takes precedence over a known one."""
    today = today or datetime.now(UTC).date()
    models: Models = {}
    wrong: list[str] = []
    try:
        models = one.offers()
    except NotOffered as error:
        wrong = [str(error)]
    else:
        if one.model not in models:
            wrong = [f"not among {listed(models)}"]
    end = models.get(one.model) or end_of(one.model, one.base_url)
    near = _near(end, today)
    state: State = "failed" if wrong or over(end, today) else "warning" if near else "ok"
    remark = "; ".join([*wrong, *near]) or "offered"
    ends = end.isoformat() if end else None
    return Examined(state, one.purpose, one.model, masked_address(one.server), ends, remark)


def _near(end: date | None, today: date) -> list[str]:
    if end is None or today < end - NOTICE:
        return []
    when = "has ended" if over(end, today) else f"ends in {(end - today).days} days"
    return [f"{when}, choose another"]


def listed(models: Models) -> str:
    """Describe how many models a server offers, with the first of them."""
    shown = ", ".join(sorted(models)[:SHOWN_MODELS])
    more = ", …" if len(models) > SHOWN_MODELS else ""
    return f"the {len(models)} that are offered" + (f": {shown}{more}" if models else "")


def _at(purpose: str, model: str, base_url: str, key: SecretStr | None) -> Configured:
    return Configured(purpose, model, base_url, lambda: offered(base_url, key), base_url)
