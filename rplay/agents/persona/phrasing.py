"""Turns a profile's goals, worries and doubts into the client's words: `Leaving the family with debts` into a
sentence."""

import re
from functools import cache

from rplay.agents.persona.first_person import Speaker, first_person, fragment, is_deed
from rplay.agents.persona.grammar import article, is_of, lower_first, sentence
from rplay.agents.persona.retelling import ME
from rplay.agents.persona.tables import table
from rplay.agents.persona.verbs import class_of, finite


@cache
def _form(name: str) -> re.Pattern[str]:
    return re.compile(rf"^{table('grammar')['forms'][name]}", re.IGNORECASE)


_WISH = re.compile(
    r"(?:to|wants? to|i want to|i'd like to|would like to|hopes? to|hoping to|looking to|plans? to|needs? to) ", re.I
)
_SOFTENED = re.compile(r"^(?:not|never|maybe|perhaps|eventually|finally) ", re.IGNORECASE)


_A_COVER = re.compile(r"[Cc]over(?:age)? (?:of|for|that|which)\b")  # no deed, as in `Cover the house`


def goal(text: str, who: Speaker) -> tuple[str, str]:
    """Return a goal as the words after `I want to`, or as a noun if it is no action. One of the two is empty."""
    bare = _WISH.sub("", text.rstrip(". "), count=1) if _WISH.match(text) else text.rstrip(". ")
    bare = re.sub(r"^(?:[Mm]aybe|[Pp]erhaps) (?=\w+ )", "", bare) if is_deed(_SOFTENED.sub("", bare)) else bare
    first = _SOFTENED.sub("", bare).split(" ", 1)[0].lower()
    if _A_COVER.match(bare):
        return "", _mine(first_person(lower_first(bare), who))
    if is_deed(_SOFTENED.sub("", bare)):
        return _mine(first_person(lower_first(bare), who)), ""
    if first.endswith("ing") and is_of("goal_verbs", _verb(first)):
        return _mine(first_person(f"{_verb(first)}{bare[len(first) :]}", who)), ""
    noun = fragment(lower_first(bare), who) if first == "own" else first_person(lower_first(bare), who)
    return "", _with_article(_mine(noun), first)


_DOUBLED = frozenset(
    [
        "set",
        "get",
        "put",
        "cut",
        "plan",
        "stop",
        "begin",
        "let",
        "shop",
        "swim",
        "run",
        "swap",
        "trim",
        "slip",
        "fit",
        "win",
        "drop",
        "ship",
        "step",
        "skip",
        "split",
    ]
)


def gerund(deed: str) -> str:
    """Return a goal with its verb in -ing: `make sure of it` becomes `making sure of it`."""
    soft = _SOFTENED.match(deed)
    verb, _, rest = (deed[soft.end() :] if soft else deed).partition(" ")
    if "to" not in rest.split(" ")[:2]:
        rest = _AND_TOO.sub(lambda hit: f"{hit[1]}{gerund(hit[2])}" if is_of("goal_verbs", hit[2]) else hit[0], rest)
    if verb.endswith("e") and not verb.endswith(("ee", "be")):
        verb = verb[:-1]
    elif verb in _DOUBLED:
        verb += verb[-1]
    lead = soft[0].lower() if soft and soft[0].lower() in ("not ", "never ") else ""
    return f"{lead}{verb}ing {rest}".strip()


# the second verb changes too, as in `reaching it and retiring`
_AND_TOO = re.compile(r"(\b(?:and|or) (?:then )?)([a-z]+)(?=[ ,]|$)")


def _verb(gerund: str) -> str:
    """Return the verb of a form in -ing: `saving` becomes `save`, `paying` becomes `pay`."""
    stem = gerund[:-3]
    forms = (stem, stem + "e", stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem)
    return next((form for form in forms if is_of("goal_verbs", form)), stem)


def _mine(text: str) -> str:
    return re.sub(r"\bthe (family|children|kids|grandchildren|wife|husband)\b", r"my \1", text)


# A form in -ing that is feared (`Signing papers he can't read`), not the subject of a sentence (`Selling would feel
# disloyal`).
_GERUND = re.compile(
    r"(?:not |never |having to )?(?!rising\b|growing\b|uneven\b|missing\b(?= \w+s\b))[a-z]+ing"
    r"(?! (?:\w+ ){0,1}(?:is|are|would|will|was|may|might|could|costs?)\b) ",
    re.IGNORECASE,
)


