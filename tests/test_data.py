import difflib
import fcntl
import itertools
import json
import os
import re
import resource
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rplay import data
from rplay.data import NAMES, DataFiles, misfit
from rplay.errors import DataFileError, StartError

SHIPPED = Path(data.__file__).with_name("data")
SIX = {
    "communication": "Communication Skills",
    "needs-assessment": "Needs Assessment",
    "objection-handling": "Objection Handling",
    "bias-awareness": "Bias Awareness",
    "option-suggestions": "Solution Recommendations",
    "time-management": "Time Management",
}
SUBCATEGORIES = {
    "insurance": ["life-health", "property-casualty"],
    "wealth-management": ["default"],
    "securities": ["default"],
}
DIFFICULTIES = ["beginner", "intermediate", "advanced"]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.fixture
def files(tmp_path: Path) -> DataFiles:
    files = DataFiles(tmp_path / "data")
    files.lay_out()
    return files


def shipped(name: str) -> Any:
    return json.loads((SHIPPED / f"{name}.json").read_text("utf-8"))


def age(path: Path) -> os.stat_result:
    """Make a file look as if it had last been written long ago."""
    os.utime(path, ns=(0, 1_600_000_000_000_000_000))
    return path.stat()


# ------------------------------------------------------------------------------------------------ the shipped texts
def criteria() -> dict[str, list[str]]:
    return {
        rubric["id"]: [text for entries in rubric["rubric"].values() for entry in entries for text in entry["criteria"]]
        for rubric in shipped("rubrics")
    }


def likeness(one: str, other: str) -> float:
    """Share of words in the same order, 0 to 1. Unrelated sentences reach 0.3, one swapped word in ten leaves 0.9."""
    first, second = (re.findall(r"[a-z']+", text.lower()) for text in (one, other))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.5 else 0.0


class TestRubricTexts:
    def test_stand_for_each_competency_difficulty_and_range(self):
        assert {rubric["id"]: rubric["name"] for rubric in shipped("rubrics")} == SIX
        for rubric in shipped("rubrics"):
            assert list(rubric["rubric"]) == DIFFICULTIES
            for entries in rubric["rubric"].values():
                assert [entry["range"] for entry in entries] == ["1-2", "3-4", "5-6", "7-8", "9-10"]

    def test_have_four_full_criteria_each(self):
        for rubric in shipped("rubrics"):
            for entry in itertools.chain(*rubric["rubric"].values()):
                assert len(entry["criteria"]) == 4
                assert all(len(text) >= 40 and text == text.strip() for text in entry["criteria"])
                assert len(entry["description"]) >= 30

    def test_can_be_joined_and_split_again(self):
        assert not [text for text in itertools.chain(*criteria().values()) if ";" in text]

    def test_all_differ(self):
        texts = [text.lower() for text in itertools.chain(*criteria().values())]
        assert len(texts) == len(set(texts)) == 360
        descriptions = [e["description"] for r in shipped("rubrics") for es in r["rubric"].values() for e in es]
        assert len(set(descriptions)) == 90

    @pytest.mark.parametrize("competency", SIX)
    def test_do_not_repeat_one_another_in_other_words(self, competency: str):
        pairs = itertools.combinations(criteria()[competency], 2)
        assert [(one, other) for one, other in pairs if likeness(one, other) > 0.55] == []

    def test_would_be_caught_with_one_word_swapped(self):
        text = "Asks one question at a time and leaves room for an answer"
        assert likeness(text, text.replace("one question", "two questions")) > 0.55


