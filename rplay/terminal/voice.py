"""The client's voice in a terminal: an MP3 file per line, played if a player is installed."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from rplay.config import Settings
from rplay.errors import StartError
from rplay.runtime.openai_key import Key
from rplay.tts.catalogue import KINDS, choose
from rplay.tts.request import parse
from rplay.tts.speaker import Speaker

# Programs that play an MP3 file without output.
PLAYERS = (
    ("mpv", "--no-video", "--really-quiet"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("mpg123", "-q"),
    ("afplay",),
)


def speaker_of(settings: Settings) -> Speaker:
    """Return the voice that the server would use. Raise StartError if there is none."""
    speaker = choose(settings, Key(settings.openai_api_key).get)
    if not speaker.configured():
        remedies = ", or ".join(kind.remedy for kind in KINDS)
        raise StartError(f"No voice is configured: {remedies}; TTS_PROVIDER must not rule it out.")
    return speaker


def spoken(speaker: Speaker, text: str, voice: str = "alloy", speed: float = 1.0) -> bytes:
    """Return the text as MP3. Raise SpeechRefused with the reason, or SpeechError if the voice fails."""
    request = parse({"text": text, "voice": voice, "speed": speed}, speaker.voices())
    return b"".join(request.audio_of(speaker))


def player() -> Sequence[str] | None:
    """Return the first player that is installed, or None."""
    return next((command for command in PLAYERS if shutil.which(command[0])), None)


class Voice:
    """Saves the lines of one talk as numbered files in a folder, and plays them with the player, if any."""

    def __init__(self, speaker: Speaker, folder: Path, player: Sequence[str] | None) -> None:
        self.folder = folder
        self._speaker = speaker
        self._player = player
        self._playing: subprocess.Popen[bytes] | None = None
        self._lines = 0

    def say(self, text: str) -> None:
        audio = spoken(self._speaker, text)
        self._lines += 1
        path = self.folder / f"{self._lines:02}.mp3"
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(audio)
        if self._player:
            self._playing = subprocess.Popen(  # noqa: S603
                [*self._player, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def hush(self) -> None:
        """Stop the player."""
        if self._playing:
            self._playing.terminate()
            self._playing.wait()
            self._playing = None
