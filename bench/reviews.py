"""How well the rehearsal's review tells a good talk from a poor one, on pairs written by somebody who had not seen it.

For each pair and each competency it shows, the good talk should score at least three points above the poor one.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from rplay.agents.providers.local.review import review
from rplay.agents.types import Transcript
from rplay.data import DataFiles

PAIRS = Path(__file__).parent.parent / "tests" / "agents" / "pairs"
APART = 3  # points


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFiles(Path(folder))
        data.lay_out()
        told = [_told(json.loads(path.read_text(encoding="utf-8")), data) for path in sorted(PAIRS.glob("*.json"))]
    print(f"{sum(apart for apart, _ in told)} of {sum(shown for _, shown in told)} competencies {APART} points apart")


def _told(pair: dict[str, Any], data: DataFiles) -> tuple[int, int]:
    """Prints a line of scores, good/poor; how many competencies are far enough apart, and of how many."""
    good, poor = (_scores(pair[kind], pair["difficulty"], data) for kind in ("good", "poor"))
    apart = sum(good[one] - poor[one] >= APART for one in pair["shown"])
    scores = ", ".join(f"{one} {good[one]:g}/{poor[one]:g}" for one in pair["shown"])
    print(f"{apart}/{len(pair['shown'])}  {pair['title']}: {scores}")
    return apart, len(pair["shown"])


def _scores(talk: list[Any], difficulty: Any, data: DataFiles) -> dict[str, float]:
    competencies = data.competencies()
    found = review(Transcript(talk, competencies, difficulty, data.rubrics(difficulty)))
    return {one["id"]: found["competencyScores"][one["name"]]["score"] for one in competencies}


if __name__ == "__main__":
    main()
