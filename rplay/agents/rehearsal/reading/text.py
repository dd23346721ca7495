"""Prepares an advisor's line: removes the traces of speech, and splits it into sentences and clauses."""

import re
from collections.abc import Iterable
from functools import lru_cache

# Only this much of a line is read, so that reading never costs more than a few clauses.
LONGEST = 4000
MOST_CLAUSES = 24

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "\u00a0": " ", "…": "..."})
_SENTENCE = re.compile(
    r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMrs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)"
    r"(?<=[.!?])[\"')\]]*\s+(?=\S)|\s*\n+\s*|\s*;\s+"
)
_WORD = re.compile(r"\$?\d[\d,.]*\d[kb%]?|\$?\d[kb%]?|[^\W\d_]+(?:'[^\W\d_]+)*")
# Chat shorthand and errors of dictation, with what they stand for.
_SHORT = {
    "u": "you", "ur": "your", "r": "are", "whats": "what's", "hows": "how's", "whos": "who's", "wheres": "where's",
    "whens": "when's", "dont": "don't", "im": "i'm", "ive": "i've", "youre": "you're", "youve": "you've",
    "thats": "that's", "pls": "please", "plz": "please", "thx": "thanks", "ty": "thank you", "cant": "can't",
    "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "wasnt": "wasn't", "arent": "aren't",
    "wouldnt": "wouldn't", "couldnt": "couldn't", "shouldnt": "shouldn't", "havent": "haven't", "hasnt": "hasn't",
    "wont": "won't", "theres": "there's", "heres": "here's", "theyre": "they're", "lets": "let's",
    "agian": "again", "wanna": "want to", "gonna": "going to", "gotta": "have to", "kinda": "kind of",
    "prob": "probably", "bc": "because", "cuz": "because", "cause": "because", "abt": "about", "rn": "right now",
    "hubby": "husband", "kiddos": "kids", "intrest": "interest", "morgage": "mortgage", "mortage": "mortgage",
    "insurence": "insurance", "retirment": "retirement", "benificiary": "beneficiary", "wat": "what", "hav": "have",
    "ya": "you", "ok": "okay", "k": "okay", "kk": "okay", "alright": "all right", "y'all": "you",
    "any thing": "anything", "some thing": "something", "any body": "anybody", "some body": "somebody",
    "every body": "everybody", "your self": "yourself", "life insurence": "life insurance", "hole life": "whole life",
    "lump some": "lump sum", "four oh one k": "401k", "4 oh 1 k": "401k", "benefit fishery": "beneficiary",
    "make since": "make sense", "makes since": "makes sense", "some it up": "sum it up", "dead line": "deadline",
    "pay check": "paycheck", "lones": "loans", "i here you": "i hear you", "to here from": "to hear from",
    "other dead": "other debt", "strait": "straight", "with there": "with their",
    "how'd": "how did", "when'd": "when did", "where'd": "where did", "what'd": "what did", "why'd": "why did",
    "whaddya": "what do you", "whatcha": "what are you", "lemme": "let me", "gimme": "give me", "dunno": "don't know",
    "d'you": "do you", "bout": "about", "tho": "though", "thru": "through", "outta": "out of",
    "w/": "with", "ppl": "people", "wld": "would", "cld": "could", "shld": "should", "tmrw": "tomorrow",
    "srry": "sorry", "sry": "sorry", "teh": "the", "tonite": "tonight", "usualy": "usually", "scool": "school",
    "what id": "what i'd", "id like": "i'd like", "id say": "i'd say", "id put": "i'd put", "id go": "i'd go",
    "ill send": "i'll send", "ill call": "i'll call", "ill put": "i'll put", "ill get": "i'll get",
    "ill email": "i'll email", "ill check": "i'll check", "ill have": "i'll have", "ill do": "i'll do",
    "ill ask": "i'll ask", "ill bring": "i'll bring", "ill write": "i'll write", "ill make": "i'll make",
    "well lay": "we'll lay", "well meet": "we'll meet", "well talk": "we'll talk", "well go": "we'll go",
    "health insurence": "health insurance", "i no": "i know", "to night": "tonight", "to nite": "tonight",
}  # fmt: skip
_SHORTHAND = re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})(?![\w'])")
_BESIDE = re.compile(r",? (?:like|you know|i mean|i guess), ")  # these fillers are removed only between commas
_FOUR_OH_ONE = re.compile(r"\b(4\s?0\s?[13]|457|529)\s?\(?([kb])?\)?(?=[\s,.?!']|$|s\b|plan)")
_DOUBLED = re.compile(r"\b(\w+)(?: \1\b)+")
_FILLERS = re.compile(
    r"(?<![\w'])(?:u+h+m*|u+m+|er+m*|hm+|mhm|ah|oh|wow|haha+|lol|ha"
    r"|you know(?= (?:like|so|i|um))|i mean|like(?= (?:um|uh|how|what|who|when|is|are|do|did|why)))(?![\w'])[,.]?\s*"
)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return the text for matching: lower case, straight quotes, single blanks, shorthand written out."""
    straight = " ".join(text[:LONGEST].translate(_STRAIGHT).split()).lower()
    straight = _BESIDE.sub(" ", straight)
    written = _SHORTHAND.sub(lambda found: _SHORT[found[0]], straight)
    return _FOUR_OH_ONE.sub(lambda found: found[1].replace(" ", "") + (found[2] or ""), written)


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Return only the words, without punctuation and fillers, so that speech and writing look the same."""
    spoken = " ".join(_WORD.findall(_FILLERS.sub("", plain(text))))
    return _DOUBLED.sub(r"\1", spoken)


def words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def sentences(line: str) -> list[str]:
    """Return the sentences word for word, so that each can be quoted."""
    return [piece.strip() for piece in _SENTENCE.split(line[:LONGEST]) if piece and piece.strip()]


_OPENER = (
    r"(?:(?:what|when|where|who|why|how|which)(?:'s|'re|'d|s|d|ve|'ve)?(?= (?:is|are|was|were|do|does|did|have|has|had"
    r"|would|will|can|could|should|about|else|long|much|many|old|often|far|soon|big|come|kind|type|made|makes|got"
    r"|happened|happens|happen|brings?|the|your|you|that|this|it|his|her|their|part|one|of|changed|sort|worries|keeps"
    r"|school|rate|day|years?|in|on|he|she|they|to|with|helped|pays|picks|else|exactly|took|takes|a|an|left|due|next"
    r"|gets|handles?|decides|pays|owns|holds|runs|manages|lives|makes|else|knows|looks|looked|after|insurance|plan|company|bank|interest|percent)\b)"
    r"|(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should|am|don't|aren't|isn't|haven't"
    r"|didn't|won't|wouldn't)"
    r" (?:you|he|she|they|it|that|there|your|the|any|anyone|anybody|anything|we|i|this|these|those"
    r"|his|her|their|that's|somebody|someone)\b"
    r"|tell me|walk me through|talk me through|give me|help me understand|any (?:\w+ )?(?:debts?|loans?|kids|children"
    r"|plans?|pets|insurance|bonus\w*|siblings|other|idea|questions|thoughts|health|accidents|tickets))"
)
# Words after which a question is only indirect: "do you know what it costs", "tell me how old they are".
_INSIDE = frozenset({
    "know", "tell", "me", "ask", "asked", "wonder", "wondering", "about", "see", "understand", "of", "sure",
    "hear", "say", "said", "remember", "idea", "is", "that's", "exactly", "on", "for", "out", "matter",
    "depends", "with", "to", "in", "into", "than", "just", "even", "not", "learn", "learned", "find", "figure",
    "imagine", "explain", "show", "what", "when", "where", "who", "why", "how", "which", "whatever", "that",
    "regardless", "no", "forgot", "check", "love", "decide", "decided", "guess", "at", "knows", "care",
    "everybody", "everyone", "he", "she", "they", "we", "i", "people", "anybody", "anyone", "somebody", "someone",
    "else", "person", "one", "nobody", "those", "anything", "something", "leave", "keep", "put", "like",
})  # fmt: skip
_BREAK = re.compile(
    rf"(?:,|\s-|\.\.\.)?\s+(?:(?:and|but|so|or|then|also|plus|okay|um|uh|like|well|now|yeah|wait),?\s+)*(?={_OPENER})"
)
_AUXILIARY = re.compile(r"(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should|am|\w+n't) ")


_LIST = re.compile(r"\w+(?:, \w+){1,4}")  # a list such as `name, age`
_TAIL = re.compile(
    r"(?:and |or )?(?:do you (?:know|think|figure|reckon|remember|want)|would you say|you know|or not|any idea)"
)
_HEAD = re.compile(
    # a beginning such as `and Keisha` of `and Keisha, what does she do`
    r"and (?!you|the|what|how|is|are|do|any)[\w']+|"
    r"(?:and |so |but )*(?:do you (?:know|think|remember)|where if anywhere|would you say|what|well|okay)"
    r"|(?:and |so |then |now |on |about |okay |as for )*(?:the|your|that|those|this)"
    r"(?: (?!is\b|was\b|are\b|were\b|has\b|will\b|came\b|went\b|got\b|had\b|comes\b|"
    r"goes\b)[\w'$,.]+){1,4}"  # a beginning such as `and the loan` of `and the loan, what was that for`
)


def clauses(sentence: str) -> list[str]:
    """Return the questions and statements in one sentence: `how old are they and do they live with you` has two."""
    pieces, start = [], 0
    for found in _BREAK.finditer(sentence.lower()):
        if found.end() - start and _breaks(sentence, start, found):
            pieces.append(sentence[start : found.start()])
            start = found.end()
    pieces.append(sentence[start:])
    parts = (part for piece in pieces for part in _listed(piece))
    return _joined(piece.strip(" ,-") for piece in parts if _WORD.search(piece.lower()))[:MOST_CLAUSES]


def _listed(piece: str) -> list[str]:
    return piece.split(",") if _LIST.fullmatch(piece.strip(" ,?")) else [piece]


def _joined(pieces: Iterable[str]) -> list[str]:
    """Return the pieces, with a tail that asks nothing itself joined: `does that stay with you, do you know?`
    is one."""
    whole: list[str] = []
    for piece in pieces:
        if (whole and _TAIL.fullmatch(bare(piece))) or (whole and _HEAD.fullmatch(bare(whole[-1]))):
            whole[-1] = f"{whole[-1]}, {piece}"
        else:
            whole.append(piece)
    return whole


_ASKS_TO_TELL = re.compile(r"(?:tell|walk|talk|give|help) ")
# A question such as `when did you`, not a subordinate clause such as `when you saw the number`.
_INVERTED = re.compile(
    r"(?!which (?:means|is why|is what|would mean|makes|gives|leaves)\b)"
    r"(?:and )?(?:(?:what|when|where|who|whose|why|how|which)(?:'s|'re|'d|s)\b"
    r"|(?:what|when|where|who|whose|why|how|which)(?: (?!(?:you|he|she|they|it|i|we|this|that|there)\b)\w+){0,3}?"
    r" (?:is|are|was|were|do|does|did|have|has|had|would"
    r"|will|can|could|should|made|makes|got|happened|brings?|worries|changed|keeps|pays|picks|gets|handles?|knows"
    r"|decides|owns|holds|runs|manages|lives)\b"
    r"|(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should|am|any|\w+n't) )"
)


def inverted(text: str) -> bool:
    return bool(_INVERTED.match(text))


# After these words `you` ends the clause before a question: `thank you what did you take away from that`.
_TO_YOU = (["thank"], ["about"], ["for"], ["with"], ["hear"], ["meet"])
_NOUN = re.compile(r"(?:what|which) (?!you|he|she|they|it|i|we|the|this|that|your|his|her|their)")
_SUBORDINATE = re.compile(r"(?:when|where|who|which|how|what) ")


def _breaks(sentence: str, start: int, found: re.Match[str]) -> bool:
    """Return whether a new clause begins here, rather than a question inside another clause."""
    before = words(sentence[start : found.start()])
    joint, rest = found[0].strip(" ,-."), sentence[found.end() :].lower()
    if not before:
        return False
    if joint or found[0].lstrip()[:1] in (",", "-", "."):
        chosen = joint == "or" and _SUBORDINATE.match(rest)  # an alternative, as in `the price or what it covers`
        asks = (joint and not chosen) or _NOUN.match(rest) or not _SUBORDINATE.match(rest)
        return bool(_INVERTED.match(rest) or asks)
    told = before[-1] in _INSIDE or (before[-1] == "you" and before[-2:-1] not in _TO_YOU)
    if told or _ASKS_TO_TELL.match(rest) or not _INVERTED.match(rest):
        return False
    if _AUXILIARY.match(rest):
        return len(before) > 3 and bool(re.match(r"(?:do|did|are|have|would|can) you\b", rest))
    return len(before) > 1
