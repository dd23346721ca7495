"""The prompts: one text file each, with a version and placeholders such as `{{name}}`."""

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
        """Return the text with every placeholder replaced. Placeholders inside a value are not replaced.

        If an empty value stands on a line of its own, this line and the blank lines after it are removed.
        """
        text, *places = self._parts
        filled = [text]
        for name, gap, after in zip(places[::3], places[1::3], places[2::3], strict=True):
            no_line = not values[name] and filled[-1].endswith("\n")
            filled += (values[name], "" if no_line else gap, after)
        return "".join(filled)

    @cached_property
    def _parts(self) -> list[str]:
        """The text before the first placeholder, then for each one its name, the line breaks after it, and the text
        that follows."""
        return _PLACE.split(self.text)


@cache
def prompt(name: str) -> Prompt:
    """Return a prompt, read from its file once. The file has `version: …`, an empty line, then the text."""
    head, _, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n\n")
    return Prompt(name, head.removeprefix("version:").strip(), text.strip())
