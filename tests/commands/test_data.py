"""`rplay data …`."""

import json
from pathlib import Path

import pytest

from rplay.data import NAMES, shipped


@pytest.fixture
def database(url, settings):
    settings(DATA_STORE="database")
    return url


@pytest.fixture
def folder(run, tmp_path):
    """An export of the shipped files."""
    done = run("data", "export", "out")
    assert done.exit_code == 0, done.stderr
    return tmp_path / "out"


def change(path: Path, name: str) -> None:
    content = json.loads(path.read_text())
    content[0]["name"] = name
    path.write_text(json.dumps(content))


@pytest.mark.parametrize("store", ["files", "database"])
def test_what_goes_out_comes_in_again(run, url, settings, look, store, tmp_path):
    settings(DATA_STORE=store)
    out = run("data", "export", "out")
    assert sorted(out.stdout.splitlines()) == sorted(f"out/{name}.json" for name in NAMES)
    assert {name: (tmp_path / f"out/{name}.json").read_bytes() for name in NAMES} == {
        name: shipped(name) for name in NAMES
    }
    change(tmp_path / "out/competencies.json", "Calm")
    done = run("data", "import", "out")
    assert (done.stdout, done.stderr) == ("competencies\n", "1 of 6 is other than before.\n")
    assert run("data", "import", "out").stderr == "0 of 6 are other than before.\n"
    run("data", "export", "again")
    assert json.loads((tmp_path / "again/competencies.json").read_text())[0]["name"] == "Calm"
    assert look("SELECT name, version FROM data_files") == [("competencies", 1)] * (store == "database")


def test_a_file_that_is_not_there_stays(run, database, folder, look):
    change(folder / "rubrics.json", "Manner")
    for name in set(NAMES) - {"rubrics"}:
        (folder / f"{name}.json").unlink()
    assert run("data", "import", folder).stderr == "1 of 1 is other than before.\n"
    assert look("SELECT name FROM data_files") == [("rubrics",)]


@pytest.mark.parametrize(("text", "reason"), [("{", "is not JSON"), ("[5]", "does not hold what it should: 0")])
def test_none_comes_in_when_one_is_not_right(run, database, folder, look, text, reason):
    change(folder / "competencies.json", "Calm")
    (folder / "rubrics.json").write_text(text)
    done = run("data", "import", folder)
    assert done.exit_code == 1
    assert f"{folder}/rubrics.json {reason}" in done.stderr
    assert look("SELECT count(*) FROM data_files") == [(0,)]


def test_an_empty_folder_is_a_mistake(run, database, tmp_path):
    (tmp_path / "empty").mkdir()
    done = run("data", "import", "empty")
    assert (done.exit_code, "empty has none of competencies.json" in done.stderr) == (1, True)


def test_files_that_are_there_are_left(run, url, folder):
    change(folder / "competencies.json", "Calm")
    done = run("data", "export", folder)
    assert (done.exit_code, f"{folder}/competencies.json is there already" in done.stderr) == (1, True)
    assert run("data", "export", folder, "--force").exit_code == 0
    assert (folder / "competencies.json").read_bytes() == shipped("competencies")


def test_health_looks_where_they_are(run, database, look):
    def check():
        checks = {row["check"]: row for row in json.loads(run("health", "--json").stdout)}
        return checks["data files"]

    assert (check()["state"], check()["text"]) == ("ok", "6 in the database")
    look("INSERT INTO data_files (name, content) VALUES ('rubrics', '[5]')")
    assert check()["state"] == "failed"
    assert "rubrics in the database does not hold" in check()["text"]
