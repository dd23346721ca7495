"""The rules of the trade, as models are told them."""

from rplay.agents.types import Scene
from rplay.agents.wording import block, one_line, within

ROOM = 6_000  # characters; the catalogue as shipped takes 4,000


def rules(scene: Scene) -> str:
    """Each breach by its name, with what it is. All of them for every industry, so that prompts begin alike."""
    lines = (f"- {one_line(one.get('name'), 120)}: {one_line(one.get('definition'))}" for one in scene.rules)
    return block("not_allowed", within(ROOM, lines))
