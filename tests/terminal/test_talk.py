"""A talk on a console that is a text, with an AI that says what it was told to."""

import io
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from rplay.agents.chain import Chain
from rplay.agents.types import Scene
from rplay.data import DataFiles
from rplay.errors import AIUnavailable, SpeechError
from rplay.terminal.talk import Talk
from rplay.terminal.training import Training
from rplay.terminal.voice import Voice
from tests.agents.scripted import Scripted

REVIEW = json.dumps(
    {
        "overallScore": 6,
        "competencyScores": [
            {"name": "Needs Assessment", "score": 7, "strengths": ["Asked [why]"], "specificExamples": ["Why now?"]}
        ],
        "generalStrengths": ["Kind"],
        "generalImprovements": ["Slower"],
        "summary": "A fair start.",
    }
)
PROGRESS = json.dumps(
    {"rapport": 80, "needs": 20, "objections": 0, "recommendations": 100, "explanation": "Going well."}
)
PROFILE = {"name": "Ann Lee", "age": 41, "occupation": "Nurse", "income": "$60,000", "goals": ["Sleep well", "Retire"]}


class Speaker:
    """A voice that says the text itself."""

    def __init__(self) -> None:
        self.broken = False

    def configured(self) -> bool:
        return True

    def voices(self) -> frozenset[str]:
        return frozenset()

    def stream(self, text: str, voice: str, speed: float):
        if self.broken:
            raise SpeechError("the voice server could not be reached")
        yield text.encode()


@pytest.fixture
def training(data_dir: Path) -> Training:
    data = DataFiles(data_dir)
    data.lay_out()
    visible = {"name": True, "age": True, "occupation": True, "income": False, "primaryGoals": True}
    scene = Scene(PROFILE, "insurance", "beginner", "life-health", ["Needs Assessment"], visible=visible)
    return Training(Chain([Scripted("openai")]), {"openai": "some-model"}, data, scene, {"objectives": "Listen."})


@pytest.fixture
def talk(training: Training, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Plays a talk in which the learner types these lines; what was shown, as one line."""

    def play(typed: str, *answers: object, voice: Voice | None = None) -> str:
        training.chain.candidates(None)[0].enqueue(*answers)
        shown = io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        Talk(training, Console(file=shown, highlight=False, width=100), voice).run()
        return " ".join(shown.getvalue().split())

    return play


def test_shows_what_may_be_known_and_nothing_else(talk):
    said = talk("", "Hello.")
    assert "Ann Lee · insurance, life-health · beginner" in said
    assert "aged 41; Nurse; wants Sleep well, Retire" in said
    assert "60,000" not in said
    assert "Your task: Listen." in said
    assert "AI: some-model (openai)" in said


def test_the_client_speaks_first_and_answers_what_is_said(talk, training):
    said = talk("Why now?\n", ["Hello, ", "I am Ann."], "Because [b]of[/b] that.", REVIEW)
    assert "Ann Lee: Hello, I am Ann. You: Why now? Ann Lee: Because [b]of[/b] that." in said
    assert [message["content"] for message in training.messages] == [
        "Initial greeting",
        "Hello, I am Ann.",
        "Why now?",
        "Because [b]of[/b] that.",
    ]


def test_the_review_is_shown_by_competency(talk):
    review = talk("Why now?", "Hello.", "Well.", REVIEW).partition(" Review ")[2]
    assert "A fair start. Needs Assessment ███████░░░ 7 of 10 + Asked [why] » “Why now?”" in review
    assert "What went well + Kind What to work on - Slower Overall 6 of 10" in review


def test_nothing_said_is_not_reviewed(talk):
    assert talk("/end", "Hello.").endswith("You have said nothing, so there is nothing to review.")


def test_the_expert_is_asked_without_the_client_hearing_it(talk, training):
    said = talk("/help\n/help What is a rider?\n", "Hello.", "## Coaching\nAsk **more**.", "A rider is an extra.")
    assert "Ask more." in said
    assert "A rider is an extra." in said
    asked = training.chain.candidates(None)[0].history
    assert [call.prompt[-1]["content"] for call in asked[1:]] == ["What should I do next?", "What is a rider?"]
    assert len(training.messages) == 2


def test_progress_is_measured_when_it_is_asked_for(talk):
    said = talk("/progress\n/progress\n", "Hello.", PROGRESS, AIUnavailable("away"))
    assert "Rapport ████████░░ 80 % Needs ██░░░░░░░░ 20 % Objections ░░░░░░░░░░ 0 %" in said
    assert "Going well. You: /progress The progress is not known." in said


def test_what_was_not_answered_can_be_said_again(talk, training):
    said = talk("Why now?\nWhy now?\n/help", "Hello.", AIUnavailable("away"), "Because.", AIUnavailable("away"), REVIEW)
    assert "Ann Lee did not answer. Try again, or /end. You: Why now? Ann Lee: Because." in said
    assert "The expert did not answer. Try again." in said
    assert [message["content"] for message in training.messages].count("Why now?") == 1


def test_an_empty_line_listens_and_the_review_knows_how_it_was_spoken(training, monkeypatch):
    class Microphone:
        def listen(self):
            return {"text": "Why now?", "startMs": 400, "endMs": 2400, "words": 2, "fillers": 0}

    training.chain.candidates(None)[0].enqueue("Hello.", "Because.", REVIEW)
    shown = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n/end\n"))
    Talk(training, Console(file=shown, highlight=False, width=100), None, Microphone()).run()
    assert training.messages[2]["voice"] == {"seconds": 2.0, "pauseMs": 400, "words": 2, "fillers": 0}
    assert "You: Why now?" in shown.getvalue()
    assert "2 seconds in 1 turns, the longest 2; 60 words a minute" in shown.getvalue()


def test_another_provider_that_takes_over_is_named(talk, training):
    training.chain = Chain([Scripted("openai", "Hello.", AIUnavailable("away")), Scripted("local", "Because.")])
    said = talk("Why now?\n/end", REVIEW)
    assert "Ann Lee: Because. The AI changed: rehearsal, made of rules" in said


def test_each_line_of_the_client_is_saved_once(talk, tmp_path):
    talk("Why now?", "Hello.", "Because.", REVIEW, voice=Voice(Speaker(), tmp_path / "lines", None))
    assert [path.read_text() for path in sorted((tmp_path / "lines").iterdir())] == ["Hello.", "Because."]


def test_a_player_is_given_each_file_until_the_learner_speaks(tmp_path):
    played = tmp_path / "played"
    voice = Voice(Speaker(), tmp_path, ("sh", "-c", f'cat "$0" > {played}; exec sleep 60'))
    voice.say("Hello.")
    while not (played.exists() and played.read_text() == "Hello."):
        time.sleep(0.01)
    player = voice._playing
    voice.hush()
    assert player.returncode == -signal.SIGTERM


def test_a_talk_goes_on_without_a_voice_that_fails(talk, tmp_path):
    speaker = Speaker()
    speaker.broken = True
    said = talk("Why now?", "Hello.", "Because.", REVIEW, voice=Voice(speaker, tmp_path / "lines", None))
    assert said.count("There is no voice any more: the voice server could not be reached") == 1
    assert "Overall 6 of 10" in said
