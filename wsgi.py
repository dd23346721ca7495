"""gunicorn's and flask's entry."""

import gc

gc.disable()  # until all is imported: looking for garbage among it takes a sixth of the start

from gevent import monkey  # noqa: E402

from rplay.server import refuse_other_workers, said_in_a_sentence  # noqa: E402

with said_in_a_sentence():
    refuse_other_workers()

monkey.patch_all()  # before anything imports psycopg, which would block every greenlet while it waits

import os  # noqa: E402
from pathlib import Path  # noqa: E402

import click  # noqa: E402
import gevent  # noqa: E402
from psycopg import waiting  # noqa: E402

if waiting.wait is getattr(waiting, "wait_c", None):
    raise RuntimeError("psycopg was imported before gevent patched: it would block every greenlet while it waits")

from rplay import config, create_app  # noqa: E402
from rplay.commands.base import NAMES, loaded  # noqa: E402
from rplay.runtime import logs  # noqa: E402
from rplay.server.worker import open_pool  # noqa: E402

with said_in_a_sentence():
    settings = config.load(dict(os.environ), Path(".env"))
    logs.install(settings)
    app = create_app(settings)
    context = click.get_current_context(silent=True)
    if context and context.info_name in ("run", "shell"):  # flask's own; gunicorn has a hook for this
        open_pool(settings)
        gevent.spawn(app.extensions["rplay"].ledger.run)

for name in NAMES:
    app.cli.add_command(loaded(name))

gc.enable()
