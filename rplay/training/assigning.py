"""Scenarios assigned to learners: who may assign them, how often and until when they may be tried, and who passed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from rplay.db import Connection, assignments, audit_log, groups, review_views, scenarios, simulation_origins, users
from rplay.db.assignments import Assignment, Attempt
from rplay.db.scenarios import Scenario
from rplay.db.sessions import SignedIn
from rplay.db.users import ADMINS
from rplay.errors import BadRequest, Conflict, Forbidden, NotFound
from rplay.training.scenario import SEVERITIES
from rplay.training.scenarios import for_trainers
from rplay.training.scenarios import seen_by as scenario_seen_by

State = Literal["open", "begun", "passed", "failed", "overdue"]
NOT_FOUND = "Assignment not found"
NOT_YOURS = "Not assigned to you"
GRACE = 60  # seconds by which a talk may exceed its time limit


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's progress with an assignment. `left` is None if attempts are unlimited."""

    state: State
    begun: int
    left: int | None
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LearnerStanding:
    """A learner with their progress. It has no scores, as whoever has seen them could no longer mark the talk blind."""

    id: UUID
    name: str
    email: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Details:
    assignment: Assignment
    learners: list[LearnerStanding]


@dataclass(frozen=True, slots=True)
class Result:
    """A learner's result: the best score, the severities of all broken rules, and when the last attempt was
    completed.
    """

    learner: LearnerStanding
    best: float | None
    severities: list[str]
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mine:
    """An assignment as its learner sees it. `best` is their best score so far, `going_on` their unfinished talk."""

    assignment: Assignment
    standing: Standing
    best: float | None
    going_on: UUID | None


def of_user(user: SignedIn) -> list[Assignment]:
    """Return all assignments for an admin, those of their learners for a trainer."""
    for_trainers(user)
    return assignments.every() if user.role in ADMINS else assignments.of_trainer(user.id)


def mine(user: SignedIn) -> list[Mine]:
    found = assignments.of_learner(user.id)
    tries = _by_assignment(assignments.attempts_at([one.id for one in found], user.id))
    return [_mine(one, tries[one.id]) for one in found]


def _mine(assignment: Assignment, tries: Sequence[Attempt]) -> Mine:
    numbers = [one.overall for one in tries if one.completed_at and one.overall is not None]
    going_on = next((one.simulation_id for one in reversed(tries) if one.simulation_id and not one.completed_at), None)
    return Mine(assignment, standing(assignment, tries), max(numbers, default=None), going_on)


def begun_with(user: SignedIn, simulation_id: UUID) -> Mine | None:
    """Return the assignment of which the user's talk is an attempt; None if it is not an attempt."""
    origin = simulation_origins.of_simulation(simulation_id)
    found = assignments.get(origin.assignment_id) if origin and origin.assignment_id else None
    return _mine(found, assignments.attempts_at([found.id], user.id)) if found else None


def details(user: SignedIn, assignment_id: UUID) -> Details:
    found = seen_by(user, assignment_id)
    return with_learners([found])[0]


def results(user: SignedIn, assignment_id: UUID) -> list[Result]:
    """Return the results with scores. From now on the user counts as having seen the scores of these talks."""
    found = seen_by(user, assignment_id)
    tries: dict[UUID, list[Attempt]] = defaultdict(list)
    for one in assignments.attempts_at([found.id]):
        tries[one.user_id].append(one)
    review_views.note_those(
        [one.simulation_id for every in tries.values() for one in every if one.simulation_id], user.id
    )
    return [Result(one, *_outcome(tries[one.id])) for one in _standings(found, tries)]


def _outcome(tries: Sequence[Attempt]) -> tuple[float | None, list[str], datetime | None]:
    numbers = [one.overall for one in tries if one.completed_at and one.overall is not None]
    ends = [one.completed_at for one in tries if one.completed_at]
    return max(numbers, default=None), [grave for one in tries for grave in one.severities], max(ends, default=None)


def _standings(assignment: Assignment, tries: Mapping[UUID, Sequence[Attempt]]) -> list[LearnerStanding]:
    return [
        LearnerStanding(one.id, one.name, one.email, standing(assignment, tries.get(one.id, ())))
        for one in assignments.learners(assignment.id)
    ]


def with_learners(found: Sequence[Assignment]) -> list[Details]:
    """Return each assignment with the progress of all its learners."""
    tries: dict[UUID, dict[UUID, list[Attempt]]] = defaultdict(lambda: defaultdict(list))
    for one in assignments.attempts_at([one.id for one in found]):
        tries[one.assignment_id][one.user_id].append(one)
    return [Details(one, _standings(one, tries[one.id])) for one in found]


def standing(assignment: Assignment, tries: Sequence[Attempt]) -> Standing:
    left = None if assignment.attempts is None else max(0, assignment.attempts - len(tries))
    good = next((one.completed_at for one in tries if passes(one)), None)
    return Standing(_state(assignment, tries, left, good), len(tries), left, good)


