"""The catalogues: whole, current, and used with the same blanks to fill in."""

import re
import runpy
from pathlib import Path

import pytest

from rplay import console
from rplay.console import words
from tests.live import ROOT

FOLDER = Path(console.__file__).with_name("words")
TOOL = runpy.run_path(str(ROOT / ".ci/words"))
BLANK = re.compile(r"%\(\w+\)[sd]")


def test_there_is_one_for_every_language_but_english():
    assert {path.stem for path in FOLDER.glob("*.po")} | {"en"} == set(words.LANGUAGES) == set(words.LOCALES)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.po")), ids=lambda path: path.stem)
class TestEach:
    def test_has_words_for_all_that_is_said_and_for_nothing_else(self, path):
        said = {message.id for message in TOOL["template"]() if message.id}
        catalog = TOOL["catalogue"](path)
        assert {message.id for message in catalog if message.id} == said, "run `make words`"
        assert TOOL["missing"](catalog) == []

    def test_fills_in_what_the_english_does(self, path):
        for message in TOOL["catalogue"](path):
            ids = [message.id] if isinstance(message.id, str) else message.id
            strings = [message.string] if isinstance(message.string, str) else message.string
            for string in strings:
                assert set(BLANK.findall(string)) == set().union(*map(BLANK.findall, ids)), message.id


def test_dates_and_numbers_are_written_as_the_language_does(app):
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        assert words.number(7.25) == "7,2"
        assert words.minutes(61) == "1 Minute"
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert words.number(7.25) == "7.2"
        assert words.minutes(600) == "10 minutes"
