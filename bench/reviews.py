"""How well the rehearsal's review tells a good talk from a poor one, on pairs of talks on the same matter.

For each pair and each competency it shows, the good talk should score at least three points above the poor one. `pairs`
were written by somebody who had not seen how the review scores; on `pairs_dev` it was developed.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rplay.agents.rehearsal.assessment.review import review
from rplay.agents.types import Transcript
from rplay.data import DataFiles

FOLDER = Path(__file__).parent.parent / "tests" / "agents"
SETS = ("pairs_dev", "pairs")
APART = 3  # points


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFiles(Path(folder))
        data.lay_out()
        for name in SETS:
            _report(name, data)


def _report(name: str, data: DataFiles) -> None:
    print(f"{name}:")
    apart, shown = Counter[str](), Counter[str]()
    for path in sorted((FOLDER / name).glob("*.json")):
        pair = json.loads(path.read_text(encoding="utf-8"))
        scores = dict(told_apart(pair, data))
        apart.update(one for one, (good, poor) in scores.items() if good - poor >= APART)
        shown.update(scores.keys())
        line = ", ".join(f"{one} {good:g}/{poor:g}" for one, (good, poor) in scores.items())
        print(f"  {path.stem}  {pair['title']}: {line}")
    print(f"  {apart.total()} of {shown.total()} competencies {APART} points apart: ", end="")
    print(", ".join(f"{one} {apart[one]}/{many}" for one, many in sorted(shown.items())))


def told_apart(pair: Mapping[str, Any], data: DataFiles) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each competency that the pair shows, with its score in the good and in the poor talk."""
    good, poor = (_scores(pair[kind], pair["difficulty"], data) for kind in ("good", "poor"))
    yield from ((one, (good[one], poor[one])) for one in pair["shown"])


def _scores(talk: list[Any], difficulty: Any, data: DataFiles) -> dict[str, float]:
    competencies = data.competencies()
    found = review(Transcript(talk, competencies, difficulty, data.rubrics(difficulty)))
    return {one["id"]: found["competencyScores"][one["name"]]["score"] for one in competencies}


if __name__ == "__main__":
    main()
