"""What an MP3 file sounds like."""

from importlib.util import find_spec

import miniaudio
import pytest

speaks = pytest.mark.skipif(find_spec("hibari") is None, reason="the extra `local` is not installed")


def listen(mp3: bytes) -> miniaudio.DecodedSoundFile:
    """The sound, after a look that it is no silence."""
    sound = miniaudio.decode(mp3, nchannels=1)
    assert max(sound.samples) > 1000
    return sound
