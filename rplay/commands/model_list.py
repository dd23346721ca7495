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
from rplay.model_end_dates import NOTICE, OPENAI, last_day
from rplay.values import masked_address

PATIENCE = 10.0  # seconds
SHOWN = 8  # models of a server that are named

Offers = Callable[[], set[str]]


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
    today, last = today or datetime.now(UTC).date(), last_day(one.model, one.base_url)
    ends = last.isoformat() if last else None

    def found(state: State, *said: str) -> Examined:
        return Examined(state, one.purpose, one.model, masked_address(one.server), ends, "; ".join(said))

    near = []
    if last and today > last:
        near = ["has ended, choose another"]
    elif last and today >= last - NOTICE:
        near = [f"ends in {(last - today).days} days, choose another"]
    try:
        names = one.offers()
    except NotOffered as error:
        return found("failed", str(error), *near)
    if one.model not in names:
        return found("failed", f"not among {listed(names)}", *near)
    if last and today > last:
        return found("failed", *near)
    return found("warning", *near) if near else found("ok", "offered")


def listed(names: set[str]) -> str:
    """How many a server offers, and the first of them."""
    shown = ", ".join(sorted(names)[:SHOWN])
    more = ", …" if len(names) > SHOWN else ""
    return f"the {len(names)} that are offered" + (f": {shown}{more}" if names else "")


def _at(purpose: str, model: str, base_url: str, key: SecretStr | None) -> Configured:
    return Configured(purpose, model, base_url, lambda: offered(base_url, key), base_url)


def offered(base_url: str, key: SecretStr | None) -> set[str]:
    """The ids of GET /models, which OpenAI and compatible servers have."""
    headers = {"Authorization": f"Bearer {key.get_secret_value() if key else 'none'}"}  # as the talks' calls have it
    try:
        answer = httpx2.get(f"{base_url}/models", headers=headers, timeout=PATIENCE)
        if answer.status_code in (401, 403):
            raise NotOffered(f"refuses the key ({answer.status_code})")
        if answer.status_code == 404:
            raise NotOffered("GET /models gives 404: see whether the address lacks its path, which often is /v1")
        if answer.status_code != 200:
            raise NotOffered(f"GET /models gives {answer.status_code}")
        return {str(model["id"]) for model in answer.json()["data"]}
    except (ValueError, LookupError, TypeError):  # a key that no header can hold is a ValueError as well
        raise NotOffered("GET /models gives no list of models") from None
    except httpx2.HTTPError as error:
        raise NotOffered(f"cannot be asked ({type(error).__name__})") from None


def _deployments(endpoint: str) -> set[str]:
    """The names that models have in a project of Azure."""
    from azure.core.exceptions import AzureError

    from rplay.agents.providers.foundry import sign_in

    try:
        project: Any = sign_in(endpoint)
        return {str(deployment.name) for deployment in project.deployments.list()}
    except (AzureError, ValueError) as error:
        raise NotOffered(f"cannot be asked ({type(error).__name__})") from None
