"""The rules that reviews go by: rubrics and compliance. A change can be tried on stored talks before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from flask import Blueprint, Response, request
from pydantic import AfterValidator, BeforeValidator, Field

from rplay.console.forms import Form, FormBody, takes_form
from rplay.console.new_talk import difficulty_name
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import N_, gettext
from rplay.data import DIFFICULTY_LEVELS, Name
from rplay.db import audit_log
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.reviews import rules, trying
from rplay.reviews.numbers import OVERALL
from rplay.reviews.trying import Move
from rplay.web import bounds
from rplay.web.auth import admin_only, changing
from rplay.web.body import Text, Title, problem
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.rules import Criteria
from rplay.web.limits import limited
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering

bp = Blueprint("rules", __name__, url_prefix="/rules")

TALKS = 5  # that a change is tried on: each is reviewed twice while the admin waits
RANGES = ("1-2", "3-4", "5-6", "7-8", "9-10")
SEVERITIES = {"low": N_("low"), "medium": N_("medium"), "high": N_("high")}


def _lines(text: Any) -> Any:
    return [line.strip() for line in text.splitlines() if line.strip()] if isinstance(text, str) else text


def _number(text: Any) -> Any:
    try:
        return float(str(text).replace(",", "."))
    except ValueError:
        raise problem(N_("Please give a number from 1 to 10.")) from None


def _severity(text: str) -> str:
    if text not in SEVERITIES:
        raise problem("Invalid choice")
    return text


def _cap(number: float) -> float:
    if not 1 <= number <= 10:
        raise problem(N_("Please give a number from 1 to 10."))
    return number


Lines = Annotated[list[Title], BeforeValidator(_lines), Field(max_length=bounds.FEW, default_factory=list)]


class Rule(FormBody):
    """Lists stand one to a line. `trial` is sent by the button that only tries."""

    name: Title
    definition: Text
    severity: Annotated[Title, AfterValidator(_severity)]
    cap: Annotated[float, BeforeValidator(_number), AfterValidator(_cap)]
    industries: Lines
    examples: Lines
    counter_examples: Lines
    client_says: Lines
    trial: Title | None = None

    def put_into(self, rule: dict[str, Any]) -> None:
        rule.update(name=self.name, definition=self.definition, severity=self.severity, cap=self.cap)
        rule.update(industries=self.industries, examples=self.examples)
        rule.update(counterExamples=self.counter_examples, clientSays=self.client_says)


class Levels(FormBody):
    """The criteria of each range, one to a line."""

    s1: Criteria
    s3: Criteria
    s5: Criteria
    s7: Criteria
    s9: Criteria
    trial: Title | None = None

    def criteria(self) -> list[tuple[str, list[str]]]:
        return list(zip(RANGES, (self.s1, self.s3, self.s5, self.s7, self.s9), strict=True))


@dataclass(frozen=True, slots=True)
class Trial:
    talks: int
    moves: Sequence[Move]


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    return rendered(
        "rules.html",
        user,
        rules=parts().data.compliance(),
        rubrics=orjson.loads(parts().data.raw("rubrics")),
        difficulties=list(DIFFICULTY_LEVELS),
        difficulty_name=difficulty_name,
        severity_name=lambda severity: gettext(SEVERITIES[severity]),
        done=request.args.get("done") == "saved",
    )


@bp.get("/compliance/<rule_id>")
@admin_only
def rule(user: SignedIn, rule_id: str) -> Response:
    return _rule(user, rule_id)


@bp.post("/compliance/<rule_id>")
@admin_only
@limited("ai")
@takes_form(Rule)
@while_waited_for
def change_rule(user: SignedIn, rule_id: str, form: Form[Rule]) -> Response:
    if form.body is None:
        return _rule(user, rule_id, form, status=400)
    content = orjson.loads(parts().data.raw("compliance"))
    form.body.put_into(_found(content, rule_id))
    if fault := rules.fault_of(content):
        return _rule(user, rule_id, form.refuse("name", fault), status=400)
    if form.body.trial:
        return _rule(user, rule_id, form, _tried(user, "compliance", content))
    with changing(user, "compliance") as [current]:
        form.body.put_into(_found(current, rule_id))
        audit_log.record("compliance.change", user.id, rules=len(current))
    return to("console.rules.page", done="saved")


@bp.get("/rubrics/<competency_id>/<difficulty>")
@admin_only
def rubric(user: SignedIn, competency_id: str, difficulty: str) -> Response:
    return _rubric(user, competency_id, difficulty)


@bp.post("/rubrics/<competency_id>/<difficulty>")
@admin_only
@limited("ai")
@takes_form(Levels)
@while_waited_for
def change_rubric(user: SignedIn, competency_id: str, difficulty: str, form: Form[Levels]) -> Response:
    if form.body is None:
        return _rubric(user, competency_id, difficulty, form, status=400)
    content = orjson.loads(parts().data.raw("rubrics"))
    _put(content, competency_id, difficulty, form.body)
    if form.body.trial:
        return _rubric(user, competency_id, difficulty, form, _tried(user, "rubrics", content))
    with changing(user, "rubrics") as [current]:
        _put(current, competency_id, difficulty, form.body)
    return to("console.rules.page", done="saved")


def _put(rubrics: list[dict[str, Any]], competency_id: str, difficulty: str, body: Levels) -> None:
    changed = [
        rules.replace_criteria(rubrics, competency_id, range_, (difficulty,), criteria)
        for range_, criteria in body.criteria()
    ]
    if not all(changed):
        raise NotFound("Rubric entry not found")


def _tried(user: SignedIn, name: Name, content: Any) -> Trial:
    """On the newest talks that ended; keeps nothing."""
    talks, moves = trying.tried(chain_of(user), parts().data, name, orjson.dumps(content), steering(), TALKS)
    return Trial(talks, moves)


def _found(content: list[dict[str, Any]], rule_id: str) -> dict[str, Any]:
    for one in content:
        if one["id"] == rule_id:
            return one
    raise NotFound("Rule not found")


def _rule(
    user: SignedIn, rule_id: str, form: Form[Rule] | None = None, trial: Trial | None = None, status: int = 200
) -> Response:
    found = _found(orjson.loads(parts().data.raw("compliance")), rule_id)
    return rendered(
        "rule.html",
        user,
        status,
        rule=found,
        form=form or Form(_values(found)),
        severities=[(value, gettext(name)) for value, name in SEVERITIES.items()],
        **_of_trial(trial),
    )


def _values(rule: dict[str, Any]) -> dict[str, Any]:
    said = rule.get("clientSays", [])
    return {
        "name": rule["name"],
        "definition": rule["definition"],
        "severity": rule["severity"],
        "cap": rule["cap"],
        "industries": "\n".join(rule.get("industries", [])),
        "examples": "\n".join(rule.get("examples", [])),
        "counter_examples": "\n".join(rule.get("counterExamples", [])),
        "client_says": said if isinstance(said, str) else "\n".join(said),
    }


def _rubric(
    user: SignedIn,
    competency_id: str,
    difficulty: str,
    form: Form[Levels] | None = None,
    trial: Trial | None = None,
    status: int = 200,
) -> Response:
    content = orjson.loads(parts().data.raw("rubrics"))
    found = next((one for one in content if one["id"] == competency_id), None)
    if found is None or difficulty not in found["rubric"]:
        raise NotFound("Rubric entry not found")
    values = {f"s{entry['range'][0]}": "\n".join(entry["criteria"]) for entry in found["rubric"][difficulty]}
    return rendered(
        "rubric.html",
        user,
        status,
        rubric=found,
        difficulty=difficulty,
        difficulty_name=difficulty_name,
        form=form or Form(values),
        ranges=[(f"s{one[0]}", one) for one in RANGES],
        **_of_trial(trial),
    )


def _of_trial(trial: Trial | None) -> dict[str, Any]:
    return {"trial": trial, "talks": TALKS, "overall": OVERALL}