class TestOtherTexts:
    def test_competencies_are_the_six_with_category_and_weight(self):
        shown = shipped("competencies")
        assert {one["id"]: one["name"] for one in shown} == SIX
        assert sum(one["weight"] for one in shown) == 100
        assert all(one["category"] and len(one["description"]) > 60 for one in shown)

    def test_industries_and_subcategories_match_across_files(self):
        metadata = shipped("industry-metadata")
        assert {name: list(one["subcategories"]) for name, one in metadata.items()} == SUBCATEGORIES
        for name in ("industry-competencies", "industry-traits"):
            assert {industry: list(one) for industry, one in shipped(name).items()} == SUBCATEGORIES
        assert list(shipped("difficulty-settings")) == list(SUBCATEGORIES)
        assert all(one["displayName"] and one["aiRoleLabel"] and one["aiRoleDescription"] for one in metadata.values())

    def test_competency_lists_name_known_competencies(self):
        lists = shipped("industry-competencies")
        for one in itertools.chain(*(industry.values() for industry in lists.values())):
            assert one["competencies"] == list(SIX)
            for area in one["focusAreas"].values():
                assert area["enabled"] is True
                assert set(area["competencies"]) <= set(SIX)
                assert area["competencies"]
        assert list(lists["insurance"]["life-health"]["focusAreas"]) == [
            "life-insurance",
            "annuities",
            "long-term-care",
            "medical-expense",
            "disability-insurance",
        ]
        assert list(lists["insurance"]["property-casualty"]["focusAreas"]) == [
            "homeowners-insurance",
            "automobile-insurance",
        ]

    def test_every_breach_says_what_it_is_and_what_a_client_says_to_it(self):
        breaches = shipped("compliance")
        assert len({one["id"] for one in breaches}) == len(breaches) >= 25
        for one in breaches:
            assert SLUG.fullmatch(one["id"])
            assert set(one["industries"]) <= set(SUBCATEGORIES)
            assert one["severity"] in ("low", "medium", "high")
            assert 1 <= one["cap"] <= 10
            assert len(one["examples"]) >= 5
            assert len(one["counterExamples"]) >= 4
            assert len(one["clientSays"]) >= 4
            assert len(one["definition"]) > 60

    def test_harder_levels_show_less_of_the_client(self):
        public = {"name", "age", "familyStatus", "occupation"}
        everything = public | {"income", "assets", "debt", "primaryGoals"}
        for levels in shipped("difficulty-settings").values():
            assert list(levels) == DIFFICULTIES
            shown = [{key for key, on in levels[level]["visibleDetails"].items() if on} for level in DIFFICULTIES]
            assert shown == [everything, public, {"name"}]
            assert all(set(level["visibleDetails"]) == everything for level in levels.values())

    @pytest.mark.parametrize("part", ["description", "objectives", "clientBehavior", "sampleScenario"])
    def test_every_level_of_every_industry_has_its_own_text(self, part: str):
        texts = [level[part] for levels in shipped("difficulty-settings").values() for level in levels.values()]
        assert len(set(texts)) == 9
        assert min(len(text) for text in texts) > 80

    def test_parameters_steer_by_every_type(self):
        categories = shipped("parameters")
        kinds = [category["type"] for category in categories]
        assert all(kinds.count(kind) >= 2 for kind in ("structured", "narrative", "guardrails"))
        assert set(kinds) == {"structured", "narrative", "guardrails"}
        keys = [category["key"] for category in categories]
        assert len(set(keys)) == len(keys)
        assert all(SLUG.fullmatch(key) for key in keys)

    def test_parameters_say_what_they_do(self):
        parameters = [one for category in shipped("parameters") for one in category["parameters"]]
        assert len({one["name"] for one in parameters}) == len(parameters)
        for one in parameters:
            assert set(one) <= {"name", "description", "value", "range", "examples"}
            assert len(one["description"]) > 60
            assert one["value"] not in ("", None)
            assert all(isinstance(one.get(key, ""), str) for key in ("range", "examples"))

    @pytest.mark.parametrize("name", NAMES)
    def test_an_edit_through_the_api_reformats_nothing(self, files: DataFiles, name: data.Name):
        with files.change(name):
            pass
        assert (files.folder / f"{name}.json").read_bytes() == (SHIPPED / f"{name}.json").read_bytes()


