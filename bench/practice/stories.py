"""How well the client's own texts are found by a question.

    python -m bench.practice.stories [-v]

`story/questions.txt` holds questions to the clients of the talks, with words of the statement that answers each, or `-`
where the profile's texts say nothing to it.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rplay.agents.rehearsal.client.statements import statements_of
from rplay.agents.rehearsal.client.telling import SURE, Answer, answer

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", type=Path, default=[HERE / "story/questions.txt"])
    parser.add_argument("-v", action="store_true", help="print every answer")
    options = parser.parse_args()
    profiles = {path.name[:3]: json.loads(path.read_text(encoding="utf-8"))["profile"] for path in _talks()}
    tried = [one for path in options.questions for one in _tried(path, profiles)]
    if options.v:
        for who, question, wanted, found in tried:
            print(f"{found.confidence:.2f} {who} {question} [{wanted}] -> {found.text}")
    sure = [one for one in tried if one[3].confidence >= SURE]
    right = [one for one in sure if _is_right(one[2], one[3])]
    known = [one for one in tried if one[2] != "-"]
    print(f"{len(tried)} questions, {len(known)} of them answered by the texts; {len(sure)} answered surely, "
          f"{len(right)} of these rightly")  # fmt: skip


def _talks() -> Iterator[Path]:
    yield from sorted((HERE / "opened").glob("*.json"))
    yield from sorted((HERE / "talks").glob("*.json"))


def _tried(path: Path, profiles: dict[str, Any]) -> Iterator[tuple[str, str, str, Answer]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            who, question, wanted = line.split(" | ")
            yield who, question, wanted, answer(question, statements_of(profiles[who]))


def _is_right(wanted: str, found: Answer) -> bool:
    return found.statement is not None and wanted.lower() in found.statement.text.lower()


if __name__ == "__main__":
    main()
