import gevent
import pytest
from gevent.event import Event
from structlog.testing import capture_logs

from rplay import background


def fails(address):
    raise ValueError(f"Key (email)=({address}) already exists")


class TestOnce:
    def test_is_done_beside(self):
        done = []
        background.run("note", done.append, "it").join()
        assert done == ["it"]

    def test_a_failure_is_an_event_without_what_it_was_about(self, capsys):
        with capture_logs() as lines:
            background.run("mail", fails, "ann@example.com").join()
        (line,) = lines
        assert (line["event"], line["work"], line["error"]) == ("background_work_failed", "mail", "ValueError")
        assert line["at"][-1].startswith("fails (test_background.py:")
        assert "ann@example.com" not in str(lines) + "".join(capsys.readouterr())

    def test_can_be_ended(self):
        job = background.run("wait", gevent.sleep, 60)
        gevent.sleep(0)
        job.kill()
        assert job.dead


class TestEndless:
    @pytest.mark.parametrize("ends", ["with an error", "without"])
    def test_begins_anew_when_it_ended(self, monkeypatch, ends):
        monkeypatch.setattr(background, "RESTART_SECONDS", 0)
        thrice, times = Event(), []

        def work():
            times.append(1)
            if len(times) == 3:
                thrice.set()
            if ends == "with an error":
                raise ValueError

        job = background.run("look", work, endless=True)
        assert thrice.wait(60)
        job.kill()
