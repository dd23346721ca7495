"""Drafts scenarios by rules: the facts are found in the trainer's text by their words, and the client is generated."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from rplay.agents.persona.life import Subject
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.types import ScenarioWish

READ = 10_000  # only this many characters of the trainer's text are read
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_FORBIDDEN = re.compile(
    r"\b(?:must not|may not|mustn't|never|do not|don't|not allowed|forbidden|avoid|without promising)\b", re.IGNORECASE
)
_DEMANDED = re.compile(r"\b(?:must|has to|have to|needs to|should|always|make sure|be sure)\b", re.IGNORECASE)
_HIDDEN = re.compile(
    r"\b(?:hides?|hiding|hidden|secret(?:ly)?|keeps? (?:back|quiet)|nobody knows|won't say|doesn't (?:say|tell)"
    r"|does not (?:say|tell)|ashamed)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|\b(?:percent|costs?|fees?|waiting time|premium|yields?|pays?|covers?|term)\b", re.IGNORECASE)
_NAME = re.compile(r"\b([A-Z][a-zäöüéè]+ [A-Z][a-zäöüéè]+)\b")
_AGE = re.compile(r"\b([2-9]\d)\b(?=,|\s*-?\s*years?[ -]old|\s+and\b)")
_WORK = re.compile(
    r"\b(?:works as|is) an? ((?:(?!and )[a-z-]+ ){0,3}?[a-z-]*(?:er|or|ist|ant|ian|man|ress|nurse|clerk|cook|pilot))\b"
)
_FIRST_PERSON = (
    (r"\b(?:she|he|they)\b", "I"), (r"\b(?:her|his|their)\b", "my"), (r"\bI is\b", "I am"), (r"\bI has\b", "I have"),
)  # fmt: skip
_ORDER = re.compile(
    r"^(?:(?:the )?(?:advisor|learner|they|you) )?(?:must|has to|have to|needs to|should|always|make sure to)\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-zà-ÿ]{4,}")
_NO_NAME = frozenset(("the", "a", "an", "our", "my", "say", "name", "ask", "explain", "never", "practise"))
_COMMON = frozenset((
    "about", "also", "always", "been", "before", "being", "cannot", "client", "clients", "customer", "does", "from",
    "have", "hidden", "hides", "into", "know", "knows", "learner", "make", "many", "more", "must", "need", "needs",
    "never", "nobody", "only", "other", "says", "secret", "should", "sure", "tell", "tells", "that", "their", "them",
    "then", "there", "they", "this", "told", "what", "when", "where", "which", "while", "will", "with",
    "without", "would", "your", "advisor",
))  # fmt: skip
_PRODUCTS = {
    "insurance": [
        "What is covered stands in the policy, and so does what is not.",
        "The price depends on age and health.",
    ],
    "wealth-management": ["The fee is a yearly share of what is managed.", "A plan is looked at again once a year."],
    "securities": ["Prices can fall by half in a bad year.", "Every order has a cost."],
}
_POINTS = (
    ("Say what it costs", ["cost*", "price*", "fee*", "premium*"]),
    ("Name a drawback", ["drawback*", "downside*", "risk*", "can lose", "not cover*"]),
)
_TABOO = ("Promise a result", ["guarantee*", "no risk", "cannot lose", "can't lose"], "high")


def drafted(wish: ScenarioWish, seed: int) -> dict[str, Any]:
    """Return a drafted scenario. The same request and seed give the same one."""
    sentences = [one.strip() for one in _SENTENCE.split(wish.text[:READ]) if one.strip()]
    industry, _, subcategory = _kind(wish).partition("/")
    wish = replace(wish, industry=industry, subcategory=subcategory or None)
    hidden = [one for one in sentences if _HIDDEN.search(one)]
    client = _client(wish, [one for one in sentences if one not in hidden], seed)
    return {
        "name": _title(sentences, client["name"]),
        "industry": industry,
        "subcategory": subcategory or None,
        "difficulty": wish.difficulty,
        "task": _task(client["name"], sentences, hidden),
        "client": client,
        "secrets": [_secret(one) for one in hidden[:3]] or _made_up(wish, client),
        "product": _facts(sentences, hidden) or _PRODUCTS.get(industry, _PRODUCTS["insurance"]),
        "mustSay": _demanded(sentences) or [{"text": text, "phrases": phrases} for text, phrases in _POINTS],
        "mustNotSay": _forbidden(sentences),
        "passMark": 7,
        "minutes": 30,
    }


def _kind(wish: ScenarioWish) -> str:
    """Return the requested kind; without one, the kind whose name shares most words with the text, else the first."""
    said = {word[:5] for word in _WORD.findall(wish.text.lower())}
    own = f"{wish.industry}/{wish.subcategory or ''}"
    order = sorted(
        wish.kinds, key=lambda kind: -len(said & {word[:5] for word in _WORD.findall(wish.kinds[kind].lower())})
    )
    if wish.industry:
        return own
    return order[0] if order else "insurance/"


def _client(wish: ScenarioWish, sentences: Sequence[str], seed: int) -> dict[str, Any]:
    """Return a generated client, with name, age and work from the text if it mentions them."""
    made = {
        key: value for key, value in generate(wish, seed).items() if key not in ("personality", "fusionModelTraits")
    }
    text = " ".join(sentences)
    if name := next((found for found in _NAME.findall(text) if _is_name(found)), None):
        made["background"] = str(made["background"]).replace(made["name"].split()[0], name.split()[0])
        made["name"] = name
    if age := _AGE.search(text):
        made["age"] = int(age[1])
    if work := _WORK.search(text):
        made["occupation"] = work[1].strip().capitalize()
    return made


def _is_name(words: str) -> bool:
    """Return whether the words are a name. "The Client" at the start of a sentence is not."""
    first = words.split()[0].lower()
    return first not in _COMMON | _NO_NAME


def _title(sentences: Sequence[str], name: str) -> str:
    words = sentences[0].rstrip(".!?:").split() if sentences else []
    return " ".join(words) if 2 <= len(words) <= 6 else f"A talk with {name}"


def _task(name: str, sentences: Sequence[str], hidden: Sequence[str]) -> str:
    told = [one for one in sentences if one not in hidden and not _FORBIDDEN.search(one) and not _DEMANDED.search(one)]
    about = " ".join(told)[:600].strip()
    return f"{name} comes to see you. Find out what matters to them before you propose anything. {about}".strip()


def _secret(sentence: str) -> dict[str, Any]:
    """Return a secret: the clause after "that", as the client would say it."""
    own = _in_first_person(sentence.partition(" that ")[2] or sentence)
    words = _weighty(own)
    return {
        "about": f"the {words[0]}" if words else "something else",
        "words": words[:8],
        "says": [own],
        "unlock": ["reason", "empathy"],
    }


def _in_first_person(clause: str) -> str:
    for pattern, words in _FIRST_PERSON:
        clause = re.sub(pattern, words, clause, flags=re.IGNORECASE)
    return clause[:1].upper() + clause[1:]


def _made_up(wish: ScenarioWish, client: dict[str, Any]) -> list[dict[str, Any]]:
    """Return secrets that a client of this kind has anyway."""
    subjects = life_of(client, wish.industry, wish.subcategory, wish.difficulty).subjects
    return [_hidden(one) for one in subjects if one.reserve == 2 and one.says][:2]


def _hidden(subject: Subject) -> dict[str, Any]:
    says = list(dict.fromkeys(line for lines in subject.says.values() for line in lines))
    unlock = list(subject.unlock) or ["reason", "empathy"]
    return {"about": subject.name, "words": list(subject.words)[:10], "says": says[:3], "unlock": unlock}


def _facts(sentences: Sequence[str], hidden: Sequence[str]) -> list[str]:
    plain = (one for one in sentences if one not in hidden and not _FORBIDDEN.search(one) and not _DEMANDED.search(one))
    return [one for one in plain if _FIGURE.search(one) and not _AGE.search(one)][:5]


def _demanded(sentences: Sequence[str]) -> list[dict[str, Any]]:
    found = [_ordered(one) for one in sentences if _DEMANDED.search(one) and not _FORBIDDEN.search(one)]
    made = ((one, list(_phrases(one.partition(" ")[2]))) for one in found[:4])
    return [{"text": one, "phrases": phrases} for one, phrases in made if phrases]


def _ordered(sentence: str) -> str:
    """Return a demand as an instruction: "The advisor must name the price." becomes "Name the price"."""
    order = _ORDER.sub("", sentence).rstrip(".!")
    return order[:1].upper() + order[1:]


def _forbidden(sentences: Sequence[str]) -> list[dict[str, Any]]:
    found = [(one.rstrip(".!"), list(_phrases(one))) for one in sentences if _FORBIDDEN.search(one)]
    own = [{"text": one, "phrases": phrases, "severity": "high"} for one, phrases in found[:4] if phrases]
    text, phrases, severity = _TABOO
    return own or [{"text": text, "phrases": phrases, "severity": severity}]


def _phrases(words: str) -> Iterator[str]:
    """Yield each pair of neighbouring important words, and the longest one with any ending."""
    weighty = _weighty(words)
    yield from (f"{one} {other}" for one, other in pairwise(weighty[:5]))
    if weighty:
        yield max(weighty, key=len) + "*"


def _weighty(sentence: str) -> list[str]:
    """Return the words without those that are common in any sentence."""
    return list(dict.fromkeys(word for word in _WORD.findall(sentence.lower()) if word not in _COMMON))
