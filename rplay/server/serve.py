"""`rplay serve`: a thin process that prepares everything, starts gunicorn as its child and supervises it.

It cannot be gunicorn itself: it imports psycopg without gevent's patches, for migrations and the embedded database. It
also outlives the workers, as they need the database until they end.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rplay import config
from rplay.errors import StartError
from rplay.runtime.data_store import files_of
from rplay.server import demo, exposure, supervisor
from rplay.server.database import Database, database, upgrade
from rplay.server.postgres_watch import kept_running
from rplay.server.signals import Signals

if TYPE_CHECKING:
    from rplay.server.model_servers import ModelServer


def serve(environ: Mapping[str, str], *, workers: int, reload: bool) -> None:
    """Serve until a signal arrives. Raise StartError if the server cannot start or ends by itself."""
    settings = config.load(dict(environ), Path(".env"))
    with Signals() as signals, supervisor.listening(settings.host, settings.port) as listener:
        url = supervisor.url_of(listener)
        with database(settings) as found:
            accounts = prepare(settings, found)
            usable = demo.usable(found.url) if exposure.is_reachable(settings.host) else []
            dangers = list(exposure.dangers(settings, settings.host, usable))
            env = {**environ, "DATABASE_URL": found.url} if found.server else environ
            with (
                kept_running(found.server, settings),
                supervisor.gunicorn(listener, env, workers=workers, reload=reload) as child,
            ):
                signals.forward_to(child)
                providers = supervisor.providers(child, url)
                if providers is not None:
                    from rplay.server import screen  # import rich while the worker boots, or later

                    servers = _model_servers(settings, providers)
                    screen.show(settings, screen.Start(url, found, accounts, providers, workers, dangers, servers))
                status = child.wait()
    if not signals.stopping:
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        raise StartError(f"The server ended by itself ({how}); what it said stands above.")


def _model_servers(settings: config.Settings, providers: Sequence[str]) -> "Sequence[ModelServer]":
    """Return model servers on this machine, for developers whose server only has the rehearsal. They are shown, not
    used.
    """
    if settings.node_env != "development" or settings.ai_providers or [*providers] != ["local"]:
        return ()
    from rplay.server.model_servers import running

    return running()


def prepare(settings: config.Settings, found: Database) -> demo.Accounts:
    """Prepare schema, data files and, for a first look, demo accounts. Workers rely on the first two."""
    upgrade(found.url)
    files_of(settings).lay_out()
    if found.folder is None:
        return demo.Accounts.ABSENT
    return demo.accounts(found.url, settings)
