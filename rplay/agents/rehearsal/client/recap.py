"""Checks what the advisor reads back: every sum, span, trade and person against the profile and the life. What is wrong
is put right in a short sentence, and what is right confirmed."""

import re
from collections.abc import Iterator, Sequence

from rplay.agents import meaning
from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client import presumed
from rplay.agents.rehearsal.client.claims import confirmed, is_total
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.heard import says
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.steps import sends
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.words import bare, capital, kept, names
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.reading.types import Sentence

Said = list[str]
_READS_BACK = re.compile(
    r"\b(?:is (?:that|this|it all) (?:about |more or less |pretty much )?(?:right|correct)|both (?:right|correct)"
    r"|(?:all )?correct$|(?:so )?to (?:confirm|recap)\b|(?:that's|that) (?:about )?(?:right|correct)$|"
    r"(?:so )?what i(?:'m| am)? "
    r"hear(?:ing|d)?\b.{0,12} is\b|let me say (?:it |that |this )?back"
    r"|did i (?:get|hear|understand|have|leave) (?:\w+ ){0,3}(?:right|wrong|correctly|out|off)"
    r"|what did i (?:get wrong|miss)"
    r"|(?:did|do) i (?:miss|forget) anything|(?:do i have|have i got) (?:that|it|this|all) (?:right|straight)"
    r"|let me (?:read (?:it|that|this) back|check (?:my notes|that i)|test my notes|see if i)"
    r"|so what i(?:'ve| have)(?: got)? (?:is|so far)|let me (?:sum|repeat)|to sum (?:up|it up))\b"
)
_STATES = re.compile(r"(?:so |okay |right |and )*you(?:'ve got| have| got| said| told me| mentioned)\b")
_LEAST_WORDS = 9  # a shorter line reads nothing back
_SAME = 0.06
_NEAR = 0.25  # how near a text with another span must be to be about the same thing
_MOST = 3


def read_back(moment: Moment) -> Said:
    """Return what is wrong in what the advisor reads back, else the confirmation; an empty list for any other line."""
    text = bare(moment.reading.text)
    asked = [one for one in moment.turn.asked if not forms.tagged(one.text)]
    if moment.number and _STATES.match(text) and not asked and (wrong := list(_wrong_sums(moment))):
        return [moment.say("claim.wrong"), *map(capital, wrong[:_MOST])]
    if not moment.number or not _READS_BACK.search(text) or len(text.split()) < _LEAST_WORDS:
        return []
    if wrong := list(dict.fromkeys(_wrong(moment)))[:_MOST]:
        return [moment.say("claim.wrong"), *map(capital, wrong)]
    return confirmed(moment) or ([] if _goes_on(moment) else to_summary(moment))


def _goes_on(moment: Moment) -> bool:
    """Return whether the line proposes or asks something besides reading back."""
    if moment.does("propose") or any(_asks_more(one) for one in moment.turn.asked):
        return True
    checks = [at for at, one in enumerate(moment.reading.sentences) if _READS_BACK.search(bare(one.text))]
    later = moment.reading.sentences[checks[-1] + 1 :] if checks else ()
    return any(one in moment.turn.asked and not _OF_SELF.match(bare(one.text)) for one in later)


def _asks_more(sentence: Sentence) -> bool:
    text = bare(sentence.text)
    return bool(_WH.search(text)) and not _READS_BACK.search(text)


_WH = re.compile(r"\b(?:which|how|when|where|why|who|what(?! i(?:'m|'ve| have| am| hear|$)))\b")
_OF_SELF = re.compile(r"(?:or )?(?:am|was|did|do|have) i\b")


def _wrong(moment: Moment) -> Iterator[str]:
    for one in moment.reading.sentences:
        yield from filter(None, (check(moment, one) for check in presumed.CHECKS))
    yield from _wrong_sums(moment)
    for one in moment.reading.sentences:
        yield from filter(None, (_span(moment, piece) for piece in _pieces(one)))


def _wrong_sums(moment: Moment) -> Iterator[str]:
    named: Sequence[Subject] = ()
    for one in moment.reading.sentences:
        for piece in _pieces(one):
            alone = len(piece.split()) <= _BARE_SUM  # a bare sum belongs to what was named just before
            named = _named(moment, one.text if _EACH.search(piece) else piece) or (named if alone else ())
            yield from _sums(moment, piece, named)
            yield from _still_owed(moment, piece)


def _still_owed(moment: Moment, piece: str) -> Iterator[str]:
    said = set(bare(piece).split())
    for one in moment.life.of_kind("debt") if _PAID_OFF.search(bare(piece)) else ():
        if "what" in one.figures and said & (set(bare(one.name).split()) - _OF_ANY_DEBT):
            yield f"there's still {spoken(one.figures['what'])} on {one.name}"


