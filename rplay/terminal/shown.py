"""Renders the parts of a practice talk for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from rplay.agents.review import CompetencyScore, Review
from rplay.agents.types import OBJECTIVES
from rplay.terminal.training import Training

# Details that may be known beforehand, as named in the difficulty settings: the profile's key, and the words before the
# value.
_SHOWN_AS = {
    "age": ("age", "aged "),
    "occupation": ("occupation", ""),
    "familyStatus": ("familyStatus", ""),
    "income": ("income", "earns "),
    "assets": ("assets", "owns "),
    "debt": ("debts", "owes "),
    "primaryGoals": ("goals", "wants "),
}


def introduction(training: Training) -> RenderableType:
    """Return the introduction: who the client is, and what is known about them at this difficulty."""
    scene = training.scene
    known = [
        words + (", ".join(value) if isinstance(value, list) else str(value))
        for detail, (key, words) in _SHOWN_AS.items()
        if scene.visible.get(detail) and (value := scene.profile.get(key))
    ]
    lines = [Text("; ".join(known) or "Nothing is known beforehand.")]
    if training.level.get("objectives"):
        lines.append(Text.assemble(("Your task: ", "bold"), _words(training.level["objectives"])))
    title = Text.assemble((training.client, "bold"), f" · {scene.industry}, {scene.subcategory} · {scene.difficulty}")
    return Panel(Group(*lines), title=title, title_align="left", padding=(1, 2))


def progress(found: dict[str, Any]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for objective in OBJECTIVES:
        table.add_row(objective.capitalize(), _bar(found[objective] / 10), f"{found[objective]} %")
    return Group(table, Text(found.get("explanation", ""), style="dim"))


def review(found: Review) -> RenderableType:
    parts: list[RenderableType] = [Text("\n"), Rule("Review"), Text(found.summary), Text()]
    parts += [Padding(_competency(one), (0, 0, 1, 0), expand=False) for one in found.competencies]
    parts += _points("What went well", found.strengths, "+") + _points("What to work on", found.improvements, "-")
    if found.delivery:
        parts += [Text("How you spoke", "bold"), Text(_delivery(found.delivery)), Text()]
    parts.append(Text.assemble(("Overall ", "bold"), (f"{found.overall:g} of 10", "bold green")))
    return Group(*parts)


def _delivery(measured: Mapping[str, Any]) -> str:
    return (
        f"{measured['seconds']:g} seconds in {measured['turns']} turns, the longest {measured['longestSeconds']:g};"
        f" {measured['wordsPerMinute']} words a minute, {measured['fillersPer100Words']:g} of 100 were fillers."
    )


def _competency(one: CompetencyScore) -> RenderableType:
    points = _list()
    for sign, style, texts in (("+", "green", one.strengths), ("-", "yellow", one.improvements)):
        for text in texts:
            points.add_row(sign, Text(text, style))
    for quote in one.examples:
        points.add_row("»", Text(f"“{quote}”", "dim"))
    about = " ".join(filter(None, (one.expectation, one.feedback)))
    return Group(
        Text.assemble((one.name, "bold"), "  ", _bar(one.score), f"  {one.score:g} of 10"),
        Padding(Text(about, "dim"), (0, 0, 0, 2), expand=False),
        points,
    )


def _points(title: str, texts: Sequence[str], sign: str) -> list[RenderableType]:
    points = _list()
    for text in texts:
        points.add_row(sign, Text(text))
    return [Text(title, "bold"), points, Text()] if texts else []


def _list() -> Table:
    """Return a table with a bullet and a text per row, in which long texts stay indented."""
    return Table.grid(padding=(0, 1, 0, 2), pad_edge=True)


def _bar(of_ten: float) -> Text:
    full = round(of_ten)
    return Text.assemble(("█" * full, "cyan"), ("░" * (10 - full), "dim"))


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
