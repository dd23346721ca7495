"""`rplay config …`: the current settings."""

import click

from rplay.commands.base import Commands, as_json, look, tell


@click.group(cls=Commands)
def config() -> None:
    """Look at the settings.

    \b
        rplay config check
    """


@config.command()
@as_json
def show(as_json: bool) -> None:
    """Show what every setting is here, and why.

    \b
        rplay config show --json

    Secrets are masked. Each setting comes from the environment, from .env, from a file that X_FILE names, or is the
    default.
    """
    from dataclasses import asdict

    from rplay.commands import output
    from rplay.commands.opening import settings
    from rplay.shown_settings import described

    rows = [asdict(one) for one in described(settings())]
    output.show(rows, {"name": "Setting", "value": "Value", "source": "From"}, as_json)


@config.command()
@as_json
def check(as_json: bool) -> None:
    """Look for settings that cannot be right.

    \b
        NODE_ENV=production rplay config check

    Ends with 3 when it finds one. Warns of those that one may not want, and of names in .env that nothing reads.
    """
    from dataclasses import asdict

    from rplay.commands import output
    from rplay.commands.setting import findings

    problems = findings()
    output.show([asdict(one) for one in problems], {"state": "State", "text": "What was found"}, as_json)
    if any(one.state == "failed" for one in problems):
        look()
    elif not problems:
        tell("Nothing to say against these settings.")
