"""Reads a client profile, whatever its keys are called, however deep they are nested, and however sums are written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rplay.agents.persona.bracketed import unbracketed
from rplay.agents.persona.first_person import Speaker, sex_told

_MOST = 6  # the most entries that are read of one list
_LONGEST = 180  # limit in characters for one text
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff{}<>*#`|\[\]]+")
_EMPTY = frozenset({
    "", "null", "undefined", "n/a", "na", "unknown", "not specified", "unspecified", "tbd", "-", "nan", "object object",
})  # fmt: skip
_NOTHING = re.compile(
    r"(?i)(?:none|no|nothing|zero|0|\$0|debt[- ]free|no (?:debts?|assets?|concerns?|goals?).*|none .*)\.?$"
)
# What a form lists to say that there is none of it: `Reverse mortgage: none`, `Credit card paid monthly`.
_NOT_HELD = re.compile(r"(?i)^[^$]*(?:[:,-] ?none|\bpaid (?:monthly|in full)(?: every month| each month)?)\.?$")
# Keys whose objects steer the client and hold no facts about the person.
_INNER = frozenset({
    "personality", "personalitytraits", "traits", "fusionmodeltraits", "fusion", "emotionalstate", "visibledetails",
    "metadata", "simulationsettings", "avatar",
})  # fmt: skip
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "miss",
        "prof",
        "maj",
        "capt",
        "col",
        "sgt",
        "lt",
        "cmdr",
        "rev",
        "hon",
        "judge",
        "sir",
        "fr",
        "gen",
        "mx",
        "professor",
        "doctor",
        "pastor",
        "sister",
        "officer",
        "major",
        "captain",
    }
)
_NAMELESS = frozenset({"none", "null", "undefined", "nan", "client", "unknown", "n/a"})
_SUM = re.compile(
    r"(?<![\w.$])(?P<sign>\$)? ?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r" ?(?P<size>k|m|mm|thousand|million|mil|billion)?(?![\w(%]|,\d)",
    re.IGNORECASE,
)
_SIZES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mil": 1e6, "million": 1e6, "billion": 1e9}
_RICHEST = 1e11
_PLANS = frozenset({529.0, 401e3, 403e3, 457e3})  # `529`, and `401k` for 401(k)
_AMOUNT_WORDS = (
    r"(?:about|approximately|around|roughly|nearly|almost|over|worth|valued at|balance|totaling|totalling|remaining"
    r"|left|owed|of|with|in|at)"
)


@dataclass(frozen=True, slots=True)
class Holding:
    """Something owned or owed. `name` is its description without the sum."""

    name: str
    amount: float | None
    text: str


@dataclass(frozen=True)
class Given:
    """A profile after reading. Fields that the profile does not tell are None or empty."""

    name: str
    age: int | None
    occupation: str
    income: float | None
    family: str
    assets: tuple[Holding, ...] | None
    debts: tuple[Holding, ...] | None
    goals: tuple[str, ...]
    concerns: tuple[str, ...]
    objections: tuple[str, ...]
    background: str
    traits: Mapping[str, float]
    manner: str
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_name(self) -> str:
        parts = [part for part in self.name.replace(",", " ").split() if part.lower().rstrip(".") not in _TITLES]
        return parts[0] if parts else self.name

    @cached_property
    def speaker(self) -> Speaker:
        told = (*self.goals, *self.concerns, *self.objections)
        return Speaker(self.name, sex_told(self.name, self.family, self.background, *told))

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts in whole sentences."""
        return self.family, self.background, *self.goals, *self.concerns, *self.objections

    @property
    def story(self) -> str:
        """The same in one, in lower case, to search for hints."""
        return " ".join(self.texts).lower()


