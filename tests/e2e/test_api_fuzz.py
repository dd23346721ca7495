"""Requests made up from the API's own description: never a 5xx, never a status that is not described.

`make fuzz` runs the same with many examples.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
CHECKS = [checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance]
# Not fuzzed: it leaves accounts of others without a session.
LEFT_OUT = ["/api/auth/logout"]


@pytest.fixture(scope="module")
def api(app):
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app).exclude(path=LEFT_OUT)


@pytest.fixture(scope="module")
def fuzzers(person):
    """Tokens of somebody who may do everything and of somebody who may not."""
    return person("Fuzzing Admin", "super_admin").token, person("Fuzzing Learner").token


def test_every_operation_keeps_to_its_description(api, app, fuzzers, subtests):
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:
        with subtests.test(operation.label):
            fuzz(operation, app, fuzzers)


def fuzz(operation, app, fuzzers):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def run(case):
        for token in fuzzers:
            answer = case.call(app=app, headers={"Authorization": f"Bearer {token}"})
            case.validate_response(answer, checks=CHECKS)

    run()
