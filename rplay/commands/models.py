"""`rplay models`: the configured models, and whether they are there and stay."""

import click

from rplay.commands.base import Command, as_json, look, tell

COLUMNS = {"state": "State", "purpose": "For", "model": "Model", "server": "At", "ends": "Ends", "text": ""}


@click.command(cls=Command)
@as_json
def models(as_json: bool) -> None:
    """See whether the configured models are there, and stay.

    \b
        rplay models

    Asks each server for its list of models, which costs nothing, and knows the ends that were announced. Ends with 3
    when a model is not offered, has ended or its server cannot be asked; warns from 90 days before an end.
    """
    from dataclasses import asdict

    from rplay.commands.model_list import configured, examined
    from rplay.commands.opening import settings
    from rplay.commands.output import show

    found = [examined(one) for one in configured(settings())]
    show([asdict(one) for one in found], COLUMNS, as_json)
    if not found:
        tell("No model is configured: the rehearsal plays the client, and the voice is local if there is one.")
    if any(one.state == "failed" for one in found):
        look()
