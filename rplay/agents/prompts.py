"""The prompts: one text file each, with a version, and places that are filled in."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "prompts"
_PLACE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Prompt:
    name: str
    version: str
    text: str

    def filled(self, **values: str) -> str:
        """With every place filled in. Values are put in once: what looks like a place inside of one stays as it is."""
        text = _PLACE.sub(lambda place: values[place[1]], self.text)
        return re.sub(r"\n{3,}", "\n\n", text)


@cache
def prompt(name: str) -> Prompt:
    """Read once. The first line of the file is `version: …`, then comes an empty one, then the text."""
    head, _, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n\n")
    return Prompt(name, head.removeprefix("version:").strip(), text.strip())
