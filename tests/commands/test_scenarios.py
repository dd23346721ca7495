"""`rplay scenarios`."""

import json

import yaml

from rplay.training.files import shipped
from tests.trained import CONTENT

NEW = yaml.safe_dump({"key": "one", **CONTENT})


def test_import_takes_over_the_six_that_come_with_the_program(run, url):
    done = run("scenarios", "import")
    assert done.exit_code == 0, done.stderr
    assert done.stderr == "6 of 6 new or changed.\n"
    listed = json.loads(run("scenarios", "list", "--json").stdout)
    assert sorted(one["industry"] for one in listed) == sorted(["insurance", "securities", "wealth-management"] * 2)


def test_import_makes_the_next_version_of_what_says_something_else(run, url, tmp_path):
    file = tmp_path / "one.yaml"
    for text, became in ((NEW, "new"), (NEW, "as it was"), (NEW.replace("passMark: 6", "passMark: 8"), "changed")):
        file.write_text(text)
        assert run("scenarios", "import", file).stdout == f"one\t{became}\n"
    assert json.loads(run("scenarios", "list", "--json").stdout)[0]["version"] == 2


def test_import_takes_nothing_over_where_one_is_wrong(run, url, tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(NEW)
    for text, said in (
        (NEW.replace("key: one", "key: One!"), "needs a key of small letters, digits and dashes"),
        (NEW.replace("key: one", "key: two").replace("passMark: 6", "passMark: 60"), "Invalid scenario: passMark"),
        ("a: [", "is no YAML"),
        ("a: &a [x]\nb: *a", "aliases are not read"),
        (NEW, "another file has the key one"),
        ("[" * 5000, "is no YAML"),
        ("!!python/object/apply:os.system ['true']", "is no YAML"),
        ("", "needs a key"),
    ):
        bad.write_text(text)
        done = run("scenarios", "import", good, bad)
        assert done.exit_code == 1, text[:50]
        assert "Nothing was taken over" in done.stderr
        assert said in done.stderr
    assert run("scenarios", "list", "--json").stdout.strip() == "[]"


def test_what_is_exported_is_as_it_was_when_it_comes_back(run, url, tmp_path):
    run("scenarios", "import")
    done = run("scenarios", "export", tmp_path / "all")
    assert (done.exit_code, done.stderr) == (0, f"6 written into {tmp_path / 'all'}.\n")
    paths = sorted((tmp_path / "all").iterdir())
    assert [path.name for path in paths] == [name for name, _ in shipped()]
    done = run("scenarios", "import", *paths)
    assert done.stderr == "0 of 6 new or changed.\n"


def test_export_overwrites_only_when_it_is_told_to(run, url, tmp_path):
    run("scenarios", "import")
    run("scenarios", "export", tmp_path)
    assert run("scenarios", "export", tmp_path).exit_code == 1
    assert run("scenarios", "export", tmp_path, "--force").exit_code == 0
