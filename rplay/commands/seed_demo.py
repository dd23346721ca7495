"""`rplay seed-demo`: fills the database with demo data."""

import sys

import click

from rplay.commands.base import Command, Failed, as_json


@click.command("seed-demo", cls=Command)
@as_json
def seed_demo(as_json: bool) -> None:
    """Fill the dashboards with demo people, talks and reviews.

    \b
        rplay seed-demo

    Creates two groups with their trainers and twelve learners who practised for six weeks: about 60 talks with the
    rehearsal, with reviews, feedback, disputes and corrections. It takes one to three minutes. Nobody can sign in as
    one of these people. Running it again replaces the earlier demo talks; other people's talks are not touched. Refused
    with NODE_ENV=production.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show, show_json
    from rplay.demo import people, seeding
    from rplay.runtime.data_store import files_of

    current = settings()
    if current.production:
        raise Failed("Demo data is for development; NODE_ENV is production here. Nothing was changed.")
    with opened(current):
        data = files_of(current)
        data.lay_out()
        seeding.put_people()
        talks = seeding.hold_talks(current, data)
        with click.progressbar(talks, len(people.plan()), "Holding talks", file=sys.stderr) as shown:
            for _ in shown:
                pass
        seeded = asdict(seeding.counts())
    if as_json:
        show_json(seeded)
    else:
        show([{"what": what, "count": count} for what, count in seeded.items()], {"what": "", "count": ""}, False)
