"""A selection of what `make chaos` does, on three real brokers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.report import line_of
from tests.chaos.running import run
from tests.chaos.scenario import Scenario
from tests.chaos.scenarios.selection import SELECTION
from tests.slow_params import slow_but

pytestmark = [
    pytest.mark.alone,
    # The watchdog of the run needs the alarm that the test runner's time limit would use.
    pytest.mark.timeout(method="thread", timeout=240),
]


@pytest.mark.parametrize(
    "scenario", slow_but(SELECTION, SELECTION[1]), ids=lambda scenario: scenario.name
)
def test_nothing_is_lost_doubled_or_stopped_and_readiness_is_true(
    scenario: Scenario, tmp_path: Path
) -> None:
    outcome = run(scenario, seed=1, evidence=tmp_path)

    assert outcome.ok, line_of(outcome)
    assert outcome.verdict.inputs > 0
    assert outcome.struck
