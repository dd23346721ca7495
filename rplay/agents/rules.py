"""The rules of the trade, as models are told them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.remembered import remembered
from rplay.agents.types import Scene
from rplay.agents.wording import block, one_line, within

ROOM = 6_000  # characters; the catalogue as shipped takes 4,000


def rules(scene: Scene) -> str:
    """Each breach by its name, with what it is. All of them for every industry, so that prompts begin alike."""
    return _written(scene.rules)


@remembered(2)  # of the catalogue there is one at a time
def _written(catalogue: Sequence[Mapping[str, Any]]) -> str:
    lines = (f"- {one_line(one.get('name'), 120)}: {one_line(one.get('definition'))}" for one in catalogue)
    return block("not_allowed", within(ROOM, lines))
