"""rplay: the open backend for role-play training.

`create_app` assembles all components.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from rplay.config import Settings
    from rplay.runtime.openai_key import Key
    from rplay.runtime.redis import Shared
    from rplay.runtime.shutdown import Shutdown
    from rplay.web.limits import Limits
    from rplay.web.parts import Parts

# The local voice's onnxruntime sends telemetry to its maker, with an id that it stores in HOME, unless this is set
# before.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
# numpy only does small multiplications here. A second thread makes them twice as slow (2.1 ms instead of 1.0) and takes
# three times the CPU.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def create_app(settings: "Settings", **replaced: Any) -> "Flask":
    """Create the application. `replaced` holds components to use instead of the usual ones (see
    `rplay.web.parts.Parts`).

    The caller must open the database pool: `db.connect`.
    """
    # Imported here, as these modules take two seconds of CPU that commands without a server should not spend.
    from flask import Flask

    from rplay import blueprints, console
    from rplay.web import answers, frame

    app = Flask("rplay", static_folder=None)
    app.json = answers.Provider(app)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    parts = app.extensions["rplay"] = _parts(app, settings, replaced)
    frame.install(app, parts)
    for blueprint in blueprints.every():
        app.register_blueprint(blueprint)
    if settings.console:
        console.install(app)
    app.wsgi_app = frame.entrance(app.wsgi_app, parts.speech.guarded(app.wsgi_app))  # type: ignore[method-assign,assignment]
    return app


def _parts(app: "Flask", settings: "Settings", replaced: dict[str, Any]) -> "Parts":
    from rplay.mail.outbox import Outbox
    from rplay.runtime.ai_usage import Ledger
    from rplay.runtime.data_store import files_of
    from rplay.runtime.redis import Shared
    from rplay.runtime.shutdown import Shutdown
    from rplay.web.limits import Limits
    from rplay.web.parts import Parts
    from rplay.web.probes import Probes

    data = files_of(settings)
    data.lay_out()
    shared = Shared(settings.redis_url) if settings.redis_url else None
    key = _key(settings, shared)
    limits, shutdown = Limits(settings, shared), Shutdown()
    made = {
        "settings": settings,
        "data": data,
        "key": key,
        "limits": limits,
        "ledger": Ledger(),
        "outbox": Outbox(settings),
        "shutdown": shutdown,
        "shared": shared,
        "probes": Probes(),
        **_ai(settings, key),
        **_speech(app, settings, key, limits, shutdown, shared),
    }
    return Parts(**{**made, **replaced})


def _key(settings: "Settings", shared: "Shared | None") -> "Key":
    from functools import partial

    from rplay.db import server_secrets
    from rplay.runtime.openai_key import NAME, Key, Vault

    return Key(settings.openai_api_key, Vault(shared, partial(server_secrets.get, NAME)) if shared else None)


def _ai(settings: "Settings", key: "Key") -> dict[str, Any]:
    from functools import partial

    from rplay import background
    from rplay.agents import build_chain
    from rplay.agents.providers import catalogue

    providers = catalogue.made(settings, key.get, partial(background.run, "ai_provider"))
    return {
        "chain": build_chain(settings, providers),
        "openai": providers["openai"],
        "azure": providers.get("azure"),
    }


def _speech(
    app: "Flask", settings: "Settings", key: "Key", limits: "Limits", shutdown: "Shutdown", shared: "Shared | None"
) -> dict[str, Any]:
    from rplay.db import sessions
    from rplay.stt import catalogue as recognisers
    from rplay.tts.catalogue import choose
    from rplay.web.auth import user_of_token
    from rplay.web.socket import server
    from rplay.web.socket.other_processes import OtherProcesses

    other_processes = OtherProcesses(shared) if shared else None
    theirs = other_processes.theirs if other_processes else list
    voice = choose(settings, key.get)
    recogniser = recognisers.choose(settings, key.get)
    socket = server.create_socketio(
        app, settings, voice, user_of_token, sessions.living, limits, shutdown, theirs, recogniser
    )
    return {"speech": socket, "recogniser": recogniser, "other_processes": other_processes}
