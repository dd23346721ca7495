"""The rules of the trade, as the text for a model's prompt."""

from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.remembered import remembered
from rplay.agents.types import Scene
from rplay.agents.wording import block, one_line, within

ROOM = 6_000  # limit in characters; the shipped catalogue takes 4,000


def rules(scene: Scene) -> str:
    """Return each breach with its definition. All industries get all of them, so that prompts begin alike."""
    return _written(scene.rules)


@remembered(2)  # only one catalogue is in use at a time
def _written(catalogue: Sequence[Mapping[str, Any]]) -> str:
    lines = (f"- {one_line(one.get('name'), 120)}: {one_line(one.get('definition'))}" for one in catalogue)
    return block("not_allowed", within(ROOM, lines))
