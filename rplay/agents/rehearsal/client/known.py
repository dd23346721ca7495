"""What the client knows nearest to a question that nothing answers: a sentence of the profile about the same person or
thing, told in place of an evasion."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rplay.agents import meaning
from rplay.agents.rehearsal.client.evidence import against
from rplay.agents.rehearsal.client.fitting import is_closed
from rplay.agents.rehearsal.client.household import meant
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading.types import Sentence

# Similarity that a text needs: if it shares a word with the question or speaks of the same person; if it does not, or a
# yes or no is asked for; if it is a wish or a worry that is not asked for. Above _PLAINLY it is told without a lead-in.
_LEAST, _UNSHARED, _WISH, _PLAINLY = 0.16, 0.28, 0.36, 0.5
_BY_WORDS = 2  # shared words that a text needs if the model of meaning is not used
_TOLD = 0.2  # how much nearer a text must be that was told before
_THIN = 2  # a question with fewer words of its own is read together with what was said before it
_WISHES = re.compile(
    r"\b(?:want|wish|hope|goal|dream|plan|worr\w+|afraid|fear|scare\w*|matters?|important|preocup\w+)\b"
)
_WORK = re.compile(r"\b(?:work|job|living|trade|do all day|day look like|business|company)\b")


@dataclass(frozen=True, slots=True)
class _Known:
    text: str
    near: float
    told: bool


def best_known(moment: Moment) -> str:
    """Return the best answer to a question that nothing answers: what the client knows nearest to it, else that they
    do not know, in the form of the question."""
    if not moment.turn.asked:
        return ""
    last = moment.turn.asked[-1]
    forms = tuple(_forms(moment, last))
    if _MAY_DENY & {*forms} and (told := against(moment, last, facts=bool(_HAS_IT.search(bare(last.text))))):
        return " ".join(told)
    known = nearest_known(moment, last)
    return known or next((said for name in forms if (said := moment.say(f"unknown.{name}"))), "")


_MAY_DENY = frozenset({"has", "is_there", "knows"})


def _forms(moment: Moment, asked: Sentence) -> Iterator[str]:
    """Return the forms of the question, the most particular first."""
    text = bare(asked.text)
    if len(text.split()) <= _BARE < len(bare(moment.reading.text).split()):
        text = bare(moment.reading.text)  # the whole line has the form, as in `ballpark, 50? 100?`
    wants_yes_no = is_closed(text) and not _TELLS.search(text)
    found = (name for name, form in (_CLOSED if wants_yes_no else _FORMS) if form.search(text))
    # what asks in another language, and `and your husband?`, are no remarks
    remark = moment.turn.spoken in ("", "en") and not re.match(r"(?:and|or|what about) (?:\w+ ?){1,3}$", text)
    return (name for name in found if name != "tag" or remark)


_HAS_IT = re.compile(r"\b(?:do|have) you (?:have|got|own|carry)\b")
_BARE = 2  # a text with no more words than this has no form of its own
_TELLS = re.compile(r"\b(?:tell|walk|explain|describe|share|more about|ask (?:you )?(?:what|where|how|why|who|when))\b")
_FEELING = re.compile(
    r"\bhow (?:did|does|do|has|is|was|were|are) (?:that|this|it|you|all)\b.*\b(?:sit|feel|take|hit|land|for you)\b|"
    r"\bwhat (?:did|do) you (?:think|make)\b|"
    r"\bwhat(?:'s| is| was|'s that been| has) (?:that|it|this)?(?: been)? ?like\b|"
    r"\b(?:your|own) (?:feeling|reaction)\b"
)
_FORMS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("unsure", re.compile(r"\b(?:right|don't you think|isn't it|doesn't it|huh)$")),
    ("handles", re.compile(r"\b(?:who|wer)\b.*\b(?:papers?|paperwork|papiere|bills)\b")),
    ("tag", re.compile(r"^(?!.*\b(?:what|why|how|who|whose|when|where|which|tell|walk|explain|describe|share|or)\b)")),
    ("why", re.compile(r"\b(?:why|how come|what makes|what made|reason)\b")),
    ("when", re.compile(r"\b(?:when|how long|since when|what year|how soon|what date)\b")),
    ("sum", re.compile(r"\bhow (?:much|many|often)\b|\bwhat(?:'s| is) the (?:balance|cost|price)\b")),
    ("who", re.compile(r"\b(?:who|whose|whom)\b")),
    ("felt", _FEELING),
    (
        "worry",
        re.compile(r"\b(?:worr\w+|afraid|fear|concern\w*|bothers?|keeps you (?:up|awake)|on your mind|preocup\w+)\b"),
    ),
    ("first", re.compile(r"\b(?:priorit\w+|(?:comes?|put) first|matters? most|most (?:important|of all)|above all)\b")),
    ("which", re.compile(r"\bwhich\b|\bor\b")),
    ("how", re.compile(r"\bhow\b")),
    ("what", re.compile(r"")),
)
_CLOSED: Sequence[tuple[str, re.Pattern[str]]] = (
    ("tag", re.compile(r"\b(?:right|don't you think|isn't it|doesn't it|okay)$")),
    ("which", re.compile(r"\bor (?!less\b|not$|no$|anything|something|what$|so$|more$)")),
    ("leave", re.compile(r"^(?:\w+ ){0,4}(?:can|could|may|shall|should) (?:i|we)\b")),
    ("is_there", re.compile(r"^(?:\w+ ){0,4}(?:is|are|was|were) there\b")),
    ("knows", re.compile(r"^(?:\w+ ){0,4}(?:do|did) you (?:happen to )?(?:know|remember|recall)\b")),
    ("has", re.compile(r"\b(?:has|have|had|ever)\b")),
    ("yes_no", re.compile(r"")),
)


def nearest_known(moment: Moment, asked: Sentence) -> str:
    """Return the sentence, with a lead-in where it is not quite what was asked for; empty if none is near."""
    whom = _whom(moment, asked.text)
    question = _with_what_led(moment, asked.text)
    found = [_Known(text, _nearness(question, text) - less, _is_told(moment, text))
             for text, less in _texts(moment, asked.text)]  # fmt: skip
    asked_for = content(question)
    about = [one for one in found if (_speaks_of(one.text, whom) if whom else
             one.near >= _UNSHARED or asked_for & content(one.text))]  # fmt: skip
    best = max(about, key=lambda one: one.near - (_TOLD if one.told else 0), default=None)
    least = _UNSHARED if is_closed(bare(asked.text)) else _LEAST
    if best is None or best.near < least + (_TOLD if best.told else 0):
        return ""
    moment.voice.note(best.text)
    if best.told:
        return moment.led(moment.say("known.told"), best.text)
    plainly = best.near >= _PLAINLY or len(asked_for & content(best.text)) > 1
    return best.text if plainly else moment.led(moment.say("known.lead"), best.text)


def _texts(moment: Moment, question: str) -> Iterator[tuple[str, float]]:
    """Yield what the client would tell anybody, and how much nearer it must be: wishes and worries are seldom what a
    question asks for."""
    text = bare(question)
    wishes = bool(_WISHES.search(text))
    for one in moment.statements:
        if not (one.guarded and not moment.trusts):
            less = 0.0 if wishes or one.source not in ("goal", "worry") else _WISH - _LEAST
            yield sentences(one.text)[0], less
    for person in meant(moment, text):
        yield from ((said, 0.0) for key in ("work", "what", "school") for said in person.says.get(key, ())[:1])
    if moment.occupation and _WORK.search(text):
        yield moment.occupation, 0.0


def _whom(moment: Moment, question: str) -> frozenset[str]:
    """Return the words for the people whom the question names."""
    text = bare(question)
    named = {bare(one.name.split()[-1]) for one in meant(moment, text)}
    return frozenset(named | set(_KIN.findall(text)))


_KIN = re.compile(
    r"\b(?:mother|father|mom|dad|brother|sister|cousin|aunt|uncle|grandmother|grandfather|grandson|granddaughter"
    r"|niece|nephew|stepson|stepdaughter|neighbou?r|friend)\b"
)
_SAME = {"mom": "mother", "dad": "father"}


def _speaks_of(text: str, whom: frozenset[str]) -> bool:
    words = set(bare(text).replace("'s", "").split())
    return bool(words & (whom | {_SAME[one] for one in whom if one in _SAME}))


def _with_what_led(moment: Moment, question: str) -> str:
    if len(content(question)) >= _THIN:
        return question
    line = moment.reading.text
    if len(content(line)) >= _THIN:
        return line
    before = " ".join(moment.turns[-2].answer[-2:]) if moment.number else ""
    return f"{before} {question}".strip()


def _nearness(question: str, text: str) -> float:
    if meaning.on():
        return float(meaning.vector(bare(question)) @ meaning.vector(bare(text)))
    return _LEAST if len(content(question) & content(text)) >= _BY_WORDS else 0.0


def _is_told(moment: Moment, text: str) -> bool:
    return not moment.voice.is_new(text) or bare(text) in moment.memory.said
