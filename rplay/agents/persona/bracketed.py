"""Other notations of a family, read as most profiles write it, with everybody's age in brackets behind the name:
`three children (Owen, 9; Lucy, 6)`, `kids: Owen 9, Lucy 6`, `twins Owen and Lucy, both 9` and `(wife: Joy, 62)`.
"""

import re

from rplay.agents.persona.tables import words

_CHILDREN = re.compile(
    r"(?i:\b(?P<kin>(?:grand|step-?)?(?:children|child|sons?|daughters?|kids?|boys?|girls?)|twins)"
    r"(?: (?:grown|adult|at home|in college|all grown))?)"
    r" \((?P<those>[^()]*\d[^()]*)\)"
)
_NAME = r"[A-ZÀ-Þ][\w'’-]+"
_ONE = re.compile(rf"(?P<name>{_NAME}(?: {_NAME})?),? (?:is |age |aged )?(?P<age>\d{{1,2}}(?: months?| weeks?)?)\b")
_EDGE = re.compile(r"^[\s,;]+|(?:[\s,;]|\band\b)+$")
_SPOUSE = r"(?:wife|husband|spouse|partner|fianc[eé]e?|girlfriend|boyfriend)"
_SPOUSE_INSIDE = re.compile(
    rf" ?\((?i:(?P<who>{_SPOUSE}))(?: is|:)? (?P<name>{_NAME}),? (?P<age>\d\d)(?:[,;] (?P<more>[^()]*))?\)"
)
_PARTED = re.compile(r"(?i)\b(?:widow|divorc|separat)\w*[^;.]*$")
_BOTH = re.compile(rf"\b(?P<one>{_NAME}) (?:and|&) (?P<other>{_NAME}),? (?:both|aged?|who are) (?P<age>\d{{1,2}})\b")
_KIN = re.compile(
    rf"(?i)\b(?:{_SPOUSE}|married|engaged|remarried|children|child|(?:step-?)?(?:sons?|daughters?)|kids?|boys?|girls?"
    r"|twins|brothers?|sisters?|nephews?|nieces?|mother|father)\b"
)
_NO_NAME = frozenset(words("places", "no_towns"))
_TITLED = re.compile(r"\b(?:Sons?|Daughters?|Wife|Husband|Partner|Mother|Father|Brother|Sister|Twins|Kids)\b(?= [A-Z])")
_BARE = re.compile(rf"\b(?P<name>{_NAME}),? (?P<age>\d{{1,2}})(?=[,;.&)]|$| and | & )")


def unbracketed(family: str) -> str:
    """Return the description with everybody's age, and what else is told of them, behind their own name."""
    family = _TITLED.sub(lambda hit: hit[0].lower(), family)
    family = _SPOUSE_INSIDE.sub(_spouse, _CHILDREN.sub(_told, family))
    return _with_bare_ages(_BOTH.sub(r"\g<one> (\g<age>) and \g<other> (\g<age>)", family))


def _spouse(hit: re.Match[str]) -> str:
    if _PARTED.search(hit.string[: hit.start()]):
        return hit[0]
    return f" to {hit['who'].lower()} {hit['name']} ({hit['age']}{', ' + hit['more'] if hit['more'] else ''})"


def _with_bare_ages(family: str) -> str:
    """Return the description with the ages in brackets that stand behind a name without them: `Mateo 16, Lucia 12`."""

    def bracketed(hit: re.Match[str]) -> str:
        before = family[: hit.start()]
        within = before.count("(") > before.count(")")
        if hit["name"] in _NO_NAME or within or not _KIN.search(before):
            return hit[0]
        return f"{hit['name']} ({hit['age']})"

    return _BARE.sub(bracketed, family)


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
