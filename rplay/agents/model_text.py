"""Makes the text of a model fit to be shown and spoken: removes thoughts, channel marks, NUL and broken characters.

Models think in tags before they speak, chat templates leak their marks, tokenizers split characters, and small models
go on with what the advisor says next. None of that was said by the client. Marks are recognised by their exact
spelling, because a client may say "<Thinking> is hard".
"""

import re
from typing import Literal

# What a model does before its words. "unknown": not seen yet. "speaks": it speaks at once, or marks where its thoughts
# begin. "thinks": it marks only the end of its thoughts, because the beginning stands in the server's prompt.
Habit = Literal["unknown", "speaks", "thinks"]

_TAG = "(?:(?:mm|seed):)?(?:think|thinking|thought|reasoning)"
_TURN = r"(?:<\|(?:im_start|start_header_id|im_assistant|assistant)\|>|<start_of_turn>|<｜Assistant｜>)\s*"
_OTHERS = ("User", "Human", "Advisor", "Financial Advisor")  # speakers whose lines a model may add after the client's
_MARKS = re.compile(
    rf"""
    (?P<open><{_TAG}>|◁think▷|\[THINK\]|<\|channel>|<\|START_THINKING\|>|<\|begin_of_thought\|>)
    |(?P<close></{_TAG}>|◁/think▷|\[/THINK\]|<channel\|>|<\|END_THINKING\|>|<\|end_of_thought\|>)
    |(?P<over>
        <\|(?:im_end|eot_id|eom_id|eot|return|endoftext|end_of_text|END_OF_TURN_TOKEN|END_RESPONSE|user|system|im_user)\|>
        |<(?:end_of_turn|end_of_utterance|/s|eos)>|<｜(?:end▁of▁sentence|User)｜>|\[INST\]
        |<(?:\|im_start\||\|start_header_id\||start_of_turn)>\s*(?:user|system)\b
    )
    |(?P<header><\|(?:start|channel)\|>)
    |(?P<message><\|message\|>)
    |(?P<end><\|end\|>)
    |(?P<turn>{_TURN}(?:assistant|model)?(?:<\|im_middle\|>)?\s*)
    |(?P<mark><\|[A-Za-z_]{{2,30}}\|>|<(?:unused\d{{1,5}}|bos|pad|unk|s|/?answer)>|<｜begin▁of▁sentence｜>|\[/INST\])
    |(?P<other>\n\s{{0,8}}\*{{0,2}}(?:{"|".join(map(re.escape, _OTHERS))})\*{{0,2}}\s?:)
    """,
    re.VERBOSE,
)
_OTHERS_BEGUN = "|".join(re.escape(name[:end]) for name in _OTHERS for end in range(1, len(name) + 1))
# Text at the end of a piece that may become a mark with the next piece.
_BEGUN = re.compile(
    r"(?:<[|/｜]?[A-Za-z_:▁0-9]{0,30}[|｜]?|◁/?[a-z]{0,8}|\[/?[A-Z]{0,5}"
    rf"|\n\s{{0,8}}\*{{0,2}}(?:{_OTHERS_BEGUN})?\*{{0,2}}\s?"
    rf"|{_TURN}[a-z]{{0,12}}(?:<[|a-z_]{{0,12}})?\s*)\Z"
)
_DRESS = " \n\t*_"


def shown(text: str, name: str = "") -> str:
    """Return the words of a complete answer. `name` is the client's name, which some models put in front."""
    words = Words(name, "unknown")
    return (words.shown(text) + words.rest()).strip()


