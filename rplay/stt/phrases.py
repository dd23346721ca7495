"""What is said, phrase by phrase: each is recognised while the speaker goes on."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rplay.stt.detector import FRAME, FRAME_MS, Detector
from rplay.stt.recogniser import RATE, Samples

SPEECH, SILENCE = 0.5, 0.35  # scores from which on, and below which, somebody speaks or does not
BEGINS = 3  # frames of speech in a row, 96 ms, that are no click any more
BEFORE = 10  # frames, 320 ms, that are kept from before the speech: its first sound is soft
PAUSE = 12  # frames, 384 ms, of silence that end a phrase; shorter ones cost words
SHORTEST = 32  # frames, 1 s: a shorter phrase has too little sense for the recogniser
LONGEST = 375  # frames, 12 s, after which a phrase is cut where it is least likely speech
LOOK_BACK = 125  # frames, 4 s, in which that is looked for


@dataclass(frozen=True)
class Phrase:
    """`start_ms` and `end_ms` of the speech in it, since the listening began."""

    samples: Samples
    start_ms: float
    end_ms: float


class Phrases:
    """`speaking` says whether somebody does; `silent_ms` how long nobody did since; `began` whether anybody has since
    the last `reset`."""

    def __init__(self) -> None:
        import numpy

        self._numpy = numpy
        self._detector = Detector()
        self._odd = numpy.zeros(0, numpy.float32)  # less than a frame
        self._frames: deque[tuple[Any, float]] = deque()  # with their scores
        self._count = 0  # frames heard in all
        self._run = 0  # frames of speech in a row
        self._start: int | None = None  # of the phrase, in frames
        self._last = 0  # frame of speech
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
        """A new turn."""
        self.began = False

    def write(self, samples: Samples) -> list[Phrase]:
        """The phrases that end with these samples."""
        samples = self._numpy.concatenate([self._odd, samples])
        whole = len(samples) // FRAME * FRAME
        self._odd = samples[whole:]
        found = (self._take(samples[at : at + FRAME]) for at in range(0, whole, FRAME))
        return [phrase for phrase in found if phrase is not None]

    def rest(self) -> Phrase | None:
        """What is left when the speaker has ended."""
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
        """Behind the frame of the last seconds that is least likely speech."""
        first = len(self._frames) - LOOK_BACK
        scores = [score for _, score in islice(self._frames, first, None)]
        return first + scores.index(min(scores)) + 1

    def _cut(self, frames: int) -> Phrase:
        """So many frames as a phrase; what is behind them begins the next."""
        assert self._start is not None
        taken = [self._frames.popleft()[0] for _ in range(frames)]
        end = min(self._last, self._count - len(self._frames))
        phrase = Phrase(self._numpy.concatenate(taken), self._start * FRAME_MS, end * FRAME_MS)
        self._start = self._count - len(self._frames) if self._frames else None
        return phrase


def phrases_of(samples: Samples) -> list[Phrase]:
    """Those of a whole recording."""
    phrases = Phrases()
    found = phrases.write(samples)
    last = phrases.rest()
    return [*found, last] if last else found


def seconds_of(samples: Samples) -> float:
    return len(samples) / RATE
