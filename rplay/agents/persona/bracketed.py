"""Children whose names stand in brackets: `three children (Owen, 9; Lucy, 6)` is read as `three children: Owen (9) and
Lucy (6)`, as most profiles write it."""

import re

_CHILDREN = re.compile(
    r"(?i:\b(?P<kin>(?:grand)?(?:children|child|sons?|daughters?|kids?|boys?|girls?)|twins)) "
    r"\((?P<those>[^()]*\d[^()]*)\)"
)
_ONE = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?),? (?:is |age |aged )?(?P<age>\d{1,2}(?: months?| weeks?)?)\b"
)
_EDGE = re.compile(r"^[\s,;]+|(?:[\s,;]|\band\b)+$")


def unbracketed(family: str) -> str:
    """Return the description with each child's age, and what else is told of them, behind their own name."""
    return _CHILDREN.sub(_told, family)


def _told(hit: re.Match[str]) -> str:
    found = list(_ONE.finditer(hit["those"]))
    if not found or hit["those"][: found[0].start()].strip():
        return hit[0]
    ends = [*(one.start() for one in found[1:]), len(hit["those"])]
    children = [_child(one, hit["those"][one.end() : end]) for one, end in zip(found, ends, strict=True)]
    told = " and ".join(filter(None, (", ".join(children[:-1]), children[-1])))
    return f"{hit['kin']}: {told}" if len(children) > 1 else f"{hit['kin']}, {told}"


def _child(found: re.Match[str], rest: str) -> str:
    more = _EDGE.sub("", rest)
    return f"{found['name']} ({found['age']}{f', {more}' if more else ''})"
