"""`rplay users import` of CSV: its time beside bare bcrypt's on all cores, and its memory for two lengths.

`python -m bench.cli_import 200 2000` takes other lengths.
"""

import csv
import os
import sys
import time
from pathlib import Path

from bench.common import ROOT, bare_bcrypt, database, environment, report
from bench.imports import person
from rplay import db

LENGTHS = (1000, 10_000)
RATIO = 1.1


def main(lengths: list[int]) -> None:
    with database() as (url, folder):
        found = [measured(url, folder, people) for people in lengths]
    rows: list[tuple[str, float, str, float | None]] = []
    for people, seconds, bare, memory in found:
        rows += [
            (f"{people:,} people", seconds, "s", None),
            ("  as many hashes of bare bcrypt, before and after", bare, "s", None),
            ("  ratio", seconds / bare, "", RATIO),
            ("  most memory", memory, "MB", None),
        ]
    rows.append(("memory of the longest list over that of the shortest", found[-1][3] / found[0][3], "", RATIO))
    report("rplay users import of CSV, bcrypt at cost 10", *rows)


def measured(url: str, folder: Path, people: int) -> tuple[int, float, float, float]:
    """People, seconds, seconds of bare bcrypt for as many, megabytes at most."""
    source = folder / "people.csv"
    with source.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(person(0)))
        writer.writeheader()
        writer.writerows(person(number) for number in range(people))
    db.execute("DELETE FROM users")
    before = bare_bcrypt()
    began = time.perf_counter()
    memory = _import(source, environment(DATABASE_URL=url))
    seconds = time.perf_counter() - began
    bare = people / ((before + bare_bcrypt()) / 2)
    made = db.value("SELECT count(*) FROM users")
    if made != people:
        raise SystemExit(f"{made} people were made")
    return people, seconds, bare, memory


def _import(source: Path, env: dict[str, str]) -> float:
    """Runs the command to its end; the most memory that it had, in megabytes."""
    command = [sys.executable, str(ROOT / "cli.py"), "users", "import", str(source)]
    child = os.posix_spawn(command[0], command, {**env, "PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"The import ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main([int(length) for length in sys.argv[1:]] or list(LENGTHS))
