"""What all commands have in common: imported late, a sentence for what goes wrong, and a status at the end."""

import shutil
import sys
import textwrap
from importlib import import_module
from typing import Any, cast

import click

# In the order in which the help shows them. A command stands under its own name in a module of that name.
NAMES = ("serve", "users", "sessions", "simulations", "db", "health", "config", "models", "talk", "say", "seed-demo")

# How a command can end, for scripts. 2 is click's.
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
    """The sentence that a command ends with."""

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        tell(f"Error: {self.message}")


class Interrupted(click.ClickException):
    """Ctrl-C; the text says what is left."""

    exit_code = INTERRUPTED

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        tell(f"\n{self.message}")


def tell(text: str) -> None:
    """A message, beside the results; on a terminal in lines that end between words."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        lines = [
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
        ]
        text = "\n".join(lines)
    click.echo(text, err=True)


class Command(click.Command):
    """Ends with a sentence instead of a traceback, whatever the operator or the surroundings did wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):  # the second at a prompt
            raise Interrupted("Stopped.") from None
        except Exception as error:
            from rplay.commands.troubles import sentence_of

            sentence = sentence_of(error)
            if sentence is None:
                raise
            raise Failed(sentence) from error


class Commands(click.Group):
    command_class = Command


class Lazy(click.Group):
    """Has the commands of NAMES, and imports each when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return loaded(cmd_name) if cmd_name in NAMES else None


def loaded(name: str) -> click.Command:
    attribute = name.replace("-", "_")
    return cast(click.Command, getattr(import_module(f"rplay.commands.{attribute}"), attribute))


def look() -> None:
    """Ends the command: it has done its work, and the operator should look at what it showed."""
    click.get_current_context().exit(LOOK)
