"""Selects a model of this machine to play the client, and writes it to the file that the server reads."""

import os
from collections.abc import Sequence
from pathlib import Path

from rplay import config
from rplay.config import Settings
from rplay.errors import StartError
from rplay.server.model_servers import KNOWN, ModelServer

HEAD = "# Written by `rplay models use`. The environment and .env win; delete this file to go back.\n"


def choice(servers: Sequence[ModelServer], wanted: str) -> tuple[ModelServer, str]:
    """Return the server and model that a name means: a server with a single model, or a model. Raise StartError if
    there is none.
    """
    if not servers:
        places = ", ".join(f"{one.title} ({one.base_url})" for one in KNOWN)
        raise StartError(f"No model server answers here: looked for {places}. For another set OPENAI_BASE_URL.")
    server = next((one for one in servers if one.name == wanted.lower()), None)
    if server and len(server.models) > 1:
        raise StartError(f"{server.title} has several models, so name one: {', '.join(server.models)}.")
    if server:
        return server, server.models[0]
    choice = next(((one, wanted) for one in servers if wanted in one.models), None)
    if choice is None:
        there = "; ".join(f"{one.title}: {', '.join(one.models)}" for one in servers)
        raise StartError(f"{wanted} is not here. There is {there}.")
    return choice


def write(settings: Settings, server: ModelServer, model: str) -> Path:
    """Write the choice and return the file. The file is replaced atomically, so that a starting server reads either
    the old or the new one.
    """
    path = settings.instance_dir / config.MODEL_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(f"{HEAD}OPENAI_BASE_URL={server.base_url}\nOPENAI_MODEL={model}\n", encoding="utf-8")
    beside.replace(path)
    return path
