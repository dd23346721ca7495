"""What is said of a text: its words, without marks, stage directions and emoji, which a voice would read out."""

import re

# How stage directions begin.
_ACTS = (
    r"(?i:adjusts|arches|blinks|blushes|breathes|chuckles|clears|coughs|crosses|cries|drums|exhales|eyes|fidgets|folds"
    r"|frowns|gasps|gestures|gets|giggles|glances|grimaces|grins|groans|hesitates|holds|inhales|laughs|laughing|leans"
    r"|lets|lifts|looks|mutters|narrows|nods|nodding|opens|pauses|pausing|points|pulls|pushes|raises|rolls|rubs|runs"
    r"|scoffs|scratches|shakes|shifts|shrugs|sighs|sighing|sips|sits|smiles|smiling|smirks|sniffles|sniffs|snorts|sobs"
    r"|squints|stands|stares|swallows|takes|taps|thinks|tilts|turns|waves|whispers|winces|wrings)\b"
)
_FRONT = r"(?:^|(?<=\n)|(?<=[.!?…:;—*\"”]\s))"  # of a sentence
_DIRECTION = re.compile(
    rf"""
    (?<![\w*])\*{_ACTS}[^*\n]{{0,150}}\*                           # *sighs deeply*
    |{_FRONT}\*(?=[a-z])[^*\n]{{1,150}}(?<=\S)\*(?=[\s.…]|\Z)      # *a long silence*
    |(?<!\w)_{_ACTS}[^_\n]{{0,150}}_(?!\w)
    |{_FRONT}\({_ACTS}[^()\n]{{0,150}}\)                           # (laughs), and not what is said in brackets
    |\[(?:{_ACTS}|[a-z])[a-z ,'’-]{{0,150}}\]                      # [laughs]
    """,
    re.VERBOSE,
)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\([^()\s]{1,500}\)")
_LINE = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+•])[ \t]+|^[ \t]*(?:```\w*|-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"(?<![\w*])\*++(?=\S)|(?<=[^\s*])\*++(?!\w)|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|~~|`")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+")


def speakable(text: str) -> str:
    """Empty where nothing is left to be said. Halves of characters go too, as no voice can be sent them."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _DIRECTION.sub(" ", _LINK.sub(r"\1", _EMOJI.sub(" ", text)))
    text = _MARK.sub("", _LINE.sub("", text))
    text = re.sub(r"[ \t]+", " ", re.sub(r"[ \t]+(?=[.,;:!?…](?:\s|$))", "", text)).strip()
    return text if re.search(r"\w", text) else ""
