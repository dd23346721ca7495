"""How a sentence relates to what the client said: it pushes, takes back, moves on, belittles or is harmless."""

import re
from collections.abc import Mapping

from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.rehearsal.reading.types import Sentence

# How near a sentence must come to the belittling examples, and by how much nearer than to harmless ones. Of 1,500
# sentences of known talks 8 reach this, 7 of them rightly.
_BELITTLES, _AHEAD = 0.62, 0.28
_VERY, _AHEAD_THEN = 0.75, 0.2
_TAKEN_BACK = 0.55
_NO_HARM = 0.1
_TALKS_DOWN = re.compile(
    r"\b(?:i )?bet you(?:'ve| have)? (?:don't|never|haven't|didn't|can't)\b|\bbless your heart\b|"
    r"\bdon't sugarcoat\b|\bspare me\b|^(?:that's |how )?(?:cute|adorable|precious)$|^that's (?:cute|adorable)\b|"
    # what the client is called
    r"\byou people\b|\bpeople like you\b|\bamateurs?\b|\bsweetheart\b|\b(?:genius|einstein|sherlock|smarty)$|"
    r"\b(?:little|young) lady$|(?<!the )(?<!a )(?<!other )\blady$|"
    r"\b(?:an?|the) (?:big |real |great )?(?:expert|genius) (?:now|all of a sudden|suddenly|too|here)\b|"
    r"\b(?:now|suddenly) (?:you're|youre|ur|your|you are|you) an? expert\b|"
    r"^(?:wow |look |so )*(?:somebody|someone)(?:'s)? (?:has )?(?:been )?(?:read(?:ing)?|googl\w+|watch\w+) |"
    # praise that means the opposite
    r"\b(?:obviously|clearly|because) (?:you(?:'ve|'re| have| did)? )?(?:\w+ )?(?:done|doing|did) (?:such )?(?:a |so )*"
    r"(?:great|good|fine|well|wonderful|fantastic|brilliant\w*|swell|bang up)\b|"
    r"\b(?:that|it)(?:'s| has| is)? (?:work\w*|went|gone|going) (?:out )?(?:so |real |really )?(?:well|great|"
    r"brilliantly|wonderfully|nicely) (?:for you|so far|hasn't it|didn't it)|"
    r"^(?:great|nice|good|fine|brilliant|excellent|smart) (?:job|work|move|thinking) (?!on\b|with that)(?:\w+ )+"
    r"(?:by the way|not|there|genius|pal|buddy)$|"
    r"\bmust be (?:so |very |real )?proud of (?:that|this|your) (?:\w+ )?(?:rate|debt|loan|card|mess|deal)\b|"
    r"\bthe (?:worst|dumbest) \w+ i(?:'ve| have)? (?:ever )?s[ae]en?\b|"
    # blame
    r"\bwouldn't expect an? \w+ to (?:know|get|understand)\b|"
    r"^(?:and )?you (?:signed|bought|believed|fell for) (?:that|it)(?: really)?$|"
    r"\bthat's what (?:happens|you get) when you\b|\b(?:weren't|wasn't|not) paying attention\b|"
    r"\byou should(?:'ve| have) (?:known|read|listened|thought)\b|\b(?:your|ur) own fault\b|\byours for not\b|"
    r"\bserves you right\b|\bwhat did you expect$|\bat your age what did you expect|"
    r"\bthat was (?:pretty |kind of |really )?(?:dumb|stupid|foolish|naive)\b(?!.*\b(?:me|i|my|i'm|sorry)\b)|"
    r"\b(?:too|so|don't be|be) (?:sensitive|touchy)\b|^touchy\b|\b(?:nobody|no one) (?:forced|made) you\b|"
    r"\balways (?:this|so) (?:slow|difficult|stubborn|dramatic)\b|"
    r"\b(?:a child|a kid|my (?:\w+ ){0,3}?(?:old|kid|dog|grandmother|nephew)) (?:gets|understands|knows|could|can) "
    r"(?:this|that|it|do|live|manage|figure)\b|^i (?:suppose|guess) (?:nobody|no one) ever (?:showed|taught|"
    r"told|explained)\b|"
    r"\byou still can't \w+(?: huh)?$|\bat your age you (?:really )?(?:should|shouldn't|ought|can't|shouldn't)\b|"
    # washing one's hands of them
    r"^(?:fine |ok |okay |well |then |so |suit yourself )*(?:it's |its |that's )?your (?:loss|funeral|problem)\b"
    r"(?! of| was| with)"
)


def stances(text: str) -> Mapping[str, float]:
    return {label[0]: score for label, score in nearness("stances", text).items()}


def talks_down(text: str) -> bool:
    """Return whether the words themselves talk down to the client, be it as a question: `Because you've obviously done
    such a great job on your own?`."""
    return bool(_TALKS_DOWN.search(bare(text)))


def belittles(sentence: Sentence) -> bool:
    if talks_down(sentence.text):
        return sentence.act != "apologise"
    few = len(bare(sentence.text).split()) < _ENOUGH_WORDS  # `That's lovely` comes near to `that's cute`
    if sentence.question or sentence.act in _CARES or few:
        return False
    near = stances(sentence.text)
    harmless = max(near[one] for one in ("plain", "moves_on", "lets_go"))
    ahead = _AHEAD if near["belittle"] < _VERY else _AHEAD_THEN
    return near["belittle"] >= _BELITTLES and near["belittle"] - harmless >= ahead


_ENOUGH_WORDS = 3
_CARES = frozenset({"empathise", "reflect", "normalise", "apologise", "thank", "goodbye", "summarise"})


def means_no_harm(text: str) -> bool:
    """Return whether the sentence is at most careless, like `And debts or whatever`."""
    near = stances(text)
    return max(near["plain"], near["moves_on"]) - near["belittle"] >= _NO_HARM


def takes_back(text: str) -> bool:
    return stances(text)["lets_go"] >= _TAKEN_BACK


def pushes(text: str) -> float:
    """Return how much nearer a sentence is to a push than to anything else."""
    near = stances(text)
    return near["push"] - max(near[other] for other in ("lets_go", "moves_on", "plain"))
