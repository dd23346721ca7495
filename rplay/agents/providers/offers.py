"""The models that a server lists as available."""

from datetime import UTC, date, datetime
from typing import Any

import httpx2
from pydantic import SecretStr

from rplay.errors import RplayError

LIST_SECONDS = 10.0  # time limit of the request, in seconds

Models = dict[str, date | None]  # the names of a server's models, and the day each ends if the server says so


class NotOffered(RplayError):
    """A server's list of models cannot be had. The text says why."""


def offered(base_url: str, key: SecretStr | None) -> Models:
    """Return what GET /models lists, which OpenAI and compatible servers offer."""
    # the calls of a talk send the same header
    headers = {"Authorization": f"Bearer {key.get_secret_value() if key else 'none'}"}
    try:
        answer = httpx2.get(f"{base_url}/models", headers=headers, timeout=LIST_SECONDS)
        if answer.status_code in (401, 403):
            raise NotOffered(f"refuses the key ({answer.status_code})")
        if answer.status_code == 404:
            raise NotOffered("GET /models gives 404: see whether the address lacks its path, which often is /v1")
        if answer.status_code != 200:
            raise NotOffered(f"GET /models gives {answer.status_code}")
        listed = answer.json()
        models = listed if isinstance(listed, list) else listed["data"]  # some servers send the bare list
        return {str(model["id"]): _day(model.get("shutdown_date")) for model in models}
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):  # also a key that no header can hold raises ValueError
        raise NotOffered("GET /models gives no list of models") from None
    except httpx2.HTTPError as error:
        raise NotOffered(f"cannot be asked ({type(error).__name__})") from None


def _day(said: object) -> date | None:
    """Return a date as servers write it: 2027-01-06, also with a time after it, or seconds; None if it is no date."""
    try:
        if isinstance(said, int | float):
            return datetime.fromtimestamp(said, UTC).date()
        return date.fromisoformat(said[:10]) if isinstance(said, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def deployments(endpoint: str) -> Models:
    """Return the names of the models that are deployed in a project of Azure."""
    from azure.core.exceptions import AzureError

    from rplay.agents.providers.foundry import sign_in

    try:
        project: Any = sign_in(endpoint)
        return {str(deployment.name): None for deployment in project.deployments.list()}
    except (AzureError, ValueError) as error:
        raise NotOffered(f"cannot be asked ({type(error).__name__})") from None
