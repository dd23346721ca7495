"""Converts a scenario to form fields and back."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from rplay.console.forms import FormBody
from rplay.console.words import N_
from rplay.training.scenario import Content, Point, Taboo
from rplay.web.body import Text, Title
from rplay.web.fields.training import Names

SECRETS = 3  # secrets that have form fields; further secrets of an imported scenario are kept unchanged
# Keys of the client's profile that have a form field, with True for a list with one item per line.
CLIENT = (
    ("age", False), ("occupation", False), ("family", False), ("income", False), ("background", False),
    ("assets", True), ("debts", True), ("goals", True), ("concerns", True), ("hiddenObjections", True),
)  # fmt: skip
FAILS = (
    ("", N_("no: only the number counts")),
    ("high", N_("a grave one")),
    ("medium", N_("a grave or a middling one")),
    ("low", N_("any")),
)
POINTS = (("", N_("in the review only")), ("yes", N_("before the talk and during it, too")))
_POINT = re.compile(r"(?P<text>[^:]+?)\s*(?:\((?P<severity>low|medium|high)\)\s*)?(?::(?P<phrases>.*))?$")


class Workshop(FormBody):
    """The form of a scenario. Every field is optional, as the scenario itself is validated as a whole."""

    several = frozenset({"unlock_1", "unlock_2", "unlock_3"})

    name: Title = ""
    kind: Title = ""
    difficulty: Title = ""
    task: Text = ""
    client_name: Title = ""
    age: Title = ""
    occupation: Title = ""
    family: Text = ""
    income: Title = ""
    background: Text = ""
    assets: Text = ""
    debts: Text = ""
    goals: Text = ""
    concerns: Text = ""
    hidden_objections: Text = ""
    about_1: Title = ""
    words_1: Text = ""
    says_1: Text = ""
    unlock_1: Names = Field(default_factory=list)
    about_2: Title = ""
    words_2: Text = ""
    says_2: Text = ""
    unlock_2: Names = Field(default_factory=list)
    about_3: Title = ""
    words_3: Text = ""
    says_3: Text = ""
    unlock_3: Names = Field(default_factory=list)
    product: Text = ""
    must_say: Text = ""
    must_not_say: Text = ""
    points_shown: Title = ""
    pass_mark: Title = ""
    fails_from: Title = ""
    attempts: Title = ""
    minutes: Title = ""


def filled(content: Content) -> dict[str, Any]:
    """Return the form values of this scenario."""
    client = content.client
    values: dict[str, Any] = {
        "name": content.name,
        "kind": f"{content.industry}/{content.subcategory or ''}",
        "difficulty": content.difficulty,
        "task": content.task,
        "client_name": client["name"],
        **{_field(key): _shown(client.get(key)) for key, _ in CLIENT},
        "product": "\n".join(content.product),
        "must_say": "\n".join(map(shown_point, content.must_say)),
        "must_not_say": "\n".join(map(shown_taboo, content.must_not_say)),
        "points_shown": "yes" if content.points_shown else "",
        "pass_mark": f"{content.pass_mark:g}",
        "fails_from": content.fails_from or "",
        "attempts": str(content.attempts or ""),
        "minutes": str(content.minutes or ""),
    }
    for place, one in enumerate(content.secrets[:SECRETS], 1):
        values[f"about_{place}"], values[f"words_{place}"] = one.about, ", ".join(one.words)
        values[f"says_{place}"], values[f"unlock_{place}"] = "\n".join(one.says), list(one.unlock)
    return values


def shown_point(point: Point) -> str:
    return f"{point.text}: {'; '.join(point.phrases)}"


def shown_taboo(point: Taboo) -> str:
    return f"{point.text} ({point.severity}): {'; '.join(point.phrases)}"


def scenario_of(form: Workshop, former: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the scenario from the form, together with the parts of an earlier version that have no field."""
    before = former or {}
    industry, _, subcategory = form.kind.partition("/")
    secrets = [*_secrets(form), *before.get("secrets", [])[SECRETS:]]
    return {
        "name": form.name,
        "industry": industry,
        "subcategory": subcategory or None,
        "difficulty": form.difficulty,
        "task": form.task,
        "client": {**before.get("client", {}), "name": form.client_name, **_client(form)},
        "secrets": secrets,
        "product": _lines(form.product),
        "mustSay": [_point(line) for line in _lines(form.must_say)],
        "mustNotSay": [_taboo(line) for line in _lines(form.must_not_say)],
        "pointsShown": form.points_shown == "yes",
        "passMark": form.pass_mark.replace(",", "."),
        "failsFrom": form.fails_from or None,
        "attempts": form.attempts or None,
        "minutes": form.minutes or None,
    }


def _field(key: str) -> str:
    return "hidden_objections" if key == "hiddenObjections" else key


def _shown(value: Any) -> str:
    several = value if isinstance(value, list) else [value]
    return "\n".join(str(one) for one in several if one is not None)


def _client(form: Workshop) -> dict[str, Any]:
    typed = {key: (getattr(form, _field(key)).strip(), several) for key, several in CLIENT}
    read = {key: _lines(text) if several else text for key, (text, several) in typed.items()}
    return read | ({"age": int(form.age)} if form.age.strip().isdecimal() else {})


def _secrets(form: Workshop) -> Iterator[dict[str, Any]]:
    for place in range(1, SECRETS + 1):
        about, words = getattr(form, f"about_{place}"), getattr(form, f"words_{place}")
        says, unlock = _lines(getattr(form, f"says_{place}")), getattr(form, f"unlock_{place}")
        if about.strip() or says:
            named = [one.strip() for one in re.split(r"[,\n]", words) if one.strip()]
            yield {"about": about, "words": named, "says": says, "unlock": unlock}


def _point(line: str) -> dict[str, Any]:
    """Parse `what it is: one phrase; another`. Without phrases the text itself is searched for."""
    found = _POINT.match(line)
    text = found["text"] if found else line
    phrases = [one.strip() for one in ((found and found["phrases"]) or "").split(";") if one.strip()]
    return {"text": text, "phrases": phrases or [text]}


def _taboo(line: str) -> dict[str, Any]:
    found = _POINT.match(line)
    return {**_point(line), "severity": (found and found["severity"]) or "high"}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