# ------------------------------------------------------------------------------------------------ laying out
class TestLayOut:
    def test_fills_a_new_folder(self, tmp_path: Path):
        files = DataFiles(tmp_path / "new" / "data")
        assert files.lay_out() == [f"{name}.json" for name in NAMES]
        assert files.industries() == set(SUBCATEGORIES)

    def test_copies_only_what_is_missing(self, files: DataFiles):
        kept, gone = files.folder / "competencies.json", files.folder / "rubrics.json"
        kept.write_text("[]")
        gone.unlink()
        assert files.lay_out() == ["rubrics.json"]
        assert kept.read_text() == "[]"
        assert files.lay_out() == []

    def test_leaves_nothing_else_behind_but_the_lock(self, files: DataFiles):
        assert {path.name for path in files.folder.iterdir()} == {f"{name}.json" for name in NAMES} | {".lock"}

    def test_says_what_to_do_when_the_folder_cannot_be_made(self, tmp_path: Path):
        (tmp_path / "file").write_text("")
        with pytest.raises(StartError, match=r"file/data: .*DATA_DIR"):
            DataFiles(tmp_path / "file" / "data").lay_out()


# ------------------------------------------------------------------------------------------------ reading
class TestReaders:
    def test_competencies_fill_in_category_and_weight(self, files: DataFiles):
        with files.change("competencies") as content:
            content[:] = [{"id": "a", "name": "A"}, {"id": "b", "name": "B", "category": "", "weight": 0}]
        assert files.competencies() == [
            {"id": "a", "name": "A", "description": None, "category": "General", "weight": 10},
            {"id": "b", "name": "B", "description": None, "category": "General", "weight": 0},
        ]

    def test_competencies_of_an_industry(self, files: DataFiles):
        with files.change("industry-competencies") as content:
            content["insurance"]["life-health"]["competencies"] = ["communication"]
            content["two"] = {"other": {"competencies": ["x"]}, "default": {"competencies": ["y"]}}
            content["bare"] = {"one": {}}
        assert files.competencies_for("insurance") == ["communication"]
        assert files.competencies_for("insurance", "property-casualty") == list(SIX)
        assert files.competencies_for("two") == ["y"]
        assert files.competencies_for("bare") == []
        assert files.competencies_for("insurance", "no-such") == ["communication"], "an unknown one counts as the first"
        assert files.competencies_for("no-such") == files.competencies_for("__proto__") == []

    def test_rubric_rows_have_the_shape_clients_rely_on(self, files: DataFiles):
        entry = shipped("rubrics")[0]["rubric"]["intermediate"][4]
        assert files.rubrics("intermediate", ["communication"])[-1] == {
            "id": "communication-intermediate-5",
            "competency_id": "communication",
            "competency_name": "Communication Skills",
            "difficulty_level": 3,
            "criteria": "; ".join(entry["criteria"]),
            "weight": 10,
            "description": entry["description"],
        }

    def test_rubrics_are_chosen_by_difficulty_and_competency(self, files: DataFiles):
        assert len(files.rubrics()) == len({row["id"] for row in files.rubrics()}) == 90
        assert {row["difficulty_level"] for row in files.rubrics("advanced")} == {5}
        chosen = {row["competency_id"] for row in files.rubrics(competency_ids={"time-management"})}
        assert chosen == {"time-management"}
        assert files.rubrics("no-such") == files.rubrics(competency_ids=[]) == []

    def test_rubric_hash_changes_with_the_wording(self, files: DataFiles):
        before = files.rubric_hash()
        assert re.fullmatch(r"[0-9a-f]{12}", before)
        with files.change("rubrics") as content:
            content[0]["rubric"]["beginner"][0]["criteria"][0] += "."
        assert files.rubric_hash() != before

    def test_traits_are_five_lists_also_for_an_unknown_industry(self, files: DataFiles):
        assert all(len(one) >= 4 for one in files.industry_traits("insurance", "property-casualty").values())
        assert list(files.industry_traits("no-such", "x").items()) == [(trait, []) for trait in data.TRAITS]

    def test_parameter_defaults_are_the_shipped_ones(self, files: DataFiles):
        assert files.parameter_defaults() == shipped("parameters")

    def test_what_a_client_says_to_a_breach_is_a_list_also_where_the_file_has_a_text(self, files: DataFiles):
        with files.change("compliance") as breaches:
            breaches[0]["clientSays"] = "I'd want that in writing."
        assert files.compliance()[0]["clientSays"] == ["I'd want that in writing."]
        assert len(files.compliance()[1]["clientSays"]) > 1

    def test_breaches_are_the_same_for_all_until_the_file_changes(self, files: DataFiles):
        age(files.folder / "compliance.json")
        before = files.compliance()
        assert files.compliance() is before
        with pytest.raises(TypeError):
            before[0]["name"] = "mine"  # type: ignore[index]
        with files.change("compliance") as breaches:
            breaches[0]["name"] = "Guarantees"
        assert files.compliance()[0]["name"] == "Guarantees"

    def test_settings_of_a_difficulty_are_empty_where_there_are_none(self, files: DataFiles):
        settings = files.difficulty_settings()
        assert files.difficulty_setting("securities", "advanced") == settings["securities"]["advanced"]
        assert files.difficulty_setting("securities", "expert") == {} == files.difficulty_setting("banks", "advanced")

    def test_what_a_caller_does_to_an_answer_reaches_no_other(self, files: DataFiles):
        for name in NAMES:
            age(files.folder / f"{name}.json")

        def read() -> list[Any]:
            mine = files.industry_traits("insurance", "life-health"), files.industry_metadata()
            settings = files.difficulty_settings(), files.industry_competencies(), files.parameter_defaults()
            return [
                files.difficulty_setting("insurance", "beginner"),
                files.competencies(),
                files.competencies_for("insurance"),
                files.rubrics(),
                *mine,
                *settings,
            ]

        before = json.dumps(read())
        for answer in read():
            for part in answer.values() if isinstance(answer, dict) else answer:
                if isinstance(part, dict | list):
                    part.clear()
            answer.clear()
        assert json.dumps(read()) == before


