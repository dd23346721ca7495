"""`rplay reviews`: how good reviews are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from rplay.commands.base import Commands, as_json, tell

if TYPE_CHECKING:
    from rplay.reviews.agreement import Agreement, Agreements

AGREEMENT = {
    "number": "Number", "n": "Marks", "kappa": "Kappa", "kappa_interval": "95 %", "difference": "Machine − people",
    "difference_interval": "95 %",
}  # fmt: skip


@click.group(cls=Commands)
def reviews() -> None:
    """Look at how good reviews are.

    \b
        rplay reviews agreement
    """


@reviews.command()
@as_json
def agreement(as_json: bool) -> None:
    """Show how far the machine agrees with people.

    \b
        rplay reviews agreement

    Compares what trainers gave blind, before they saw the machine's numbers, with the current reviews of the
    same talks: quadratic weighted kappa on scores rounded half up (1 is full agreement, 0 is chance), and the
    mean difference (above 0 the machine is kinder), each with a 95 % interval. Under 20 marks of a number
    nothing is said of it.
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
