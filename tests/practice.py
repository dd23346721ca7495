"""What `make practice` runs and `make test` samples: many talks, lives, recordings and made-up requests.

`@pytest.mark.practice` leaves a test to `make practice`. `@pytest.mark.sampled(3)` leaves it three of its cases and the others
to that: as far apart as they can be, the same each time.
"""

from collections import defaultdict

import pytest


def share_out(items: list[pytest.Item]) -> None:
    """Mark those cases of sampled tests for practice that are not kept."""
    sampled: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sampled"):
            sampled[item.nodeid.partition("[")[0]].append(item)
    for cases in sampled.values():
        _leave_out(cases)


def _leave_out(cases: list[pytest.Item]) -> None:
    mark = cases[0].get_closest_marker("sampled")
    assert mark
    many, kept = len(cases), min(mark.args[0], len(cases))
    stay = {number * many // kept for number in range(kept)}
    for number, case in enumerate(cases):
        if number not in stay:
            case.add_marker("practice")
