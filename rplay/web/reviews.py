"""What the evaluation agent is told about the talk to be reviewed."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from rplay.agents.types import Difficulty, Transcript
from rplay.web.parts import parts
from rplay.web.training import messages_of, steering


def transcript(
    messages: list[Any],
    competencies: Sequence[Mapping[str, Any]] | None,
    difficulty: Difficulty,
    rubrics: Sequence[Mapping[str, Any]] | None = None,
) -> Transcript:
    """Without competencies all are assessed; without rubrics by those of the data files."""
    data = parts().data
    chosen = competencies or data.competencies()
    ids = {str(competency["id"]) for competency in chosen if competency.get("id")}
    return Transcript(
        messages=messages_of(messages),
        competencies=chosen,
        difficulty=difficulty,
        rubrics=rubrics or data.rubrics(difficulty, ids or None),
        rubric_hash=_hash(rubrics) if rubrics else data.rubric_hash(),
        parameters=steering(),
    )


def _hash(rubrics: Sequence[Mapping[str, Any]]) -> str:
    return sha256(orjson.dumps(rubrics, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
