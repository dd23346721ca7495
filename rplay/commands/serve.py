"""`rplay serve`: runs the server."""

import os

import click

from rplay.commands.base import Command


@click.command(cls=Command)
@click.option("--host", help="Address to listen on.  [default: HOST, else 127.0.0.1]")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: PORT, else 3001]"
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that serve.")
@click.option("--reload", is_flag=True, help="Start the workers again when the code changes.")
def serve(host: str | None, port: int | None, workers: int, reload: bool) -> None:
    """Run the server.

    \b
        rplay serve --port 8000

    Without DATABASE_URL it starts an embedded PostgreSQL, and in development creates two accounts to sign in with.
    """
    from rplay.server.serve import serve as run

    options = {"HOST": host, "PORT": None if port is None else str(port)}
    environ = dict(os.environ) | {name: value for name, value in options.items() if value is not None}
    run(environ, workers=workers, reload=reload)
