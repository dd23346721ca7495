"""Splits audio into phrases, each of which is recognised while the speaker goes on."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rplay.stt.detector import FRAME, FRAME_MS, Detector
from rplay.stt.recogniser import RATE, Samples

SPEECH, SILENCE = 0.5, 0.35  # scores: from the first on a frame is speech, below the second it is silence
BEGINS = 3  # successive frames of speech, 96 ms, that are too long for a click
BEFORE = 10  # frames, 320 ms, that are kept from before the speech, as its first sound is soft
PAUSE = 12  # frames of silence, 384 ms, that end a phrase; shorter pauses cost words
SHORTEST = 32  # frames, 1 s: shorter phrases give the recogniser too little context
LONGEST = 375  # frames, 12 s, after which a phrase is cut where speech is least likely
LOOK_BACK = 125  # last frames, 4 s, among which that place is searched


@dataclass(frozen=True)
class Phrase:
    """A phrase. `start_ms` and `end_ms` are the times of its speech, since the recognition began."""

    samples: Samples
    start_ms: float
    end_ms: float


class Phrases:
    """Splits audio into phrases.

    `speaking` is True while somebody speaks, `silent_ms` is the time since the last speech, and `began` is True if
    anybody has spoken since the last `reset`.
    """

    def __init__(self) -> None:
        import numpy

        self._numpy = numpy
        self._detector = Detector()
        self._odd = numpy.zeros(0, numpy.float32)  # samples of an incomplete frame
        self._frames: deque[tuple[Any, float]] = deque()  # frames with their scores
        self._count = 0  # frames processed so far
        self._run = 0  # successive frames of speech
        self._start: int | None = None  # first frame of the current phrase
        self._last = 0  # last frame with speech
        self.began = False

    @property
    def speaking(self) -> bool:
        return self._start is not None

    @property
    def silent_ms(self) -> float:
        return (self._count - self._last) * FRAME_MS

    @property
    def heard_ms(self) -> float:
        return self._count * FRAME_MS

    def reset(self) -> None:
        """Begin a new turn."""
        self.began = False

    def write(self, samples: Samples) -> list[Phrase]:
        """Add samples and return the phrases that end with them."""
        samples = self._numpy.concatenate([self._odd, samples])
        whole = len(samples) // FRAME * FRAME
        self._odd = samples[whole:]
        found = (self._take(samples[at : at + FRAME]) for at in range(0, whole, FRAME))
        return [phrase for phrase in found if phrase is not None]

    def rest(self) -> Phrase | None:
        """Return the unfinished phrase at the end of the audio, if there is one."""
        return self._cut(len(self._frames)) if self._start is not None else None

    def _take(self, frame: Samples) -> Phrase | None:
        score = self._detector.score(frame)
        self._frames.append((frame, score))
        self._count += 1
        self._run = self._run + 1 if score >= SPEECH else 0
        if self._start is None:
            self._begin()
            return None
        if score >= SILENCE:
            self._last = self._count
        if self._count - self._last >= PAUSE and self._count - self._start >= SHORTEST:
            return self._cut(len(self._frames))
        return self._cut(self._best_place()) if len(self._frames) >= LONGEST else None

    def _begin(self) -> None:
        if self._run >= BEGINS:
            self.began = True
            self._start, self._last = self._count - self._run, self._count
        while self._start is None and len(self._frames) > BEFORE + BEGINS:
            self._frames.popleft()

    def _best_place(self) -> int:
        """Return the place after that of the last frames in which speech is least likely."""
        first = len(self._frames) - LOOK_BACK
        scores = [score for _, score in islice(self._frames, first, None)]
        return first + scores.index(min(scores)) + 1

    def _cut(self, frames: int) -> Phrase:
        """Return the first frames as a phrase; the frames behind them begin the next one."""
        assert self._start is not None
        taken = [self._frames.popleft()[0] for _ in range(frames)]
        end = min(self._last, self._count - len(self._frames))
        phrase = Phrase(self._numpy.concatenate(taken), self._start * FRAME_MS, end * FRAME_MS)
        self._start = self._count - len(self._frames) if self._frames else None
        return phrase


def phrases_of(samples: Samples) -> list[Phrase]:
    phrases = Phrases()
    found = phrases.write(samples)
    last = phrases.rest()
    return [*found, last] if last else found


def seconds_of(samples: Samples) -> float:
    return len(samples) / RATE
