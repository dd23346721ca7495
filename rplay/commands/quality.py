"""`rplay quality`: how true generated clients stay to their lives."""

import click

from rplay.commands.base import as_json, tell

COLUMNS = {
    "provider": "Played by", "talks": "Talks", "early": "Told too early", "contradictions": "Contradictions",
    "blanks": "Blanks", "repeats": "Repeats",
}  # fmt: skip


@click.command()
@as_json
def quality(as_json: bool) -> None:
    """Show how true clients stayed to their lives.

    \b
        rplay quality

    Shows the faults in completed talks, for every ten turns of the client. Told too early: the client told a fact it
    keeps back before anybody asked for it or earned it. Contradictions: ages, sums, years, names or counts differ from
    the life. Blanks: a turn says nothing. Repeats: a turn has a sentence that was said before. All faults are counted
    by code when a talk is completed.
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show, show_json
    from rplay.db import talk_fidelity

    with opened(settings()):
        totals = talk_fidelity.summed_up()
    if as_json:
        show_json(totals)
        return
    played = ({"provider": name, **one} for name, one in totals["byProvider"].items())
    rows = [{**one, **one["per10Turns"]} for one in ({"provider": "all", **totals}, *played)]
    show(rows, COLUMNS, as_json=False)
    tell(f"{totals['talks']:,} completed {'talk' if totals['talks'] == 1 else 'talks'} counted")