class TestCache:
    def test_an_unchanged_file_is_not_read_again(self, files: DataFiles):
        path = files.folder / "industry-metadata.json"
        old = age(path)
        assert "securities" in files.industries()
        path.write_bytes(path.read_bytes().replace(b'"securities"', b'"SECURITIES"'))
        os.utime(path, ns=(0, old.st_mtime_ns))
        assert "securities" in files.industries()

    def test_an_edit_from_outside_is_seen(self, files: DataFiles):
        path = files.folder / "industry-metadata.json"
        age(path)
        assert files.industries() == set(SUBCATEGORIES)
        path.write_text('{"banking": {"displayName": "Bänking"}}', "utf-8")
        assert files.industry_metadata() == {"banking": {"displayName": "Bänking"}}

    def test_a_file_put_in_place_with_an_older_date_is_seen(self, files: DataFiles):
        path = files.folder / "industry-metadata.json"
        old = age(path)
        assert "securities" in files.industries()
        other = files.folder / "other"
        other.write_bytes(path.read_bytes().replace(b'"securities"', b'"SECURITIES"'))
        os.utime(other, ns=(0, old.st_mtime_ns))
        other.rename(path)
        assert "SECURITIES" in files.industries()

    def test_a_second_edit_in_the_same_tick_of_the_clock_is_seen(
        self, files: DataFiles, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(data, "_SETTLED_NS", 10**12)
        path = files.folder / "industry-metadata.json"
        first = path.stat()
        assert "securities" in files.industries()
        path.write_bytes(path.read_bytes().replace(b'"securities"', b'"SECURITIES"'))
        os.utime(path, ns=(0, first.st_mtime_ns))
        assert "SECURITIES" in files.industries()


BROKEN = {
    "nothing": ("competencies", b"", "not JSON"),
    "cut off": ("rubrics", b'[{"id": "communication", "na', "not JSON"),
    "not utf-8": ("industry-metadata", b'{"insurance": {"displayName": "\xff"}}', "not JSON"),
    "a list for a mapping": ("difficulty-settings", b"[]", "valid dictionary"),
    "a mapping for a list": ("competencies", b"{}", "valid list"),
    "no id": ("competencies", b'[{"name": "A"}]', r"0\.id: Field required"),
    "weight out of range": ("competencies", b'[{"id": "a", "name": "A", "weight": 101}]', r"0\.weight"),
    "weight true": ("competencies", b'[{"id": "a", "name": "A", "weight": true}]', r"0\.weight"),
    "criteria as text": (
        "rubrics",
        b'[{"id": "a", "name": "A", "rubric": {"beginner": [{"range": "1-2", "criteria": "x; y"}]}}]',
        r"0\.rubric\.beginner\.0\.criteria",
    ),
    "cap beyond the scale": (
        "compliance",
        b'[{"id": "a", "name": "A", "definition": "d", "severity": "low", "cap": 11}]',
        "0.cap",
    ),
    "unknown difficulty": ("rubrics", b'[{"id": "a", "name": "A", "rubric": {"expert": []}}]', "expert"),
    "list of text": ("industry-competencies", b'{"insurance": {"life-health": ["communication"]}}', "life-health"),
    "flag as text": (
        "difficulty-settings",
        b'{"insurance": {"beginner": {"visibleDetails": {"age": "yes"}}}}',
        r"insurance\.beginner\.visibleDetails\.age",
    ),
}


class TestBrokenFile:
    @pytest.mark.parametrize(("name", "content", "reason"), BROKEN.values(), ids=BROKEN)
    def test_is_named_with_its_cause_and_left_alone(
        self, files: DataFiles, name: data.Name, content: bytes, reason: str
    ):
        path = files.folder / f"{name}.json"
        path.write_bytes(content)
        reader = {
            "competencies": files.competencies,
            "rubrics": files.rubrics,
            "industry-metadata": files.industries,
            "industry-competencies": lambda: files.competencies_for("insurance"),
            "difficulty-settings": files.difficulty_settings,
            "compliance": files.compliance,
        }[name]
        with pytest.raises(DataFileError, match=rf"{re.escape(str(path))} .*{reason}"):
            reader()
        with pytest.raises(DataFileError, match=reason), files.change(name) as found:
            found.clear()
        assert files.lay_out() == []
        assert path.read_bytes() == content

    def test_is_read_again_once_it_is_mended(self, files: DataFiles):
        path = files.folder / "competencies.json"
        whole = path.read_bytes()
        path.write_bytes(whole[:50])
        with pytest.raises(DataFileError):
            files.competencies()
        path.write_bytes(whole)
        assert len(files.competencies()) == 6

    def test_a_missing_one_is_named(self, files: DataFiles):
        files.rubrics()
        (files.folder / "rubrics.json").unlink()
        with pytest.raises(DataFileError, match=r"rubrics\.json cannot be read: No such file"):
            files.rubrics()

    def test_what_the_api_may_be_sent_is_checked_beforehand(self):
        assert misfit("industry-metadata", {"x": {}}) is None
        assert misfit("difficulty-settings", {"insurance": {"beginner": {"description": "dé"}}}) is None
        assert misfit("industry-metadata", {"x": 5}) == "x: Input should be a valid dictionary"


# ------------------------------------------------------------------------------------------------ writing
@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Stands in for a full disk: the system ends a write at this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestChange:
    def test_writes_what_a_person_can_read(self, files: DataFiles):
        path = files.folder / "industry-metadata.json"
        with files.change("industry-metadata") as content:
            content.clear()
            content["zürich"] = {"displayName": "Zürich", "subcategories": {}}
        assert path.read_text("utf-8") == (
            '{\n  "zürich": {\n    "displayName": "Zürich",\n    "subcategories": {}\n  }\n}\n'
        )
        assert files.industries() == {"zürich"}

    def test_keeps_the_file_mode(self, files: DataFiles):
        path = files.folder / "competencies.json"
        path.chmod(0o640)
        with files.change("competencies") as content:
            content.pop()
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_starts_from_what_another_program_wrote_last(self, files: DataFiles):
        files.competencies()
        (files.folder / "competencies.json").write_text('[{"id": "a", "name": "A"}]')
        with files.change("competencies") as content:
            content.append({"id": "b", "name": "B"})
        assert [one["id"] for one in files.competencies()] == ["a", "b"]

    def test_writes_nothing_after_an_exception(self, files: DataFiles):
        before = (files.folder / "competencies.json").stat().st_ino
        with pytest.raises(KeyError), files.change("competencies") as content:
            content.remove(content[0]) or content[0]["no such key"]
        assert (files.folder / "competencies.json").stat().st_ino == before
        assert len(files.competencies()) == 6

    def test_refuses_what_could_not_be_read_again(self, files: DataFiles):
        with pytest.raises(DataFileError, match=r"not written.*0\.name"), files.change("competencies") as content:
            content[0]["name"] = 5
        with files.change("competencies") as content:
            assert content[0]["name"] == "Communication Skills"

    def test_leaves_the_old_file_and_no_part_of_the_new_when_the_disk_refuses(self, files: DataFiles):
        refused = pytest.raises(DataFileError, match=r"competencies\.json cannot be written: File too large")
        with refused, largest_file(100), files.change("competencies") as content:
            content.pop()
        assert list(files.folder.glob(".*.part")) == []
        assert len(files.competencies()) == 6

    def test_changes_two_files_together(self, files: DataFiles):
        with files.change("competencies") as all_of_them, files.change("industry-competencies") as lists:
            gone = all_of_them.pop()["id"]
            lists["insurance"]["life-health"]["competencies"].remove(gone)
        assert gone not in files.competencies_for("insurance")
        assert gone not in [one["id"] for one in files.competencies()]

    def test_refuses_to_change_a_file_inside_its_own_change(self, files: DataFiles):
        with pytest.raises(RuntimeError, match="inner change"), files.change("rubrics"), files.change("rubrics"):
            pass
        with files.change("rubrics") as content:
            assert len(content) == 6

    @pytest.mark.parametrize("before", [None, 0o644, 0o666])
    def test_lets_no_other_account_open_the_lock(self, files: DataFiles, before: int | None) -> None:
        """Who can open it can hold it, and nothing could be changed any more."""
        lock = files.folder / ".lock"
        lock.unlink(missing_ok=True)
        if before:
            lock.touch()
            lock.chmod(before)
        with files.change("competencies"):
            pass
        assert lock.stat().st_mode & 0o777 == 0o600

    def test_gives_up_on_a_lock_that_is_never_released(self, files: DataFiles, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(data, "LOCK_SECONDS", 0.05)
        with (files.folder / ".lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(DataFileError, match=r"rubrics\.json cannot be changed: another process has held"):
                files.change("rubrics").__enter__()
        with files.change("rubrics") as content:
            assert len(content) == 6


WRITER = """
import sys, time
from pathlib import Path
from rplay.data import DataFiles
folder, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
files = DataFiles(folder)
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    with files.change("difficulty-settings") as content:
        content.setdefault(who, {})[str(number)] = {"description": "é" * (number % 50)}
"""

WAITER = """
import gevent.monkey
gevent.monkey.patch_all()
import fcntl, sys, time
from pathlib import Path
import gevent
from rplay.data import DataFiles
files = DataFiles(Path(sys.argv[1]))
held = (files.folder / ".lock").open("a")
fcntl.flock(held, fcntl.LOCK_EX)

def change(industry):
    with files.change("industry-metadata") as content:
        content[industry] = {}

waiting = [gevent.spawn(change, industry) for industry in ("a", "b", "c")]
for _ in range(5):
    gevent.sleep(0.01)
assert not any(greenlet.ready() for greenlet in waiting)
held.close()
gevent.joinall(waiting, raise_error=True, timeout=60)
print(sorted({"a", "b", "c"} & files.industries()))
"""


@contextmanager
def writer(files: DataFiles, who: str, count: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WRITER, str(files.folder), who, str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


class TestWritersAtOnce:
    @pytest.mark.operations
    def test_two_processes_lose_none_of_200_changes_each(self, files: DataFiles):
        with writer(files, "one", 200) as one, writer(files, "two", 200) as two:
            go(one)
            go(two)
            assert (one.wait(240), two.wait(240)) == (0, 0)
        settings = files.difficulty_settings()
        expected = [str(number) for number in range(200)]
        assert (list(settings["one"]), list(settings["two"])) == (expected, expected)
        assert set(SUBCATEGORIES) < set(settings)

    def test_threads_lose_none_either(self, files: DataFiles):
        def add(who: str) -> None:
            for number in range(25):
                with files.change("industry-metadata") as content:
                    content[f"{who}-{number}"] = {}

        threads = [threading.Thread(target=add, args=(who,)) for who in ("a", "b", "c", "d")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(files.industries() - set(SUBCATEGORIES)) == 100

    @pytest.mark.operations
    def test_readers_never_see_half_a_file(self, files: DataFiles):
        path, seen = files.folder / "difficulty-settings.json", set()
        with writer(files, "one", 150) as process:
            go(process)
            while process.poll() is None:
                seen.add(len(json.loads(path.read_bytes()).get("one", {})))
                seen.add(len(files.difficulty_settings().get("one", {})))
            assert process.returncode == 0
        assert len(files.difficulty_settings()["one"]) == 150
        assert len(seen) > 2, "the reads were meant to fall between the writes"

    @pytest.mark.operations
    def test_waiting_for_the_lock_lets_other_greenlets_run(self, files: DataFiles):
        command = [sys.executable, "-c", WAITER, str(files.folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert (done.stdout, done.returncode) == ("['a', 'b', 'c']\n", 0), done.stderr


# ------------------------------------------------------------------------------------------------ no right to write
@contextmanager
def ordinary_user() -> Iterator[None]:
    """Root may write everywhere: give up its rights for a moment."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.fixture
def locked() -> Iterator[DataFiles]:
    """A complete folder that can be read but not written, outside of pytest's own (only its owner may enter that)."""
    with tempfile.TemporaryDirectory() as folder:
        files = DataFiles(Path(folder))
        files.lay_out()
        Path(folder).chmod(0o555)
        yield files
        Path(folder).chmod(0o755)


class TestReadOnlyFolder:
    def test_can_be_served_from(self, locked: DataFiles):
        with ordinary_user():
            assert locked.lay_out() == []
            assert len(locked.competencies()) == 6

    def test_refuses_a_change_with_the_cause(self, locked: DataFiles):
        before = (locked.folder / "rubrics.json").read_bytes()
        expected = r"rubrics\.json cannot be (changed|written): Permission denied"
        with ordinary_user(), pytest.raises(DataFileError, match=expected), locked.change("rubrics") as content:
            content.pop()
        assert (locked.folder / "rubrics.json").read_bytes() == before

    def test_stops_a_start_that_has_to_copy_something(self, locked: DataFiles):
        locked.folder.chmod(0o755)
        (locked.folder / "rubrics.json").unlink()
        locked.folder.chmod(0o555)
        with ordinary_user(), pytest.raises(StartError, match=r"Cannot set up .*Permission denied.*DATA_DIR"):
            locked.lay_out()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("industry-metadata", {str(number): 1 for number in range(1000)}),
        ("industry-competencies", {"a": {"b": {"competencies": [1] * 1000}}}),
        ("difficulty-settings", {"a": {"b": {"visibleDetails": {str(number): "x" for number in range(1000)}}}}),
    ],
)
def test_one_bad_item_is_enough_to_refuse_a_file(name, content):
    with pytest.raises(ValidationError) as refused:
        data._SHAPES[name].validate_python(content)
    assert refused.value.error_count() == 1
