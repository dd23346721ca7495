"""`rplay listen`."""

import pytest

from tests.stt.recordings import LINE, encoded, samples_of, silence, wrong_words


@pytest.fixture
def recorded(tmp_path):
    (tmp_path / "line.ogg").write_bytes(encoded(samples_of(LINE), "ogg", "libopus"))
    (tmp_path / "silence.wav").write_bytes(encoded(silence(1), "wav", "pcm_s16le"))
    (tmp_path / "none.wav").write_text("no sound")
    return tmp_path


@pytest.mark.practice
def test_prints_what_is_said(run, recorded):
    done = run("listen", "line.ogg")
    assert (done.exit_code, wrong_words(LINE, done.stdout)) == (0, 0)
    assert run("listen", "silence.wav").stdout == "\n"


def test_says_what_is_no_recording(run, recorded):
    done = run("listen", "none.wav")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "Error: Audio format not supported.\n")
    assert run("listen", "nowhere.wav").exit_code == 2


def test_says_what_to_set_where_nobody_understands(run, recorded, settings):
    settings(STT_PROVIDER="openai")
    assert "Error: Nobody understands speech: set STT_API_KEY" in run("listen", "line.ogg").stderr
