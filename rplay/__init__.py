"""rplay: the open backend for role-play training.

`create_app` is the one place where the parts are put together.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from rplay.config import Settings


def create_app(settings: "Settings") -> "Flask":
    """The application. The database pool is opened by whoever runs it: `db.connect`."""
    # Imported here, as they take two seconds of processor that a command without a server should not pay.
    from flask import Flask

    from rplay import blueprints, mail
    from rplay.agents import azure_provider, build_chain
    from rplay.agents.providers.local import LocalProvider
    from rplay.agents.providers.openai import OpenAIProvider
    from rplay.blueprints import speech
    from rplay.data import DataFiles
    from rplay.tts import choose
    from rplay.web import answers, failures, limits, requests
    from rplay.web.auth import user_of_token
    from rplay.web.keys import Key
    from rplay.web.parts import Parts
    from rplay.web.usage import Ledger

    app = Flask("rplay", static_folder=None)
    app.json = answers.Provider(app)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    data = DataFiles(settings.data_dir)
    data.lay_out()
    key = Key(settings.openai_api_key)
    openai = OpenAIProvider(key.get, settings.openai_base_url, settings.openai_model)
    azure = azure_provider(settings)
    chain = build_chain(settings, openai, LocalProvider(settings.local_typing), azure)
    counters = limits.Limits(settings)
    socketio = speech.create_socketio(app, settings, choose(settings, key.get), user_of_token, counters.allow_speech)
    app.extensions["rplay"] = Parts(settings, data, chain, openai, azure, key, counters, socketio, Ledger())
    for part in (failures, limits):
        part.install(app)
    requests.install(app, settings)
    mail.install(app, settings)
    for blueprint in blueprints.every():
        app.register_blueprint(blueprint)
    return app