def whole_characters(text: str) -> str:
    """Return the text with surrogate pairs joined, U+FFFD for a lone half, and without NUL."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class Words:
    """Passes on the words of an answer that comes in pieces, and keeps back text that may turn out not to be words.

    Unless the model is known to speak at once, its words wait until it is clear that they are no thoughts. Afterwards
    `habit` says how the model began.
    """

    def __init__(self, name: str = "", habit: Habit = "unknown") -> None:
        self.habit: Habit = habit
        self._waits = habit != "speaks"
        self._mode: Literal["words", "thoughts", "header", "other", "over"] = "words"
        self._header = ""
        self._unread = ""
        self._words = ""
        # only a client has a name here: an answer of the coach may quote the advisor's lines
        self._one_speaks = bool(name.strip())
        self._front = _Front(name)

    def shown(self, piece: str) -> str:
        """Return what can be shown now, of this piece and of the text kept before it."""
        self._unread += piece
        self._read(_BEGUN.search(self._unread))
        return "" if self._waits else self._front.without(self._given())

    def rest(self) -> str:
        """Return the words that are left, once no more pieces come."""
        self._read(None)
        if self.habit == "unknown":
            self.habit = "speaks"
        return self._front.without(whole_characters(self._words)) + self._front.rest()

    def _read(self, begun: re.Match[str] | None) -> None:
        """Process the text up to `begun`, the possible beginning of a mark, which waits for the next piece."""
        end = begun.start() if begun else len(self._unread)
        at = 0
        while (found := _MARKS.search(self._unread, at)) and found.start() < end:
            self._pass(self._unread[at : found.start()])
            self._turn(found)
            at = found.end()
        self._pass(self._unread[at : max(at, end)])
        self._unread = self._unread[max(at, end) :]

    def _pass(self, text: str) -> None:
        if self._mode == "words":
            self._words += text
        elif self._mode == "header":
            self._header += text

    def _turn(self, found: re.Match[str]) -> None:
        """Set the mode for the text after this mark."""
        kind = found.lastgroup
        if self._mode == "over" or (self._mode == "thoughts" and kind in {"open", "mark", "turn", "other"}):
            return
        if kind == "other" and not self._one_speaks:
            self._pass(found.group())
        elif kind == "other" and self._mode == "words":
            self._mode = "other"
        elif kind == "over":
            self._mode = "over"
        elif kind == "close" and self._mode in {"words", "other"}:
            self._mode = "words"
            self._words, self.habit, self._waits = "", "thinks", False  # the words before this mark were thoughts
        elif kind == "open":
            self._mode = "thoughts"
        elif kind in {"close", "end"} and self._mode == "thoughts":
            self._mode = "words"
        elif kind == "header":
            self._mode, self._header = "header", "" if self._mode != "header" else self._header
        elif kind == "message" and self._mode == "header":
            self._mode = "thoughts" if re.search("analysis|commentary", self._header) else "words"
        if kind in {"open", "header"}:
            self._waits = False  # this model marks where its thoughts begin, so its other words need not wait

    def _given(self) -> str:
        """Return the words so far. The first half of a surrogate pair waits for its second half."""
        words, self._words = self._words, ""
        if words and 0xD800 <= ord(words[-1]) < 0xDC00:
            words, self._words = words[:-1], words[-1]
        return whole_characters(words)


class _Front:
    """Removes a label such as `Ann Lee:` from the beginning of what the client says."""

    def __init__(self, name: str) -> None:
        first = name.split()[:1]
        self._names = [one for one in (name.strip(), *first, "Client") if one] if name.strip() else []
        spelled = "|".join(re.escape(one) for one in self._names)
        self._label = re.compile(rf"[{_DRESS}]*(?:{spelled})[*_]*\s*:[{_DRESS}]*")
        self._held = ""
        self._passed = not self._names

    def without(self, words: str) -> str:
        if self._passed:
            return words
        self._held += words
        found = self._label.match(self._held)
        if (found and found.end() == len(self._held)) or (not found and self._may_begin()):
            return ""
        return self.rest()

    def rest(self) -> str:
        """Return the text kept so far without the label; nothing is kept afterwards."""
        found = None if self._passed else self._label.match(self._held)
        words, self._held, self._passed = self._held[found.end() if found else 0 :].lstrip(), "", True
        return words

    def _may_begin(self) -> bool:
        held = self._held.strip(_DRESS)
        return any(f"{name}:".startswith(held) for name in self._names)
