"""The models that the settings name, and what their servers say of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx2
from pydantic import SecretStr

from rplay.commands.running import State
from rplay.config import Settings, asks_a_voice
from rplay.errors import RplayError
from rplay.model_end_dates import NOTICE, OPENAI, end_of, over
from rplay.values import masked_address

PATIENCE = 10.0  # seconds
SHOWN = 8  # models of a server that are named

Models = dict[str, date | None]  # what a server offers, and when it says that each ends
Offers = Callable[[], Models]


class NotOffered(RplayError):
    """A server's list of models cannot be had; the text says why."""


@dataclass(frozen=True)
class Configured:
    """A model, what it does here, where it runs, and how to ask there what there is."""

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
    """Those that are asked in the talks, and the voice."""
    found = []
    wanted = settings.ai_providers or ["azure", "openai"]
    endpoint = settings.azure_ai_project_endpoint
    if "azure" in wanted and endpoint:
        deployment = settings.azure_ai_model_deployment_name
        found.append(Configured("talks", deployment, endpoint, lambda: _deployments(endpoint), endpoint))
    if "openai" in wanted and (settings.openai_api_key or settings.openai_base_url):
        base_url = settings.openai_base_url or OPENAI
        found.append(_at("talks", settings.openai_model, base_url, settings.openai_api_key))
    if settings.tts_provider != "local" and asks_a_voice(settings):
        key = settings.tts_api_key or settings.openai_api_key
        base_url = settings.tts_base_url or settings.openai_base_url or OPENAI
        found.append(_at("voice", settings.openai_tts_model, base_url, key))
    return found


def examined(one: Configured, today: date | None = None) -> Examined:
    """A server's own word on the end of a model outranks what is known here."""
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
    said = "; ".join([*wrong, *near]) or "offered"
    ends = end.isoformat() if end else None
    return Examined(state, one.purpose, one.model, masked_address(one.server), ends, said)


def _near(end: date | None, today: date) -> list[str]:
    if end is None or today < end - NOTICE:
        return []
    when = "has ended" if over(end, today) else f"ends in {(end - today).days} days"
    return [f"{when}, choose another"]


def listed(models: Models) -> str:
    """How many a server offers, and the first of them."""
    shown = ", ".join(sorted(models)[:SHOWN])
    more = ", …" if len(models) > SHOWN else ""
    return f"the {len(models)} that are offered" + (f": {shown}{more}" if models else "")


def _at(purpose: str, model: str, base_url: str, key: SecretStr | None) -> Configured:
    return Configured(purpose, model, base_url, lambda: offered(base_url, key), base_url)


def offered(base_url: str, key: SecretStr | None) -> Models:
    """What GET /models lists, which OpenAI and compatible servers have."""
    headers = {"Authorization": f"Bearer {key.get_secret_value() if key else 'none'}"}  # as the talks' calls have it
    try:
        answer = httpx2.get(f"{base_url}/models", headers=headers, timeout=PATIENCE)
        if answer.status_code in (401, 403):
            raise NotOffered(f"refuses the key ({answer.status_code})")
        if answer.status_code == 404:
            raise NotOffered("GET /models gives 404: see whether the address lacks its path, which often is /v1")
        if answer.status_code != 200:
            raise NotOffered(f"GET /models gives {answer.status_code}")
        return {str(model["id"]): _day(model.get("shutdown_date")) for model in answer.json()["data"]}
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):  # a key that no header can hold is a ValueError as well
        raise NotOffered("GET /models gives no list of models") from None
    except httpx2.HTTPError as error:
        raise NotOffered(f"cannot be asked ({type(error).__name__})") from None


def _day(said: object) -> date | None:
    """A date as servers write it: 2027-01-06, with a time behind it, or in seconds."""
    try:
        if isinstance(said, int | float):
            return datetime.fromtimestamp(said, UTC).date()
        return date.fromisoformat(said[:10]) if isinstance(said, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def _deployments(endpoint: str) -> Models:
    """The names that models have in a project of Azure."""
    from azure.core.exceptions import AzureError

    from rplay.agents.providers.foundry import sign_in

    try:
        project: Any = sign_in(endpoint)
        return {str(deployment.name): None for deployment in project.deployments.list()}
    except (AzureError, ValueError) as error:
        raise NotOffered(f"cannot be asked ({type(error).__name__})") from None
