"""The base of all commands: lazy imports, one-sentence error messages, and exit statuses."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO, cast

import click

# The commands in the order in which the help shows them. Each is defined in the module of its name.
NAMES = (
    "serve",
    "users",
    "sessions",
    "simulations",
    "quality",
    "reviews",
    "scenarios",
    "db",
    "data",
    "health",
    "config",
    "models",
    "talk",
    "say",
    "listen",
    "seed-demo",
)

# Exit statuses of all commands, for scripts. Status 2 is click's own.
STATUSES = {
    0: "done, and all is well",
    1: "could not be done; the last line says why and what to do",
    2: "not typed as the command wants it; nothing was done",
    3: "done, and there is something to look at: a check failed, rows were refused, migrations have to run",
    130: "interrupted with Ctrl-C",
}
LOOK = 3
INTERRUPTED = 130

as_json = click.option("--json", "as_json", is_flag=True, help="Show JSON, for programs.")


class Failed(click.ClickException):
    """The error sentence with which a command ends."""

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        tell(f"Error: {self.message}")


class Interrupted(click.ClickException):
    """Ends a command that was interrupted by Ctrl-C. The message says what remains to be done."""

    exit_code = INTERRUPTED

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        tell(f"\n{self.message}")


def printable(text: str) -> str:
    """Replace characters that could control the terminal, as names are arbitrary user input."""
    return "".join(letter if is_harmless(letter) else "\N{REPLACEMENT CHARACTER}" for letter in text)


def is_harmless(letter: str) -> bool:
    """Return True if a terminal may show the character. No-break spaces and joiners, which occur in names, are
    allowed.
    """
    return letter.isprintable() or letter in "\N{NO-BREAK SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


def tell(text: str) -> None:
    """Print a message to stderr, apart from the results. On a terminal lines are wrapped between words."""
    text = "\n".join(map(printable, text.split("\n")))
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        lines = [
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
        ]
        text = "\n".join(lines)
    try:
        click.echo(text, err=True)
    except OSError:
        _drop(sys.stderr)  # the exit status still reports the error


class _InSentences(click.Command):
    """A command that ends with a sentence instead of a traceback if the operator or the environment is at fault."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _in_sentences():  # --help and --version print their text here
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with _in_sentences():
            return super().invoke(ctx)


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        try:
            yield
        finally:
            _write_out()
    except (click.ClickException, click.exceptions.Exit):
        raise
    except (KeyboardInterrupt, click.Abort):  # click raises Abort if it happens at a prompt
        raise Interrupted("Stopped.") from None
    except Exception as error:
        from rplay.commands.troubles import sentence_of

        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise Failed(sentence) from error


def _write_out() -> None:
    """Write the buffered results while a failure can still be reported."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        _drop(sys.stdout)
        raise


def _drop(stream: TextIO) -> None:
    """Discard what could not be written. Python would try again when it exits, and change the exit status to 120."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


class Command(_InSentences):
    pass


class Commands(_InSentences, click.Group):
    command_class = Command


class Lazy(_InSentences, click.Group):
    """A group with the commands of NAMES, each of which is imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return loaded(cmd_name) if cmd_name in NAMES else None


def loaded(name: str) -> click.Command:
    attribute = name.replace("-", "_")
    return cast(click.Command, getattr(import_module(f"rplay.commands.{attribute}"), attribute))


def look() -> None:
    """End the command with status 3: it did its work, but the operator should look at the output."""
    click.get_current_context().exit(LOOK)