_OF_ANY_DEBT = frozenset({"the", "my", "a", "loan", "debt", "on", "for", "of", "at", "and", "is", "off"})
_PAID_OFF = re.compile(r"(?<!not )(?<!isn't )\b(?:paid off|paid up|clear of debt|all paid)\b")


def _pieces(sentence: Sentence) -> list[str]:
    return re.split(r"[,;:]\s+(?:and )?|\sand\s", sentence.text)


_EACH = re.compile(r"\b(?:each|apiece)\b")

# Sums


def _named(moment: Moment, piece: str) -> Sequence[Subject]:
    """Return the debts and assets that the piece names."""
    text = f" {bare(piece)} "
    held = (*moment.life.of_kind("debt"), *moment.life.of_kind("asset"))
    single = (one for one in held if one.id not in ("assets", "debts") and "what" in one.figures)
    return [one for one in single if any(names(text, word) for word in one.words)][:2]


def _sums(moment: Moment, piece: str, named: Sequence[Subject]) -> Iterator[str]:
    said = [one.value for one in amounts(piece) if one.unit in (None, "dollars") and one.value >= _SMALL]
    for subject in named if len(said) == 1 and not is_total(moment, said[0]) else ():
        known = subject.figures["what"]
        meant = [value for value in (said[0], 1000 * said[0]) if 0.02 < value / max(known.value, 1) < 50]
        if meant and not any(abs(value - known.value) <= _SAME * known.value for value in meant):
            yield f"it's {spoken(known)} {'on' if subject.kind == 'debt' else 'in'} {subject.name}"


_BARE_SUM = 3  # words
_SMALL = 100  # what is smaller is an age, a count or a rate


# Spans


def _span(moment: Moment, piece: str) -> str:
    """Return the sentence of the profile with the right span; empty if the span is right or cannot be judged."""
    said = _spans(piece)
    if len(said) != 1:
        return ""
    timed = [one.text for one in moment.statements if _spans(one.text) and not one.guarded]
    if any(said[0] in _spans(text) for text in timed) or not timed:
        return ""
    best = max(timed, key=lambda text: _closeness(piece, text))
    if _closeness(piece, best) < _NEAR:
        return ""
    return best if moment.voice.is_new(best) else moment.led(moment.say("known.told"), best)


def _spans(text: str) -> list[tuple[float, str]]:
    """Return the spans in a text: `(11, "years")` of `widowed for eleven years`."""
    found = []
    for one in amounts(text):
        if hit := re.search(rf"\b{re.escape(one.text.strip())}[ -](year|month|week)s?\b", text, re.IGNORECASE):
            found.append((one.value, hit[1].lower()))
    return found


def _closeness(piece: str, text: str) -> float:
    if meaning.on():
        return float(meaning.vector(bare(piece)) @ meaning.vector(bare(text)))
    return _NEAR if content(piece) & content(text) else 0.0


# Summaries


def sums_up(moment: Moment) -> bool:
    if moment.does("next_step") and (not moment.reading.claims or sends(moment)):
        return False
    claimed = says(moment, "sums_up") and (bool(moment.reading.claims) or moment.number > 1)
    short = says(moment, "recap") and not moment.turn.asked and bool(_OF_THEM.search(moment.reading.text.lower()))
    summed = moment.does("summarise") or claimed or short
    return (summed and not moment.does("propose")) or (moment.does("summarise") and says(moment, "sums_up"))


_OF_THEM = re.compile(r"\b(?:your|you(?:'re|'ve|'d| are| have| want| need| said| told| work| would| were))\b")


def to_summary(moment: Moment) -> Said:
    """Return a correction if a figure is wrong, else a confirmation with what the summary left out."""
    if wrong := confirmed(moment):
        return wrong
    lead = moment.say("claim.summary" if "summarise" in moment.turn.acts else "claim.right")
    missing = _left_out(moment)
    asked = says(moment, "sums_up") and re.search(r"\bmiss|forg|leave|left|add\b|wrong", moment.reading.text.lower())
    if not missing or moment.life.style.terse > 80 or not (asked or moment.voice.chance("missing", 50)):
        return kept(lead)
    return kept(lead, moment.led(moment.say("claim.missing"), missing))


_MATTERS = (("worry", "what"), ("goal", "what"))


def _left_out(moment: Moment) -> str:
    """Return a goal or worry that the summary did not mention; empty if there is none."""
    summed = content(moment.reading.text)
    for kind, aspect in _MATTERS:
        for one in moment.life.subjects:
            if one.kind == kind and one.reserve < 2 and moment.tells(one) and not content(one.name) & summed:
                return moment.new_of(one.says.get(aspect, ()))
    return ""
