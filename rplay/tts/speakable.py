"""Extracts what is spoken of a text: its words, without marks, stage directions and emoji, which a voice would read
aloud.
"""

import html
import re

# Verbs with which stage directions begin.
_ACTS = (
    r"(?i:adjusts|arches|blinks|blushes|breathes|chuckles|clears|coughs|crosses|cries|drums|exhales|eyes|fidgets|folds"
    r"|frowns|gasps|gestures|gets|giggles|glances|grimaces|grins|groans|hesitates|holds|inhales|laughs|laughing|leans"
    r"|lets|lifts|looks|mutters|narrows|nods|nodding|opens|pauses|pausing|points|pulls|pushes|raises|rolls|rubs|runs"
    r"|scoffs|scratches|shakes|shifts|shrugs|sighs|sighing|sips|sits|smiles|smiling|smirks|sniffles|sniffs|snorts|sobs"
    r"|squints|stands|stares|swallows|takes|taps|thinks|tilts|turns|waves|whispers|whispering|winces|wrings)\b"
)
_FRONT = r"(?:^|(?<=\n)|(?<=[.!?…:;—*\"”]\s))"  # the beginning of a sentence
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
_LINE = re.compile(
    r"^[ \t]*(?:#{1,6}|>|[-*+•])[ \t]+(?:\[[ x]\][ \t]+)?|^[ \t]*(?:```\w*|~~~\w*|-{3,}|={3,}|\*{3,}|_{3,})[ \t]*$",
    re.MULTILINE,
)
_ROW = re.compile(r"^[ \t]*\|(.*?)\|?[ \t]*$", re.MULTILINE)  # a row of a table
_TAG = re.compile(r"</?(?:b|i|u|em|strong|br|p|code)[ ]?/?>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!$~-])")
_MARK = re.compile(r"(?<![\w*])\*++(?=\S)|(?<=[^\s*])\*++(?!\w)|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|~~|`")
# Includes arrows, boxes and other shapes, whose names a voice would read aloud.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2500-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+"
)


def speakable(text: str) -> str:
    """Return the words to speak; "" if there are none. Halves of surrogate pairs are removed, as they cannot be
    sent to a voice.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = html.unescape(_TAG.sub(" ", _EMOJI.sub(" ", text))).replace("\xa0", " ")
    text = _ESCAPED.sub(r"\1", _ROW.sub(_cells, text))
    text = _DIRECTION.sub(" ", _LINK.sub(r"\1", text))
    text = _MARK.sub("", _LINE.sub("", text))
    text = re.sub(r"[ \t]+", " ", re.sub(r"[ \t]+(?=[.,;:!?…](?:\s|$))", "", text)).strip()
    return text if re.search(r"\w", text) else ""


def _cells(row: re.Match[str]) -> str:
    """Return the cells of a table row as a list; "" for the line below the table's header."""
    cells = [cell.strip() for cell in row[1].split("|")]
    return ", ".join(cell for cell in cells if cell.strip("-: "))
