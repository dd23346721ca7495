"""Speaks a text sentence by sentence while it is still being written."""

import re
from collections import deque
from collections.abc import Callable
from contextlib import closing

import gevent
import structlog
from gevent.queue import Queue

from rplay.errors import SpeechError
from rplay.tts.sentences import Sentences
from rplay.tts.session import BYTES_A_SECOND
from rplay.tts.speakable import speakable
from rplay.tts.speaker import Audio, Timed

log = structlog.get_logger()

AT_ONCE = 2  # simultaneous calls to the voice: the next sentence is requested while one is being sent to the listener
MOST_WAITING = 16  # pieces of a sentence that may be queued before the voice has to wait
CHARACTERS_A_SECOND = 15  # rate of speech, used while the length of a sentence is unknown


class Sentence:
    """A sentence. `text` is its part of the message, `words` what is spoken of it."""

    def __init__(self, number: int, text: str, words: str) -> None:
        self.number = number
        self.text = text
        self.words = words
        self.seconds = 0.0
        self.sent = 0  # pieces of audio that were sent
        self.whole = False
        self.pieces: Queue[bytes | Exception | None] = Queue(MOST_WAITING)

    def note(self, piece: bytes) -> None:
        self.sent += 1
        self.seconds += piece.seconds if isinstance(piece, Timed) else len(piece) / BYTES_A_SECOND

    def until(self, milliseconds: float) -> str:
        """Return the part of the text that was heard after this time."""
        lasts = self.seconds if self.whole else max(self.seconds, len(self.words) / CHARACTERS_A_SECOND)
        said = re.findall(r"\s*\S+", self.text)
        heard = int(len(said) * min(1.0, milliseconds / 1000 / lasts)) if lasts else 0
        return "".join(said[:heard])


class Narration:
    """Speaks a text. `speak` calls the voice, `send` receives each piece of audio in order, `wait` waits until the
    listener can take more.

    Its greenlets swallow the GreenletExit that kills them. Otherwise gevent would keep it as their result, and in a
    reference cycle the frames it passed through: after a thousand learners left, 100 MB stayed in memory until the next
    garbage collection.
    """

    def __init__(
        self,
        speak: Callable[[str], Audio],
        send: Callable[[Sentence, bytes], None],
        wait: Callable[[], None],
    ) -> None:
        self.sentences: list[Sentence] = []
        self.error: Exception | None = None
        self.stopped = False
        self._speak, self._send, self._wait = speak, send, wait
        self._cutter = Sentences()
        self._unspoken = ""  # marks and stage directions before the next sentence
        self._due: deque[Sentence] = deque()
        self._asked: Queue[Sentence | None] = Queue()
        self._calls: dict[Sentence, gevent.Greenlet] = {}
        self._sender = gevent.spawn(self._send_all)

    @property
    def speaking(self) -> bool:
        return not self._sender.ready() and not self.stopped

    @property
    def heard(self) -> list[Sentence]:
        """Return the sentences of which some audio was sent."""
        return [sentence for sentence in self.sentences if sentence.sent]

    def write(self, text: str) -> None:
        for sentence in self._cutter.write(text):
            self._add(sentence)

    def finish(self) -> None:
        """Note that no more text follows."""
        self._add(self._cutter.rest())
        if self._unspoken and self.sentences:
            self.sentences[-1].text += self._unspoken
        self._due.append(Sentence(-1, "", ""))
        self._ask()

    def stop(self) -> None:
        """Stop the narration: no audio is sent after this call, and calls to the voice are ended without waiting
        for them.
        """
        self.stopped = True
        self._sender.kill(block=False)

    def join(self) -> None:
        self._sender.join()

    def _add(self, text: str) -> None:
        text, self._unspoken = self._unspoken + text, ""
        words = speakable(text)
        if words:
            self.sentences.append(Sentence(len(self.sentences), text, words))
            self._due.append(self.sentences[-1])
            self._ask()
        else:
            self._unspoken = text

    def _ask(self) -> None:
        """Request further sentences, up to AT_ONCE at a time."""
        while self._due and len(self._calls) < AT_ONCE and self.error is None and not self.stopped:
            sentence = self._due.popleft()
            if sentence.words:
                self._calls[sentence] = gevent.spawn(self._read, sentence)
            self._asked.put(sentence if sentence.words else None)

    def _read(self, sentence: Sentence) -> None:
        try:
            with closing(self._speak(sentence.words)) as audio:
                for piece in audio:
                    sentence.pieces.put(piece)
        except gevent.GreenletExit:
            return
        except Exception as error:
            sentence.pieces.put(error)
        sentence.pieces.put(None)

    def _send_all(self) -> None:
        try:
            for sentence in iter(self._asked.get, None):
                for piece in iter(sentence.pieces.get, None):
                    if not sentence.pieces.empty():
                        # audio that is already there must not keep other greenlets, or a stop, from running
                        gevent.sleep(0)
                    self._pass_on(sentence, piece)
                sentence.whole = True
                del self._calls[sentence]
                self._ask()
        except gevent.GreenletExit:
            return
        except SpeechError as error:
            self.error = error
        except Exception as error:
            log.exception("speech_crashed")
            self.error = error
        finally:
            for call in self._calls.values():
                call.kill(block=False)

    def _pass_on(self, sentence: Sentence, piece: bytes | Exception) -> None:
        if isinstance(piece, Exception):
            raise piece
        self._wait()
        if not self.stopped:
            self._send(sentence, piece)
            sentence.note(piece)
