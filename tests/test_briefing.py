"""What an agent is told, without Flask and without a database."""

import subprocess
import sys

import pytest

from rplay import briefing
from rplay.agents.persona.make import life_of
from rplay.agents.types import Parameter
from rplay.data import DataFiles
from tests.live import ROOT

PROFILE = {"name": "Omar Haddad", "age": 41, "personality": {"archetype": "skeptic", "mood": "anxious"}}
CONSTANTS = {"archetype": "analyst", "mood": "confident"}
PARAMETERS = [Parameter("Tone", "narrative", "calm")]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    files = DataFiles(tmp_path_factory.mktemp("data"))
    files.lay_out()
    return files


def test_a_briefing_needs_neither_flask_nor_a_database():
    script = "import sys, rplay.briefing; sys.exit(bool({'flask', 'psycopg', 'rplay.db'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0


class TestScene:
    def test_what_the_difficulty_tells_is_the_data_files(self, data):
        scene = briefing.scene(data, PARAMETERS, PROFILE, "insurance", "advanced")
        assert scene.visible == data.difficulty_settings()["insurance"]["advanced"]["visibleDetails"]
        assert scene.parameters == PARAMETERS

    def test_an_unknown_industry_has_no_visible_details(self, data):
        assert briefing.scene(data, [], PROFILE, "farming", "beginner").visible == {}

    def test_the_constants_of_the_page_give_way_to_the_profile(self, data):
        told = briefing.scene(data, [], PROFILE, "insurance", "beginner", personality={**CONSTANTS, "influence": 3})
        assert told.personality == {"influence": 3}
        assert briefing.fusion_names(PROFILE, CONSTANTS) == ["skeptic", "anxious"]

    def test_what_a_trainer_chose_outranks_the_profile(self, data):
        chosen = {"archetype": "driver", "mood": "confident"}
        assert briefing.scene(data, [], PROFILE, "insurance", "beginner", personality=chosen).personality == chosen
        assert briefing.fusion_names(PROFILE, chosen) == ["driver", "confident"]

    def test_a_life_keeps_all_but_its_style(self, data):
        life = life_of(PROFILE, "insurance", None, "beginner")
        told = briefing.scene(data, [], PROFILE, "insurance", "beginner", life=life).life
        assert told.model_dump(exclude={"style"}) == life.model_dump(exclude={"style"})


def test_a_wish_names_a_known_subcategory(data):
    known = next(iter(data.industry_metadata()["insurance"]["subcategories"]))
    wish = briefing.wish(data, PARAMETERS, "insurance", "beginner", known, focus_areas=["cover"])
    assert (wish.subcategory, wish.focus_areas, wish.parameters) == (known, ["cover"], PARAMETERS)
    assert wish.industry_settings == data.industry_metadata()["insurance"]
    assert wish.difficulty_settings == data.difficulty_settings()["insurance"]["beginner"]


class TestTranscript:
    TURNS = ({"role": "user", "content": "Hello", "id": 7, "coach": True}, {"role": "assistant", "content": "Hi"})

    def test_keeps_of_the_turns_what_agents_read(self, data):
        messages = briefing.transcript(data, [], self.TURNS, "beginner").messages
        assert messages == [{"role": "user", "content": "Hello", "coach": True}, {"role": "assistant", "content": "Hi"}]

    def test_assesses_all_competencies_unless_some_are_given(self, data):
        assert briefing.transcript(data, [], self.TURNS, "beginner").competencies == data.competencies()
        one = data.competencies()[:1]
        some = briefing.transcript(data, [], self.TURNS, "beginner", one)
        assert some.competencies == one
        assert some.rubrics == data.rubrics("beginner", [one[0]["id"]])
        assert some.rubric_hash == data.rubric_hash()

    def test_rubrics_that_are_given_have_a_hash_of_their_own(self, data):
        told = briefing.transcript(data, [], self.TURNS, "beginner", rubrics=[{"id": "own"}])
        assert told.rubrics == [{"id": "own"}]
        assert told.rubric_hash not in ("", data.rubric_hash())
