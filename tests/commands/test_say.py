"""`rplay say`."""

import pytest

from tests.commands.conftest import PATIENCE, begun
from tests.commands.sound import listen, speaks

TEXT = "My pension alone is not enough to retire at sixty."


@speaks
def test_writes_an_mp3_that_plays(run, tmp_path):
    done = run("say", TEXT, "-o", "out.mp3")
    assert (done.exit_code, done.stdout) == (0, "")
    assert 1.5 < listen((tmp_path / "out.mp3").read_bytes()).duration < 8


@speaks
def test_speaks_what_is_piped_in_and_pipes_it_out(run):
    slow = run("say", "-", "-o", "-", "--speed", "0.5", input=TEXT)
    quick = run("say", "-", "-o", "-", "--speed", "2", input=TEXT)
    assert listen(slow.stdout_bytes).duration > 1.5 * listen(quick.stdout_bytes).duration


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["  "], "Text is required"),
        (["x" * 4001], "Text is too long (max 4000 characters)"),
        (["Hello", "--voice", "bob"], "Unknown voice: bob"),
        (["Hello", "--speed", "9"], "Speed must be between 0.25 and 4.0"),
    ],
)
def test_refuses_what_the_server_refuses(run, tmp_path, words, reason):
    done = run("say", *words, "-o", "out.mp3")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"Error: {reason}\n")
    assert not (tmp_path / "out.mp3").exists()


def test_says_what_to_set_when_there_is_no_voice(run, settings):
    settings(TTS_PROVIDER="openai")
    assert "Error: No voice is configured" in run("say", "Hello", "-o", "out.mp3").stderr


def test_says_that_a_file_cannot_be_written(run):
    done = run("say", "Hello", "-o", "/nowhere/out.mp3")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Could not open file '/nowhere/out.mp3'" in done.stderr


@pytest.mark.operations
@speaks
def test_keeps_warnings_out_of_the_sound(settings):
    """The voice model that is set here ends; the local voice takes over, as nobody answers there."""
    settings(TTS_API_KEY="k", OPENAI_TTS_MODEL="tts-1", HTTPS_PROXY="http://127.0.0.1:9")
    with begun("say", TEXT, "-o", "-") as command:
        sound, warned = command.said(PATIENCE)
    assert command.returncode == 0, warned
    assert b"voice_model_ends" in warned
    assert listen(sound).duration > 1.5
