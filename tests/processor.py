"""Processor time that tests take, by who takes it; `--processor` shows it by file (tests/forks.py)."""

import os
from collections import Counter
from typing import Any

Seconds = Counter[str]
LEAST = 0.5  # seconds of a file that is shown

_forked: Seconds = Counter()  # by servers that tests/warm.py has started, and that have ended
_daemons: set[int] = set()  # processes that are nobody's children


def add(seconds: float) -> None:
    """Of a server that has ended."""
    _forked["servers"] += seconds  # type: ignore[assignment]


def watch(postmaster: int) -> None:
    _daemons.add(postmaster)


def spent() -> Seconds:
    """By this process until now, by the programs that it has waited for, by its servers and its PostgreSQL."""
    own = os.times()
    mine = {"tests": own.user + own.system, "programs": own.children_user + own.children_system}
    return Counter({**mine, **_forked, "postgres": sum(map(_of_family, _daemons))})  # type: ignore[dict-item]


def _of_family(pid: int) -> float:
    import psutil  # only here: a process that servers are forked from imports this module

    try:
        parent = psutil.Process(pid)
        return _of(parent, children=True) + sum(map(_of, parent.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0.0


def _of(process: Any, children: bool = False) -> float:
    times = process.cpu_times()
    return times.user + times.system + (times.children_user + times.children_system if children else 0)


def table(files: dict[str, Seconds]) -> list[str]:
    """The files that take most, and the sum of all."""
    whole: Seconds = sum(files.values(), Counter())
    ordered = sorted(files.items(), key=lambda item: -item[1].total())
    kinds = ["tests", "programs", "servers", "postgres"]
    rows = [("all files", whole), *((name, seconds) for name, seconds in ordered if seconds.total() >= LEAST)]
    head = f"{'seconds':>8} {' '.join(f'{kind:>8}' for kind in kinds)}"
    return [head, *(_row(name, seconds, kinds) for name, seconds in rows)]


def _row(name: str, seconds: Seconds, kinds: list[str]) -> str:
    return f"{seconds.total():8.1f} {' '.join(f'{seconds[kind]:8.1f}' for kind in kinds)}  {name}"