def worry(text: str, who: Speaker, way: int = 0) -> str:
    """Return a concern as a sentence of the client's. `way` chooses among the frames for a noun."""
    text = text.rstrip(". ")
    first = text.split(" ", 1)[0].lower().rstrip(",")
    if re.match(r"(?:whether|if|who|what|why|how|where|when) ", text, re.IGNORECASE) and not text.endswith("?"):
        return _OPEN[way % len(_OPEN)].replace("{clause}", _mine(first_person(lower_first(text), who)))
    if _form("own").match(text) or text.endswith("?"):
        return sentence(text)
    if _GERUND.match(text):
        return _noun(_mine(first_person(lower_first(text), who)), way)
    said = fragment(text, who)
    if re.match(r"I(?:'\w+)? ", said):
        return sentence(said)
    if _HAPPENED.match(text):
        return sentence(f"My {lower_first(said)}" if re.match(r"(?:premium|rate|deductible|policy)\b", first) else said)
    if re.search(r"\b[A-Z][\w’'-]+ and I\b", said):
        return sentence(said)
    # a noun with a relative clause, as in `Fees he doesn't see`
    relative = re.match(r"(?:[Aa]n? |[Tt]he )?\w+ (?:he|she|they|I) (?:doesn't|don't|can't|cannot|won't)\b", text)
    if not relative and (_form("clause").match(text) or _DOES.search(_CLAUSES_IN_IT.sub("", text))):
        whose = re.match(r"[A-Z][a-z]+(?:'s)? ", text) and not is_of("determiners", first)
        return sentence(_mine(said) if whose else f"I keep thinking that {_mine(lower_first(said))}")
    return _noun(_with_article(_mine(lower_first(said)), first), way)


# What happened to a thing, as in `Premium went up 22% at renewal`.
_HAPPENED = re.compile(
    r"(?:The )?(?:[\w-]+ ){1,3}?(?:went|rose|jumped|fell|dropped|doubled|tripled|was|were) (?!that\b)", re.IGNORECASE
)
# _DOES: a verb that turns a noun into a clause, as in `Group cover ends`. _CLAUSES_IN_IT: the clauses that depend on
# it.
_DOES = re.compile(
    r"^(?:[\w'’-]+ ){1,5}?(?:(?:ends|runs|stops|goes|comes|gets|takes|leaves|depends|does|knows|thinks|wants"
    r"|needs|refuses|competes|keeps|likes|says|expects|hates|pulls|stays|becomes|falls|drops|lapses|expires|eats|brings|means|pays"
    r"|lives|feels|seems|looks)(?= |$)|(?:can't|cannot|won't|don't|doesn't|isn't|aren't)\b)"
)
_CLAUSES_IN_IT = re.compile(r" (?:(?:if|when|because|who|that|which|while|until|once|before|after|unless) .*)$")


def _with_article(noun: str, first: str) -> str:
    if first.endswith("ing"):
        return noun
    head = re.split(r" (?:in|of|on|at|for|from|with|after|before|when|by|to|that|which)\b", noun)[0]
    if is_of("needs_the", first) or re.match(rf"{re.escape(head)} (?:that|which) ", noun):
        return noun if is_of("determiners", first) or head.endswith("s") else f"the {noun}"
    return article(noun) if is_of("needs_a", head.split(" ")[-1]) and head.split(" ")[0] not in ("my", "a") else noun


_NOUNS = (
    "What worries me is {noun}.", "{Noun}. That's what I think about.", "It's {noun} that bothers me.",
    "{Noun}, that's the one.", "Mostly it's {noun}.", "I worry about {noun}.",
)  # fmt: skip
_OPEN = (
    "What worries me is {clause}.", "I keep asking myself {clause}.", "I'd like to know {clause}.",
    "Mostly I wonder {clause}.",
)  # fmt: skip


def _noun(noun: str, way: int) -> str:
    upper = noun[:1].upper() + noun[1:]
    said = _NOUNS[way % len(_NOUNS)].replace("{noun}", noun).replace("{Noun}", upper)
    plural = re.match(r"\w+[^s']s (?:of|in|on|that|from|aimed|I)\b|\w+[^s']s$", noun)
    return said.replace("that bothers me", "that bother me") if plural else said


# words after a verb, where a noun would have `of`
_GOES = frozenset(["away", "out", "off", "from", "on", "with", "at"])


def _tells(text: str) -> bool:
    """Return whether an objection tells what happened: `In 2011 a man sold him a policy` does, `Money he lost` not."""
    main = re.split(r" (?:that|who|which|what|whom|he|she|they|when|because|if) ", text)[0]
    words = [word.lower().strip(",") for word in main.split(" ")][2:9]
    told = any(word in class_of("past") or (word.endswith("ed") and finite(word)) for word in words)
    return told and bool(re.match(r"(?:In \d{4} |An? |The |His |Her |[A-Z][a-z]+(?:'s)? )", main))


def doubt(text: str, who: Speaker) -> str:
    """Return an objection as the client says it aloud."""
    text = text.rstrip(". ")
    first, *rest = text.split(" ")
    if _tells(text):
        return sentence(fragment(text, who))
    if any(finite(word.lower()) for word in rest[:4]) or (finite(first.lower()) and rest and rest[0] in _GOES):
        own = f"{ME} {lower_first(text)}" if finite(first.lower()) and rest[0] in _GOES else text
        return sentence(fragment(own, who))
    if _form("own").match(text) or _form("clause").match(text) or _DOES.search(_CLAUSES_IN_IT.sub("", text)):
        return sentence(fragment(text, who))
    return worry(text, who)
