"""`rplay seed-demo`."""

import click

from rplay.commands.base import Command, Failed, as_json


@click.command("seed-demo", cls=Command)
@as_json
def seed_demo(as_json: bool) -> None:
    """Fill the dashboards with made-up data.

    \b
        rplay seed-demo

    The feedback and sessions belong to nobody; again puts them in place of the earlier ones. Refused with
    NODE_ENV=production.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show, show_json
    from rplay.db import demo

    current = settings()
    if current.production:
        raise Failed("Demo data is for development; NODE_ENV is production here. Nothing was changed.")
    with opened(current):
        seeded = asdict(demo.seed())
    if as_json:
        show_json(seeded)
    else:
        show([{"what": what, "count": count} for what, count in seeded.items()], {"what": "", "count": ""}, False)