def read(profile: Mapping[str, Any]) -> Given:
    known: dict[str, Any] = {}
    for key, value in _entries(profile):
        if key not in known and _says(value):
            known[key] = value

    def get(*names: str) -> Any:
        return next((known[name] for name in names if name in known), None)

    name = _name(get("name", "fullname", "clientname", "firstname"))
    return Given(
        name=name,
        age=_age(get("age")),
        occupation=_joined(get("occupation", "job", "jobtitle", "profession", "work", "employment")),
        income=_income(get("income", "annualincome", "salary", "householdincome", "yearlyincome")),
        family=_family(get("family"), get("familystatus"), get("maritalstatus"), get("dependents", "children")),
        assets=_holdings(get("assets", "savings", "investments")),
        debts=_holdings(get("debts", "debt", "liabilities", "loans")),
        goals=_texts(get("goals", "primarygoals", "financialgoals", "objectives")),
        concerns=_texts(get("concerns", "worries", "painpoints", "fears")),
        objections=_texts(get("hiddenobjections", "objections")),
        background=_by_first_name(
            _joined(get("background", "story", "bio", "summary", "description"), longest=800), name
        ),
        traits=_traits(get("traits", "personalitytraits", "fusionmodeltraits"), profile),
        manner=_manner(profile, get),
        more={key: text for key, names in _MORE.items() if (text := _joined(get(*names)))},
    )


def _by_first_name(text: str, name: str) -> str:
    """Return the text with the first name alone where it has the second one too: `Bobby Jo went underground`."""
    first, second, *more = [*name.split(), "", ""]
    return text.replace(f"{first} {second} ", f"{first} ") if second and more[0] else text


_MORE = {
    "place": ("location", "city", "residence", "address", "hometown"),
    "education": ("education",),
    "health": ("health", "healthstatus", "medical"),
    "smoker": ("smoker", "smoking", "tobacco"),
    "hobbies": ("hobbies", "interests"),
    "retirement": ("retirement", "retirementage", "retirementplan"),
    "risk": ("risktolerance", "risk", "riskprofile"),
    "insurance": ("insurance", "existinginsurance", "coverage", "currentcoverage", "policies"),
    "experience": ("experience", "advisor", "pastexperience"),
    "spouse": ("spouse", "partner", "spousename"),
    "income": ("income", "annualincome", "salary", "householdincome", "yearlyincome"),
}


