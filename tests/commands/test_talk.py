"""`rplay talk`."""

import pytest

from tests.commands.conftest import ended
from tests.commands.sound import listen, speaks


@speaks
def test_goes_from_the_greeting_to_the_review(settings, tmp_path):
    """With nobody at the keyboard, as the whole command, and the client's lines as files."""
    typed = "Good morning, I am Sam. What brings you here?\n\n/help What is term life?\n/progress\n/what\n/end\nNever heard.\n"
    talk = ended("talk", "--difficulty", "beginner", "--voice", "lines", typed=typed)
    assert (talk.returncode, talk.stderr) == (0, "")
    assert "\x1b" not in talk.stdout
    said = " ".join(talk.stdout.split())
    assert "insurance, life-health · beginner" in said
    assert "AI: rehearsal, made of rules" in said
    assert "You: Good morning, I am Sam." in said
    assert "Expert Summary" in said
    assert "Recommendations" in said
    assert said.count("/help [question] asks the expert") == 2
    review = said.partition(" Review ")[2]
    for competency in ("Communication Skills", "Needs Assessment", "Objection Handling"):
        assert competency in review
    assert " of 10" in review.partition("Overall")[2]
    assert "Never heard" not in said
    for line in ("01.mp3", "02.mp3"):
        listen((tmp_path / "lines" / line).read_bytes())
    assert not (tmp_path / "lines" / "03.mp3").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--industry", "banking"], "There is no industry 'banking'; there are insurance, "),
        (["--subcategory", "cars"], "insurance has no subcategory 'cars'; it has life-health, property-casualty."),
    ],
)
def test_names_what_there_is(run, options, reason):
    done = run("talk", *options)
    assert done.exit_code == 1
    assert reason in done.stderr


def test_says_what_to_set_when_there_is_no_ai(run, settings):
    settings(NODE_ENV="production")
    assert "Error: No AI provider is configured: set OPENAI_API_KEY" in run("talk").stderr
