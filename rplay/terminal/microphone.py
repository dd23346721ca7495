"""The learner's speech in a terminal: an external program records it, and the configured recogniser transcribes it."""

import platform
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rplay.config import Settings
from rplay.errors import HttpError, RecognitionError, StartError
from rplay.runtime.openai_key import Key
from rplay.stt import catalogue, recording
from rplay.stt.decoding import MOST_SECONDS, Resampler
from rplay.stt.listening import Turn
from rplay.stt.phrases import Phrases
from rplay.stt.recogniser import RATE, Recogniser

_PCM = f"-f s16le -ar {RATE} -ac 1 -".split()
_SOURCE = ["-f", "avfoundation", "-i", ":0"] if platform.system() == "Darwin" else ["-f", "alsa", "-i", "default"]
# Programs that write 16-bit mono PCM to stdout.
RECORDERS = (
    ("arecord", "-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1"),
    ("ffmpeg", "-loglevel", "quiet", *_SOURCE, *_PCM),
    ("rec", "-q", "-t", "raw", "-r", str(RATE), "-b", "16", "-e", "signed", "-c", "1", "-"),
)
STEP_BYTES = RATE // 10 * 2


def recogniser_of(settings: Settings) -> Recogniser:
    """Return the recogniser that the server would use. Raise StartError if there is none."""
    recogniser = catalogue.choose(settings, Key(settings.openai_api_key).get)
    if recogniser is None or not recogniser.configured():
        raise StartError(f"Nobody understands speech: {catalogue.remedy(settings)}.")
    return recogniser


def said_in(recogniser: Recogniser, audio: bytes) -> str:
    """Transcribe a recording. Raise StartError if it cannot be read or recognised."""
    try:
        return recording.transcribed(recording.read(audio), recogniser)[0]
    except (HttpError, RecognitionError) as error:
        raise StartError(f"{error}.") from None


def voice_of(heard: dict[str, Any]) -> dict[str, Any]:
    """Return what is stored about a spoken turn: docs/voice.md."""
    seconds = (heard["endMs"] - heard["startMs"]) / 1000
    return {"seconds": seconds, "pauseMs": heard["startMs"], "words": heard["words"], "fillers": heard["fillers"]}


def recorder() -> Sequence[str]:
    """Return the first recording program that is installed. Raise StartError if there is none."""
    found = next((command for command in RECORDERS if shutil.which(command[0])), None)
    if found is None:
        raise StartError(f"There is no program that records: install {', '.join(one[0] for one in RECORDERS)}.")
    return found


class Microphone:
    def __init__(self, recogniser: Recogniser, command: Sequence[str], pause_ms: float) -> None:
        self._recogniser, self._command, self._pause_ms = recogniser, command, pause_ms

    def listen(self) -> dict[str, Any]:
        """Record until a pause and return the recognised turn, in the format of the socket's last `heard` event.
        Raise RecognitionError if it fails or no sound was recorded.
        """
        turn, phrases, resampler = Turn(), Phrases(), Resampler()
        for pcm in self._recorded():
            for phrase in phrases.write(resampler.pcm(pcm, RATE)):
                turn.add(phrase, self._recogniser.transcribe(phrase.samples).text)
            if phrases.heard_ms > MOST_SECONDS * 1000 or (phrases.began and phrases.silent_ms >= self._pause_ms):
                break
        if not phrases.heard_ms:
            raise RecognitionError(f"{Path(self._command[0]).name} recorded nothing")
        if last := phrases.rest():
            turn.add(last, self._recogniser.transcribe(last.samples).text)
        return turn.summed_up(phrases.heard_ms)

    def _recorded(self) -> Iterator[bytes]:
        program = subprocess.Popen(  # noqa: S603
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert program.stdout
        try:
            while len(pcm := program.stdout.read(STEP_BYTES)) == STEP_BYTES:
                yield pcm
        finally:
            program.terminate()
            program.stdout.close()
            program.wait()
