"""`.env.sample` and the settings say the same."""

import re
from pathlib import Path

import pytest

from rplay import config
from rplay.config import Settings

SAMPLE = Path(__file__).parent.parent / ".env.sample"
ENTRY = re.compile(r"((?:^# .*\n)+)# ([A-Z_]+)=(.*)$", re.MULTILINE)


def entries() -> dict[str, tuple[str, str]]:
    """What the sample says of each setting: help and default."""
    return {
        name: (" ".join(line.removeprefix("# ") for line in comment.splitlines()), default)
        for comment, name, default in ENTRY.findall(SAMPLE.read_text(encoding="utf-8"))
    }


def test_the_sample_names_every_setting_and_no_other_in_their_order():
    assert list(entries()) == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_sample_explains_a_setting_as_the_table_does(name):
    assert entries()[name.upper()][0] == Settings.model_fields[name].description


def test_what_the_sample_gives_are_the_defaults():
    given = {name: default for name, (_, default) in entries().items()}
    assert config.load(given) == config.load({})


def test_nothing_in_the_sample_is_set():
    assert not [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