def _entries(profile: Any, depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Yield the normalised keys with their values, outer ones first."""
    if not isinstance(profile, Mapping):
        return
    items = [(_key(name), value) for name, value in list(profile.items())[:80]]
    yield from items
    for key, value in items if depth else ():
        if isinstance(value, Mapping) and key not in _INNER:
            yield from _entries(value, depth - 1)


def _key(name: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name)[:80].lower())


def _says(value: Any) -> bool:
    return isinstance(value, (list, tuple, Mapping)) or bool(text_of(value))


def text_of(value: Any, longest: int = _LONGEST) -> str:
    """Return a single value as one clean line; empty if it holds nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return (
            "" if value != value or abs(value) > _RICHEST else f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"
        )
    if not isinstance(value, str):
        return ""
    text = " ".join(_UNUSABLE.sub(" ", value[: longest * 4]).split()).strip(" ,;\"'“”•-")
    text = "" if text.lower().strip(".") in _EMPTY else text
    return text if len(text) <= longest else text[: longest + 1].rsplit(" ", 1)[0][:longest].rstrip(" ,;:-")


def _joined(value: Any, longest: int = _LONGEST) -> str:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return text_of("; ".join(filter(None, (text_of(one) for one in value[:_MOST]))), longest)
    return text_of(value, longest)


def _name(value: Any) -> str:
    text = re.sub(r"[^\w .,'’-]", "", _joined(value).replace(";", " ")).strip()[:60].strip()
    return text if re.search(r"[^\W\d_]", text) and text.lower() not in _NAMELESS else "Alex Morgan"


def _age(value: Any) -> int | None:
    text = text_of(value).lower()
    hit = re.search(r"(early|mid|late)?[ -]*(\d{2,3})(s)?", text)
    if not hit:
        return None
    more = {"early": 2, "mid": 5, "late": 8}.get(hit[1] or "", 4 if hit[3] else 0)
    return min(100, max(18, int(hit[2]) + more))


def amount_of(text: str) -> float | None:
    """Return the first sum in a text; None if there is none.

    A sum with a dollar sign comes first, else a number that is no year, count or name such as 401(k).
    """
    found = [(hit["sign"], _size(hit), hit["size"]) for hit in _SUM.finditer(text)]
    signed = [value for sign, value, _ in found if sign]
    bare = [value for _, value, size in found
            if value >= 1000 and (size or not 1950 <= value <= 2040) and value not in _PLANS]  # fmt: skip
    return min(_RICHEST, (signed or bare)[0]) if signed or bare else None


def _size(hit: re.Match[str]) -> float:
    return float(hit["digits"].replace(",", "")[:15]) * _SIZES.get((hit["size"] or "").lower(), 1)


def _sum_of(value: Any) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if value == value and 0 <= value <= _RICHEST else None
    text = text_of(value)
    return amount_of(text if "$" in text or not re.fullmatch(r"[\d,.]+", text) else f"${text}")


def _income(value: Any) -> float | None:
    if isinstance(value, Mapping):
        value = next((one for one in value.values() if _sum_of(one)), None)
    if isinstance(value, (list, tuple)):
        value = next(iter(value), None)
    amount, text = _sum_of(value), text_of(value).lower()
    if not amount:
        return None
    if re.search(r"month|/ ?mo", text):
        amount *= 12
    elif re.search(r"hour|/ ?hr", text) or amount < 200:
        amount *= 2080 if "hour" in text or "hr" in text else 1000
    elif "week" in text:
        amount *= 52
    return min(amount, 1e9)


def _family(*values: Any) -> str:
    """Return the longest description of the family, with the status and the children added if it lacks them."""
    texts = [_joined(value, 300) for value in values[:3]]
    fullest = max(texts, key=len)
    status = next((text for text in texts if text and text != fullest), "")
    known = fullest if status.lower().split(" ")[0] in fullest.lower() else f"{fullest}; {status}"
    children = _joined(values[3])
    if children and not re.search(r"(?i)child|kid|son\b|daughter", known):
        known += f"; {children} children" if children.isdigit() else f"; children: {children}"
    return unbracketed(known.strip("; "))


def _texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts from a list, an object or a single text."""
    if isinstance(value, Mapping):
        value = [
            inner if isinstance(inner, str) else f"{_words_of(name)} {text_of(inner)}" for name, inner in value.items()
        ]
    if isinstance(value, str):
        value = re.split(r"\s*[;\n•|]\s*|\.\s+(?=[A-Z])|,\s+(?=[A-Z])", value[:2000])
    if not isinstance(value, (list, tuple)):
        return ()
    texts = (_described(one) for one in value[: _MOST * 2])
    return tuple(dict.fromkeys(text.rstrip(".") for text in texts if text and not _NOTHING.match(text)))[:_MOST]


def _described(value: Any) -> str:
    if isinstance(value, Mapping):
        names = ("name", "title", "description", "goal", "text", "concern", "objection", "label", "type")
        told = {_key(name): inner for name, inner in list(value.items())[:20]}
        return next((text for name in names if (text := text_of(told.get(name)))), _joined(value))
    return _joined(value)


def _holdings(value: Any) -> tuple[Holding, ...] | None:
    """Return the holdings; None if the profile says nothing about them, empty if it says that there are none."""
    if value is None:
        return None
    held = [one for one in _parts(value) if one.text and not _is_none(one.text) and one.amount != 0]
    return tuple({one.text: one for one in held}.values())[:_MOST]


def _is_none(text: str) -> bool:
    return bool(_NOTHING.match(text) or _NOT_HELD.search(text))


def _parts(value: Any) -> Iterator[Holding]:
    if isinstance(value, Mapping):
        yield from _of_mapping(value)
    elif isinstance(value, str):
        pieces = re.split(r"\s*[;\n•|]\s*|,\s+(?!\d{3}\b)|,?\s+and\s+(?=.*\d{3})", value[:2000])
        yield from (holding(text_of(piece)) for piece in pieces)
    elif isinstance(value, Sequence):
        for one in list(value)[: _MOST * 2]:
            yield from _of_mapping(one) if isinstance(one, Mapping) else (holding(text_of(one)),)
    elif amount := _sum_of(value):
        yield Holding("", amount, f"${amount:,.0f}")


def _of_mapping(value: Mapping[str, Any]) -> Iterator[Holding]:
    """Yield the holdings of an object: `{type: "401(k)", value: 120000}` is one, `{savings: 12000, car: 9000}`
    are two."""
    told = {_key(name): inner for name, inner in list(value.items())[: _MOST * 2]}
    name = next(
        (text for key in ("name", "type", "title", "description", "label", "kind") if (text := text_of(told.get(key)))),
        "",
    )
    amounts = (_sum_of(told.get(key)) for key in ("value", "amount", "balance", "total", "worth", "owed"))
    if name:
        amount = next((one for one in amounts if one is not None), None)
        yield Holding(name, amount, f"{name}: ${amount:,.0f}") if amount is not None else holding(name)
        return
    for key, inner in list(value.items())[: _MOST * 2]:
        if isinstance(inner, (Mapping, list, tuple)):
            first = next(_parts(inner), None)
            if first:
                yield Holding(_words_of(key), first.amount, f"{_words_of(key)}: {first.text}")
        elif text_of(inner) and (amount := _sum_of(inner)) is not None:
            yield Holding(_words_of(key), amount, f"{_words_of(key)}: ${amount:,.0f}")


def holding(text: str) -> Holding:
    """Return a holding read from a text such as `Car loan: $8,900`, `$12,000 in a savings account` or `a boat`."""
    worth = re.search(r"cash value(?: of|:)? (\$[\d,]+)|(\$[\d,]+) cash value", text)
    amount = amount_of(worth[1] or worth[2]) if worth else amount_of(text)
    if amount is None:
        return Holding(text.rstrip(". "), None, text)
    hit = next(one for one in _SUM.finditer(text) if min(_RICHEST, _size(one)) == amount)
    before, after = text[: hit.start()], text[hit.end() :]
    before = before.partition(": ")[0] if re.match(r"[^:]*[A-Za-z]{2}[^:]*: +\S", before) else before
    name = (
        before
        if re.search(r"[A-Za-z]{2}|\d\(|\b(?:401|403|457|529)", re.sub(rf"(?i)\b{_AMOUNT_WORDS}\b", "", before))
        else after
    )
    return Holding(_bare(name) or "savings", amount, text)


def _bare(name: str) -> str:
    """Return the name without articles and without words such as `about` or `worth` that surround a sum."""
    edge = rf"(?:{_AMOUNT_WORDS}\b|an?\b|the\b|my\b|[~:,(\-–—=. ])"
    name = re.sub(rf"(?i)^(?:\s|{edge})+", "", name.strip())
    name = re.sub(rf"(?i)(?:\s*(?:\b{_AMOUNT_WORDS}|[~:,\-–—=.(]|(?<!\w)\)))+\s*$", "", name).strip()
    name = f"{name} bill" if name.endswith(("'s", "’s")) else name  # of `Attorney's balance`
    name = re.sub(r"\b(401|403|457) ?([kKbB])\b", lambda hit: f"{hit[1]}({hit[2].lower()})", name)
    return name if name.count("(") == name.count(")") else _unclosed(name)


def _unclosed(name: str) -> str:
    """Return the name with what stands behind a bracket that is not closed: `Car (2018 Honda` is `Car, 2018 Honda`."""
    return re.sub(r" *\((?P<more>[^()]*)$", r", \g<more>", name).strip(" ,")


def _words_of(key: object) -> str:
    """Return a key as words: `carLoan` becomes `car loan`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-]+", " ", text_of(str(key), 60)).lower().strip()


def _traits(value: Any, profile: Mapping[str, Any]) -> dict[str, float]:
    personality = profile.get("personality")
    if isinstance(personality, Mapping) and isinstance(personality.get("traits"), Mapping):
        value = personality["traits"]
    if not isinstance(value, Mapping):
        return {}
    numbers = {_key(name): one for name, one in list(value.items())[:20]}
    return {
        name: min(100.0, max(0.0, float(one)))
        for name, one in numbers.items()
        if isinstance(one, (int, float)) and not isinstance(one, bool) and one == one
    }


def _manner(profile: Mapping[str, Any], get: Any) -> str:
    personality = profile.get("personality")
    inner = personality if isinstance(personality, Mapping) else {}
    texts = [text_of(inner.get(key)) for key in ("archetype", "mood", "communicationStyle", "quirk")]
    texts += [text_of(personality), text_of(get("archetype")), text_of(get("mood")), text_of(get("communicationstyle"))]
    return " ".join(filter(None, dict.fromkeys(texts))).lower()
