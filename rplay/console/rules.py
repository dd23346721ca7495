"""The rules of reviews: rubrics and compliance. A change can be tried on stored talks before it is saved."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from flask import Blueprint, Response, request, url_for
from pydantic import AfterValidator, BeforeValidator, Field

from rplay.console import jobs, steered
from rplay.console.forms import Form, FormBody, takes_form
from rplay.console.new_talk import difficulty_name
from rplay.console.rendering import led, to
from rplay.console.rendering import page as rendered
from rplay.console.words import N_, gettext
from rplay.data import DIFFICULTY_LEVELS, Name
from rplay.db import jobs as db_jobs
from rplay.db import simulations
from rplay.db.jobs import Job
from rplay.db.sessions import SignedIn
from rplay.errors import Conflict, NotFound
from rplay.reviews import rules, trying
from rplay.web import bounds
from rplay.web.auth import admin_only, changing
from rplay.web.body import Text, Title, problem, uuid_of
from rplay.web.fields.names import slug_of
from rplay.web.fields.rules import Criteria
from rplay.web.limits import limited
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering

bp = Blueprint("rules", __name__, url_prefix="/rules")

TALKS = {"few": 5, "many": 25}  # talks on which a change is tried; each is reviewed twice
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
    """The form of a compliance rule. Lists have one item per line. `trial` is sent by the buttons that only try the
    rule and says on how many talks.
    """

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


class Removal(FormBody):
    trial: Title | None = None


class Levels(FormBody):
    """The form of a rubric: the criteria of each range, one per line."""

    s1: Criteria
    s3: Criteria
    s5: Criteria
    s7: Criteria
    s9: Criteria
    trial: Title | None = None

    def criteria(self) -> list[tuple[str, list[str]]]:
        return list(zip(RANGES, (self.s1, self.s3, self.s5, self.s7, self.s9), strict=True))


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
        done=request.args.get("done"),
    )


@bp.get("/compliance/new")
@admin_only
def new(user: SignedIn) -> Response:
    return _rule(user, None, _form_of_trial(user, Form({"severity": "medium", "cap": 6})))


@bp.post("/compliance/new")
@admin_only
@limited("ai")
@takes_form(Rule)
def create(user: SignedIn, form: Form[Rule]) -> Response:
    body = form.body
    if body is None:
        return _rule(user, None, form, status=400)
    rule_id = slug_of(body.name)
    if rule_id in ("", "new"):
        return _rule(user, None, form.refuse("name", gettext("This is not valid.")), status=400)

    def add(content: list[dict[str, Any]]) -> None:
        made = {"id": rule_id}
        body.put_into(made)
        content.append(made)

    return _changed(user, None, form, add)


@bp.get("/compliance/<rule_id>")
@admin_only
def rule(user: SignedIn, rule_id: str) -> Response:
    found = _found(_content("compliance"), rule_id)
    return _rule(user, found, _form_of_trial(user, Form(_values(found))))


@bp.post("/compliance/<rule_id>")
@admin_only
@limited("ai")
@takes_form(Rule)
def change_rule(user: SignedIn, rule_id: str, form: Form[Rule]) -> Response:
    body, found = form.body, _found(_content("compliance"), rule_id)
    if body is None:
        return _rule(user, found, form, status=400)
    return _changed(user, found, form, lambda content: body.put_into(_found(content, rule_id)))


def _changed(
    user: SignedIn, found: dict[str, Any] | None, form: Form[Rule], change: Callable[[list[dict[str, Any]]], None]
) -> Response:
    """Try or save a changed rule, or a new one if `found` is None."""
    content = _content("compliance")
    change(content)
    if fault := rules.fault_of(content):
        return _rule(user, found, form.refuse("name", fault), status=400)
    assert form.body is not None
    if form.body.trial:
        return _tried(user, "compliance", content, form)
    with changing(user, "compliance") as [current]:
        change(current)
        if rules.fault_of(current):
            raise Conflict("The rules were changed meanwhile")
    return to("console.rules.page", done="saved")


@bp.post("/compliance/<rule_id>/remove")
@admin_only
@limited("ai")
@takes_form(Removal)
def remove(user: SignedIn, rule_id: str, form: Form[Removal]) -> Response:
    content = _content("compliance")
    content.remove(_found(content, rule_id))
    if form.body and form.body.trial:
        return _tried(user, "compliance", content, form, url_for("console.rules.rule", rule_id=rule_id))
    with changing(user, "compliance") as [current]:
        current.remove(_found(current, rule_id))
        if not current:
            raise Conflict("One rule has to stay")
    return to("console.rules.page", done="removed")


@bp.get("/rubrics/<competency_id>/<difficulty>")
@admin_only
def rubric(user: SignedIn, competency_id: str, difficulty: str) -> Response:
    return _rubric(user, competency_id, difficulty)


@bp.post("/rubrics/<competency_id>/<difficulty>")
@admin_only
@limited("ai")
@takes_form(Levels)
def change_rubric(user: SignedIn, competency_id: str, difficulty: str, form: Form[Levels]) -> Response:
    if form.body is None:
        return _rubric(user, competency_id, difficulty, form, status=400)
    content = _content("rubrics")
    _put(content, competency_id, difficulty, form.body)
    if form.body.trial:
        return _tried(user, "rubrics", content, form)
    with changing(user, "rubrics") as [current]:
        _put(current, competency_id, difficulty, form.body)
    return to("console.rules.page", done="saved")


def _content(name: Name) -> list[dict[str, Any]]:
    """Return a copy of a data file's content, which the caller may modify."""
    return orjson.loads(parts().data.raw(name))  # type: ignore[no-any-return]