def _state(assignment: Assignment, tries: Sequence[Attempt], left: int | None, good: datetime | None) -> State:
    if good:
        return "passed"
    if left == 0 and all(_is_decided(one) for one in tries):
        return "failed"
    if assignment.due_at and assignment.due_at < datetime.now(UTC):
        return "overdue"
    return "begun" if tries else "open"


def _is_decided(attempt: Attempt) -> bool:
    """Return True if the attempt was deleted, ended without a word or has a score. Otherwise its review may still
    come.
    """
    ended = attempt.completed_at is not None and (attempt.overall is not None or attempt.wordless)
    return attempt.simulation_id is None or ended


def passes(attempt: Attempt) -> bool:
    """Return True if the score is high enough, the talk was in time, and no rule that fails it was broken."""
    if not attempt.completed_at or attempt.overall is None or attempt.pass_mark is None:
        return False
    late = attempt.minutes and (attempt.seconds or 0) > attempt.minutes * 60 + GRACE
    return attempt.overall >= attempt.pass_mark and not late and not _fails(attempt)


def _fails(attempt: Attempt) -> bool:
    if attempt.fails_from is None:
        return False
    grave = SEVERITIES[SEVERITIES.index(attempt.fails_from) :]
    return any(one in grave for one in attempt.severities)


def seen_by(user: SignedIn, assignment_id: UUID, tx: Connection | None = None) -> Assignment:
    """Return the assignment. Raise Forbidden unless the user is an admin or trains its group or learner."""
    found = assignments.get(assignment_id, tx)
    if user.role not in ADMINS and not (found and _looks_after(user, found.group_id, found.user_id)):
        raise Forbidden("Not authorized to view this assignment")
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _looks_after(user: SignedIn, group_id: UUID | None, learner_id: UUID | None) -> bool:
    if user.role != "trainer":
        return False
    if group_id:
        return groups.is_trainer(user.id, group_id)
    return learner_id is not None and groups.trains(user.id, learner_id)


def assign(
    user: SignedIn,
    scenario_id: UUID,
    group_id: UUID | None,
    learner_id: UUID | None,
    due_at: datetime | None,
    attempts: int | None,
    remind_days: int | None,
    tx: Connection,
) -> Assignment:
    """Assign a scenario to either a group or one person."""
    for_trainers(user)
    if (group_id is None) == (learner_id is None):
        raise BadRequest("Either groupId or userId is required")
    if user.role not in ADMINS and not _looks_after(user, group_id, learner_id):
        raise Forbidden(f"Not authorized to assign to this {'group' if group_id else 'learner'}")
    _exists(group_id, learner_id, tx)
    if scenario_seen_by(user, scenario_id, tx).archived_at:
        raise Conflict("This scenario is archived")
    made = assignments.create(scenario_id, group_id, learner_id, due_at, attempts, remind_days, user.id, tx)
    audit_log.record("assignment.create", user.id, about=learner_id, subject=made.id, tx=tx)
    return made


def _exists(group_id: UUID | None, learner_id: UUID | None, tx: Connection) -> None:
    if group_id and groups.get(group_id, tx) is None:
        raise NotFound("Group not found")
    if learner_id and users.by_id(learner_id) is None:
        raise NotFound("User not found")


def change(user: SignedIn, assignment_id: UUID, changes: Mapping[str, Any], tx: Connection) -> Assignment:
    """Change deadline, attempts or reminder, as named in `changes`. None clears a value; for attempts the
    scenario's number then applies.
    """
    seen_by(user, assignment_id, tx)
    changed = assignments.change(assignment_id, changes, tx)
    if changed is None:
        raise NotFound(NOT_FOUND)
    audit_log.record("assignment.change", user.id, subject=assignment_id, tx=tx)
    return changed


def delete(user: SignedIn, assignment_id: UUID, tx: Connection) -> None:
    """Delete an assignment; its talks stay."""
    seen_by(user, assignment_id, tx)
    assignments.delete(assignment_id, tx)
    audit_log.record("assignment.delete", user.id, subject=assignment_id, tx=tx)


def scenario_to_begin(user_id: UUID, assignment_id: UUID, tx: Connection) -> Scenario:
    """Return the scenario if this person may begin an attempt now, else raise Forbidden. The caller must hold the
    account's lock.
    """
    found = assignments.get(assignment_id, tx)
    if found is None or not assignments.is_for(assignment_id, user_id, tx):
        raise Forbidden(NOT_YOURS)
    if found.due_at and found.due_at < datetime.now(UTC):
        raise Forbidden("Deadline has passed")
    if found.attempts is not None and assignments.begun(assignment_id, user_id, tx) >= found.attempts:
        raise Forbidden("Attempt limit reached")
    scenario = scenarios.get(found.scenario_id, tx)
    assert scenario is not None
    return scenario


def _by_assignment(tries: Sequence[Attempt]) -> defaultdict[UUID, list[Attempt]]:
    found: defaultdict[UUID, list[Attempt]] = defaultdict(list)
    for one in tries:
        found[one.assignment_id].append(one)
    return found
