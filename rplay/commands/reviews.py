"""`rplay reviews`: measures the quality of reviews."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rplay.commands.base import Commands, Failed, as_json, tell

if TYPE_CHECKING:
    from rplay.agents.chain import Chain
    from rplay.agents.types import Parameter
    from rplay.config import Settings
    from rplay.data import Name
    from rplay.reviews.agreement import Agreement, Agreements

AGREEMENT = {
    "number": "Number", "n": "Marks", "kappa": "Kappa", "kappa_interval": "95 %", "difference": "Machine − people",
    "difference_interval": "95 %",
}  # fmt: skip

SPREAD = {
    "number": "Number", "n": "Reviews", "mean": "Mean", "least": "Least", "most": "Most", "deviation": "Deviation",
}  # fmt: skip
MOVES = {
    "number": "Number", "talks": "Talks", "before": "Before", "after": "After", "moved": "Moved", "down": "Most down",
    "up": "Most up",
}  # fmt: skip
TRIED: "tuple[Name, ...]" = ("rubrics", "compliance")


@click.group(cls=Commands)
def reviews() -> None:
    """Measure the quality of reviews.

    \b
        rplay reviews agreement
        rplay reviews repeat SIM-6E1F0C2D9A4B7788
        rplay reviews try rubrics.json
    """


@reviews.command()
@as_json
def agreement(as_json: bool) -> None:
    """Show how far the machine agrees with people.

    \b
        rplay reviews agreement

    Compares scores that trainers gave blind, before they saw the machine's scores, with the current reviews of the same
    talks. Shows the quadratic weighted kappa on scores rounded half up (1 is full agreement, 0 is chance) and the mean
    difference (above 0 the machine is kinder), each with a 95 % interval. Nothing is reported for a score with fewer
    than 20 marks.
    """
    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show, show_json
    from rplay.db import review_marks
    from rplay.reviews.agreement import measured

    with opened(settings()):
        pairs = review_marks.pairs()
    found = measured(pairs)
    if as_json:
        show_json(found)
        return
    show(_rows(found), AGREEMENT, as_json=False)
    tell(f"{found.overall.n:,} talks marked blind, of those with a review")


def _rows(found: "Agreements") -> Iterator[dict[str, Any]]:
    yield from map(_row, (found.overall, *found.competencies))


def _row(one: "Agreement") -> dict[str, Any]:
    return {
        "number": one.number,
        "n": one.n,
        "kappa": one.note or one.kappa,
        "kappa_interval": _span(one.kappa_interval),
        "difference": one.difference,
        "difference_interval": _span(one.difference_interval),
    }


def _span(interval: tuple[float, float] | None) -> str:
    return f"{interval[0]} to {interval[1]}" if interval else ""


@reviews.command()
@click.argument("talk")
@click.option("--times", type=click.IntRange(2, 50), default=5, show_default=True, help="So many reviews.")
@as_json
def repeat(talk: str, times: int, as_json: bool) -> None:
    """Review one talk several times.

    \b
        rplay reviews repeat SIM-6E1F0C2D9A4B7788 --times 10

    Shows how much the scores vary; the rehearsal gives the same scores each time. Uses the AI that the server would
    use, and stores none of the reviews.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.commands.simulations import talk_of
    from rplay.db import simulations
    from rplay.reviews import trying
    from rplay.runtime.data_store import files_of

    current = settings()
    with opened(current):
        simulation = simulations.get(talk_of(talk).id)
        assert simulation is not None
        data, parameters, chain = files_of(current), _parameters(), _chain(current)
        data.lay_out()
        stored = trying.prepared(simulation)
        found = [trying.reviewed(chain, data, parameters, stored) for _ in range(times)]
    show([asdict(one) for one in trying.spread(found)], SPREAD, as_json)
    tell(f"{times} reviews of {simulation.simulation_id}, of which none was kept")


@reviews.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--talks", "most", type=click.IntRange(1, 1000), default=20, show_default=True, help="The newest ones.")
@as_json
def try_(file: Path, most: int, as_json: bool) -> None:
    """Try changed rubrics or rules on stored talks.

    \b
        rplay reviews try rubrics.json --talks 50

    Reviews the newest completed talks twice: with the current data files, and with FILE in place of rubrics.json or
    compliance.json, whichever it fits. Shows which scores would change, and stores nothing. A model's scores also vary
    without a change: `rplay reviews repeat` shows how much.
    """
    from dataclasses import asdict

    from rplay.commands.opening import opened, settings
    from rplay.commands.output import show
    from rplay.reviews import trying
    from rplay.runtime.data_store import files_of

    raw = file.read_bytes()
    name = _tried(file, raw)
    current = settings()
    with opened(current):
        data, parameters, chain = files_of(current), _parameters(), _chain(current)
        data.lay_out()
        talks, moves = trying.tried(chain, data, name, raw, parameters, most)
    show([asdict(one) for one in moves], MOVES, as_json)
    tell(f"{talks:,} {'talk' if talks == 1 else 'talks'} reviewed by the {name} of now and by {file.name}")


def _tried(file: Path, raw: bytes) -> "Name":
    """Return the name of the data file that this file could replace."""
    import orjson

    from rplay.data import misfit

    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Failed(f"{file} is not JSON: {error}.") from None
    reasons = {name: misfit(name, content) for name in TRIED}
    for name, reason in reasons.items():
        if reason is None and content:
            return name
    said = "; ".join(f"as {name}.json, {reason or 'it is empty'}" for name, reason in reasons.items())
    raise Failed(f"{file} fits none of the files that can be tried: {said}.")


def _parameters() -> "list[Parameter]":
    from rplay.agents.types import Parameter
    from rplay.db import parameters

    return [Parameter(row.name, row.type, row.value, row.description) for row in parameters.steering()]


def _chain(current: "Settings") -> "Chain":
    from functools import partial

    from rplay import background
    from rplay.agents import build_chain
    from rplay.agents.providers import catalogue
    from rplay.runtime.openai_key import Key

    chain = build_chain(
        current, catalogue.made(current, Key(current.openai_api_key).get, partial(background.run, "ai_provider"))
    )
    if not chain.configured:
        raise Failed("No AI is configured: set OPENAI_API_KEY or AI_PROVIDERS=local, see `rplay config check`.")
    return chain
