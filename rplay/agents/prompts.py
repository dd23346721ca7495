"""The prompts: one text file each, with a version, and places that are filled in."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FOLDER = Path(__file__).parent / "prompts"
_PLACE = re.compile(r"\{\{(\w+)\}\}(\n*)")


@dataclass(frozen=True)
class Prompt:
    name: str
    version: str
    text: str

    def filled(self, **values: str) -> str:
        """With every place filled in. Values are put in once: what looks like a place inside of one stays as it is.

        An empty value takes the line of its own that its place has, and the blank ones behind it, with it.
        """
        text, *places = self._parts
        filled = [text]
        for name, gap, after in zip(places[::3], places[1::3], places[2::3], strict=True):
            no_line = not values[name] and filled[-1].endswith("\n")
            filled += (values[name], "" if no_line else gap, after)
        return "".join(filled)

    @cached_property
    def _parts(self) -> list[str]:
        """The first text, then for each place its name, the blank lines behind it, and the text that follows."""
        return _PLACE.split(self.text)


@cache
def prompt(name: str) -> Prompt:
    """Read once. The first line of the file is `version: …`, then comes an empty one, then the text."""
    head, _, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n\n")
    return Prompt(name, head.removeprefix("version:").strip(), text.strip())
