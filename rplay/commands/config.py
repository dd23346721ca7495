"""`rplay config …`: the current settings."""

import click

from rplay.commands.base import Commands, as_json, look, tell


@click.group(cls=Commands)
def config() -> None:
    """Show and check the settings.

    \b
        rplay config check
    """


@config.command()
@as_json
def show(as_json: bool) -> None:
    """Show every setting with its value and source.

    \b
        rplay config show --json

    Secrets are masked. The source is the environment, .env, a file named by X_FILE, or the default.
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
    """Check the settings for mistakes.

    \b
        NODE_ENV=production rplay config check

    Ends with 3 if a setting is wrong. Warns of settings that may be unwanted, and of names in .env that no setting has.
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
