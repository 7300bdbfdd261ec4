from __future__ import annotations

from datetime import timedelta

import pytest

from tests.observing.test_reports import NOW, process
from textwire.observing.report_states import namesakes, shared_number, state_of


@pytest.mark.parametrize(
    ("report", "state"),
    [
        (process(), "ready"),
        (process(warnings="champion: refused"), "degraded"),
        (process(ready=False, reason="redis: away"), "not ready"),
        (process(ready=False, reason="redis: away", warnings="pusher: away"), "not ready"),
        (process(reported_ago_s=5), "ready"),
        (process(reported_ago_s=5.1), "silent"),
        (process(reported_ago_s=60, ready=False), "silent"),
    ],
)
def test_a_process_is_what_it_said_last_or_silent(report, state: str) -> None:
    assert state_of(report, NOW, silent_after_s=5) == state


def test_a_clock_that_is_ahead_is_no_silence() -> None:
    assert state_of(process(), NOW - timedelta(minutes=5)) == "ready"


def test_processes_of_one_number_are_found_and_told_with_what_to_do() -> None:
    first, second, other = process(pid=7), process(pid=8, host="b"), process(pid=9, replica=1)
    assert namesakes([first, second, other]) == {("echoing", 0): [first, second]}
    told = shared_number([first, second])
    assert told.startswith("replica 0 of echoing is several processes: 7 on a and 8 on b.")
    assert "TEXTWIRE_SERVICE_REPLICA" in told
