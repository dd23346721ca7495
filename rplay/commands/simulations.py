"""`rplay simulations …`: practice talks, and earlier versions of them that a save overwrote."""

from typing import TYPE_CHECKING

import click

from rplay.commands.base import Commands, Failed, as_json, tell

if TYPE_CHECKING:
    from rplay.db.simulations import Owned

LISTED = {
    "simulation_id": "Talk",
    "email": "Address",
    "industry": "Industry",
    "difficulty": "Difficulty",
    "started_at": "Started",
    "completed_at": "Completed",
    "messages": "Messages",
    "score": "Score",
}
COLUMNS = {"version": "Version", "replaced_at": "Replaced", "messages": "Messages", "last_words": "Ends with"}


@click.group(cls=Commands)
def simulations() -> None:
    """List practice talks, and restore what a save replaced.

    \b
        rplay simulations list --user ann@example.com
        rplay simulations history SIM-6E1F0C2D9A4B7788
        rplay simulations restore SIM-6E1F0C2D9A4B7788 41
    """


@simulations.command("list")
@click.option("--user", "who", metavar="WHO", help="Only this person's: an address or an id.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@as_json
def list_(who: str | None, limit: int, as_json: bool) -> None:
    """List practice talks, newest first.

    \b
        rplay simulations list --user ann@example.com

    Their messages are not shown.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.commands.people import person
    from rplay.db import simulations

    with opened(settings()):
        talks = simulations.newest(person(who).id if who else None, limit)
    show([asdict(talk) for talk in talks], LISTED, as_json)
    tell(f"{len(talks):,} {'talk' if len(talks) == 1 else 'talks'}")


@simulations.command()
@click.argument("talk")
@as_json
def history(talk: str, as_json: bool) -> None:
    """List a talk's replaced histories, newest first. TALK is its SIM- number or its id.

    \b
        rplay simulations history SIM-6E1F0C2D9A4B7788

    A save that only adds messages replaces nothing. Replaced histories are kept for 30 days, ten for each talk.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.db import replaced_histories

    with opened(settings()):
        simulation = talk_of(talk)
        versions = [asdict(version) for version in replaced_histories.of_simulation(simulation.id)]
    show(versions, COLUMNS, as_json)
    tell(f"{len(versions)} {'version' if len(versions) == 1 else 'versions'} of {simulation.simulation_id}")


@simulations.command()
@click.argument("talk")
@click.argument("version", type=click.IntRange(1, 2**63 - 1))
def restore(talk: str, version: int) -> None:
    """Restore a replaced history of a talk. The current one is kept as a version in turn.

    \b
        rplay simulations restore SIM-6E1F0C2D9A4B7788 41

    Do this while nobody has the talk open: their next save would replace it again.
    """
    from rplay.commands.opening import opened, settings
    from rplay.db import replaced_histories

    with opened(settings()):
        simulation = talk_of(talk)
        if not replaced_histories.restore(simulation.id, version):
            raise Failed(
                f"{simulation.simulation_id} has no version {version}: "
                f"`rplay simulations history {simulation.simulation_id}` shows which there are."
            )
    tell(f"{simulation.simulation_id} holds version {version} again.")


def talk_of(talk: str) -> "Owned":
    from uuid import UUID

    from rplay.commands.people import text
    from rplay.db import simulations

    key = text(talk, "TALK").strip()
    try:
        simulation_id = UUID(key)
    except ValueError:
        simulation_id = None
    simulation = simulations.find(key, simulation_id)
    if simulation is None:
        raise Failed(f"There is no training talk {key}.")
    return simulation
