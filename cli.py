"""The operator's commands: `rplay …`, and the same with `flask --app wsgi …`.

What a command does stands in rplay and is imported when it runs, so that `--help` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

if TYPE_CHECKING:
    from rplay.agents.types import Difficulty
    from rplay.config import Settings


class Command(click.Command):
    """Says what went wrong in a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        from rplay.errors import RplayError

        try:
            return super().invoke(ctx)
        except RplayError as error:
            raise click.ClickException(str(error)) from error


class Commands(click.Group):
    command_class = Command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rplay")
def main() -> None:
    """Role-play training for financial advisors.

    \b
        rplay serve                                      the server, with all that it needs
        rplay talk --industry insurance                  talk with a client here in the terminal
        rplay say "Good morning." -o out.mp3             hear a voice

    Settings come from the environment and from .env; .env.sample lists them.
    """


@main.command()
@click.option("--host", help="Address to listen on.  [default: HOST, else 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.  [default: PORT, else 3001]")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that serve.")
@click.option("--reload", is_flag=True, help="Start the workers again when the code changes.")
def serve(host: str | None, port: int | None, workers: int, reload: bool) -> None:
    """Run the server.

    \b
        rplay serve --port 8000

    Without DATABASE_URL it brings a PostgreSQL of its own, and in development two accounts to sign in with.
    """
    from rplay.server.serve import serve as run

    given = {"HOST": host, "PORT": None if port is None else str(port)}
    environ = dict(os.environ) | {name: value for name, value in given.items() if value is not None}
    run(environ, workers=workers, reload=reload)


@main.command()
@click.option("--industry", default="insurance", show_default=True, help="insurance, wealth-management or securities.")
@click.option("--subcategory", help="As life-health or property-casualty.  [default: the industry's first]")
@click.option(
    "--difficulty",
    type=click.Choice(["beginner", "intermediate", "advanced"]),
    default="beginner",
    show_default=True,
    help="How open the client is.",
)
@click.option(
    "--voice", is_flag=False, flag_value="", metavar="[FOLDER]", help="Hear the client; save MP3 files there."
)
def talk(industry: str, subcategory: str | None, difficulty: "Difficulty", voice: str | None) -> None:
    """Practise with a client, here in the terminal.

    \b
        rplay talk --industry securities --difficulty advanced

    Ends with a review. The AI is the one that the server would ask; without a key that is a rehearsal made of rules.
    With --voice alone the lines are played where mpv, ffplay, mpg123 or afplay is installed, and else saved.
    """
    from rplay.terminal import talk as terminal

    terminal.start(_settings(), industry, subcategory, difficulty, voice)


@main.command()
@click.argument("text")
@click.option(
    "-o",
    "--output",
    type=click.File("wb", lazy=True),
    required=True,
    metavar="FILE",
    help="MP3 file to write; - is the standard output.",
)
@click.option("--voice", default="alloy", show_default=True, help="alloy, echo, fable, onyx, nova, shimmer, …")
@click.option("--speed", type=float, default=1.0, show_default=True, help="0.25 to 4; the local voice: 0.5 to 2.")
def say(text: str, output: BinaryIO, voice: str, speed: float) -> None:
    """Speak a text into an MP3 file. As TEXT, - reads the standard input.

    \b
        rplay say "Good morning, what brings you here?" -o out.mp3
    """
    from rplay.terminal.voice import speaker_of, spoken

    words = sys.stdin.read() if text == "-" else text
    audio = spoken(speaker_of(_settings()), words, voice, speed)
    output.write(audio)
    click.echo(f"{len(audio):,} bytes of MP3", err=True)


def _settings() -> "Settings":
    from rplay import config

    return config.load(dict(os.environ), Path(".env"))


@main.group(cls=Commands)
def db() -> None:
    """Look after the database.

    \b
        rplay db upgrade
    """


@db.command()
def upgrade() -> None:
    """Bring the database to the schema of this version.

    \b
        DATABASE_URL=postgresql://… rplay db upgrade
    """
    from rplay.server import database

    with database.database(_settings()) as found:
        for name in database.upgrade(found.url):
            click.echo(name)
    click.echo("The schema is up to date.", err=True)


@db.command()
def status() -> None:
    """Show which migrations have run; fails when some have not.

    \b
        rplay db status
    """
    from rplay.db import migrate
    from rplay.server.database import database

    with database(_settings()) as found:
        state = migrate.status(found.url)
    for name in state.applied:
        click.echo(f"applied  {name}")
    for name in state.pending:
        click.echo(f"pending  {name}")
    if state.pending:
        raise click.ClickException("Migrations have to run: rplay db upgrade")


@db.command()
def doctor() -> None:
    """Name what is odd in the database and what to do about it; fails when something is serious.

    \b
        rplay db doctor
    """
    from rplay.db import doctor as examination
    from rplay.server.database import database

    with database(_settings()) as found:
        findings = examination.examine(found.url)
    for finding in findings:
        click.echo(f"{'serious' if finding.serious else 'note   '}  {finding.text}")
        for example in finding.examples:
            click.echo(f"           {example}")
    if any(finding.serious for finding in findings):
        raise click.ClickException("Something serious was found; see above.")
    click.echo("Nothing serious was found.", err=True)


if __name__ == "__main__":
    sys.exit(main())
