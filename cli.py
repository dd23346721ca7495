"""The operator's commands: `rplay …`, and the same with `flask --app wsgi …`.

Each stands in a file of its own in rplay/commands and is imported when it is asked for.
"""

import sys

import click

from rplay.commands.base import Lazy


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rplay")
def main() -> None:
    """Role-play training for financial advisors.

    \b
        rplay serve                         the server, with all that it needs
        rplay talk --industry insurance     talk with a client here in the terminal
        rplay users import people.csv       accounts for a list of people
        rplay health                        what works here and what does not

    Settings come from the environment and from .env; .env.sample lists them, `rplay config show` what they are here.
    """


if __name__ == "__main__":
    sys.exit(main())