def _put(rubrics: list[dict[str, Any]], competency_id: str, difficulty: str, body: Levels) -> None:
    changed = [
        rules.replace_criteria(rubrics, competency_id, range_, (difficulty,), criteria)
        for range_, criteria in body.criteria()
    ]
    if not all(changed):
        raise NotFound("Rubric entry not found")


def _tried(user: SignedIn, name: Name, content: Any, form: Form[Any], page: str | None = None) -> Response:
    """Start a job that tries the changed rules on the newest completed talks, without storing anything. Redirect to
    the page, which shows the form again.
    """
    chain, data, parameters, raw = chain_of(user), parts().data, steering(), orjson.dumps(content)
    asked = {field: value for field, value in form.values.items() if field != "trial"}
    most = TALKS[form.body.trial if form.body and form.body.trial in TALKS else "few"]

    def work(said: jobs.Said) -> dict[str, Any]:
        talks, moves = trying.tried(chain, data, name, raw, parameters, most, said)
        return {"talks": talks, "moves": [asdict(move) for move in moves]}

    total = len(simulations.newest_completed(most))
    page = f"{page or request.path}?trial="
    return led(f"{page}{jobs.begin('trial', user, page, {'fields': asked}, total, work)}")


def _form_of_trial(user: SignedIn, form: Form[Any]) -> Form[Any]:
    """Fill the form with the values that were tried, so that they can be saved or changed further."""
    job = _trial(user)
    return Form({**form.values, **job.asked["fields"]}) if job else form


def _trial(user: SignedIn) -> Job | None:
    """Return the trial that the page's URL names, if it belongs to this user."""
    job_id = uuid_of(request.args.get("trial", ""))
    return db_jobs.get(job_id, user.id) if job_id else None


def _found(content: list[dict[str, Any]], rule_id: str) -> dict[str, Any]:
    for one in content:
        if one["id"] == rule_id:
            return one
    raise NotFound("Rule not found")


def _rule(user: SignedIn, found: dict[str, Any] | None, form: Form[Any], status: int = 200) -> Response:
    """Show the page of a rule; `found` is None for a new one."""
    return rendered(
        "rule.html",
        user,
        status,
        rule=found,
        form=form,
        severities=[(value, gettext(name)) for value, name in SEVERITIES.items()],
        places=steered.places("compliance"),
        **_of_trial(user),
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
    user: SignedIn, competency_id: str, difficulty: str, form: Form[Levels] | None = None, status: int = 200
) -> Response:
    found = next((one for one in _content("rubrics") if one["id"] == competency_id), None)
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
        form=form or _form_of_trial(user, Form(values)),
        ranges=[(f"s{one[0]}", one) for one in RANGES],
        places=steered.places("rubric"),
        **_of_trial(user),
    )


def _of_trial(user: SignedIn) -> dict[str, Any]:
    return {**jobs.shown(_trial(user)), "talks": TALKS}
