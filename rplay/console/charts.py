"""Coordinates for charts in an SVG of 640 by 200. A template draws the chart, with a table beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 34, 14, 12, 26  # margins for the axes


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    value: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    points: Sequence[Point]
    ticks: Sequence[tuple[float, float]]  # a value and its y coordinate
    path: str
    baseline: float
    bar: float  # width of one bar


def line(values: Sequence[tuple[str, float]], low: float = 0, high: float = 10, step: float = 2) -> Chart:
    """Return a line chart of labelled values, from left to right."""
    inside = WIDTH - LEFT - RIGHT
    each = inside / max(len(values), 1)
    points = [
        Point(label, value, round(LEFT + each * (number + 0.5), 1), _height(value, low, high))
        for number, (label, value) in enumerate(values)
    ]
    marks = [low + step * number for number in range(int((high - low) / step) + 1)]
    ticks = [(mark, _height(mark, low, high)) for mark in marks]
    path = " ".join(f"{'L' if number else 'M'}{point.x} {point.y}" for number, point in enumerate(points))
    return Chart(points, ticks, path, _height(low, low, high), round(min(each * 0.6, 48), 1))


def amounts(values: Sequence[tuple[str, float]]) -> Chart:
    """Return a chart of counts. The scale begins at 0 and ends at a round number, 4 at least."""
    largest = max((4, *(value for _, value in values)))
    unit = 10 ** math.floor(math.log10(largest))
    step = next(step for step in (unit / 2, unit, unit * 2, unit * 2.5) if step * 5 >= largest)
    return line(values, 0, step * math.ceil(largest / step), step)


def _height(value: float, low: float, high: float) -> float:
    share = (min(max(value, low), high) - low) / (high - low)
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
