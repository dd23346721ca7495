"""rplay: the open backend for role-play training.

`create_app` is the one place where the parts are put together.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from rplay.config import Settings

# The local voice's onnxruntime reports to its maker, with an id that it leaves in HOME, unless this is set before.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def create_app(settings: "Settings") -> "Flask":
    """The application. The database pool is opened by whoever runs it: `db.connect`."""
    # Imported here, as they take two seconds of processor that a command without a server should not pay.
    from functools import partial

    from flask import Flask

    from rplay import blueprints, mail
    from rplay.agents import azure_provider, build_chain, openai_provider
    from rplay.agents.providers.rehearsal import RehearsalProvider
    from rplay.blueprints import speech
    from rplay.data import DataFiles
    from rplay.db import server_secrets, sessions
    from rplay.shared import Shared
    from rplay.tts import choose
    from rplay.web import answers, auth, failures, headers, limits, requests, slow_bodies
    from rplay.web.ending import Ending
    from rplay.web.keys import NAME, Key, Vault
    from rplay.web.neighbours import Neighbours
    from rplay.web.parts import Parts
    from rplay.web.usage import Ledger

    app = Flask("rplay", static_folder=None)
    app.json = answers.Provider(app)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    data = DataFiles(settings.data_dir)
    data.lay_out()
    shared = Shared(settings.redis_url) if settings.redis_url else None
    vault = Vault(shared, partial(server_secrets.get, NAME)) if shared else None
    key = Key(settings.openai_api_key, vault)
    openai = openai_provider(settings, key.get)
    azure = azure_provider(settings)
    chain = build_chain(settings, openai, RehearsalProvider(settings.local_typing), azure)
    counters = limits.Limits(settings, shared)
    voice = choose(settings, key.get)
    ending = Ending()
    socketio = speech.create_socketio(app, settings, voice, auth.user_of_token, sessions.living, counters, ending)
    neighbours = Neighbours(shared, socketio.connections) if shared else None
    if neighbours:
        socketio.elsewhere = neighbours.theirs
    app.extensions["rplay"] = Parts(
        settings, data, chain, openai, azure, key, counters, socketio, Ledger(), ending, shared, neighbours
    )
    for part in (failures, limits, auth):
        part.install(app)
    requests.install(app, settings)
    headers.install(app, settings)
    mail.install(app, settings)
    for blueprint in blueprints.every():
        app.register_blueprint(blueprint)
    app.wsgi_app = slow_bodies.limited(app.wsgi_app)  # type: ignore[method-assign,assignment]
    return app
