"""Names for scores from 1 to 10: the five ranges of the rubrics."""

import math
from dataclasses import dataclass

from rplay.console.words import N_, gettext

NAMES = (N_("Beginning"), N_("Developing"), N_("Solid"), N_("Strong"), N_("Masterly"))
RANGES = ("1–2", "3–4", "5–6", "7–8", "9–10")


@dataclass(frozen=True, slots=True)
class Level:
    step: int  # 1 to 5
    name: str
    range: str


def level_of(score: float) -> Level:
    step = min(max(math.ceil(round(score, 1) / 2), 1), 5)
    return Level(step, gettext(NAMES[step - 1]), RANGES[step - 1])
