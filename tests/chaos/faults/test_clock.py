from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.faults.clock import can_set_clocks, clock_environment, set_clock

LOOKS = """
import sys, time
from datetime import datetime, timezone
for _ in sys.stdin:
    now = time.time()
    print(now, datetime.now(timezone.utc).timestamp() - now, time.monotonic(), flush=True)
"""

pytestmark = pytest.mark.skipif(not can_set_clocks(), reason="no C compiler here")


def test_a_set_clock_moves_the_time_of_day_and_not_the_clock_that_only_goes_forward(
    tmp_path: Path,
) -> None:
    environment = os.environ | clock_environment(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", LOOKS],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin
        assert program.stdout

        def look() -> list[float]:
            program.stdin.write("now\n")
            program.stdin.flush()
            return [float(number) for number in program.stdout.readline().split()]

        before, _, forward = look()
        set_clock(tmp_path, -86_400)
        after, apart, later = look()
        program.stdin.close()

    assert after - before == pytest.approx(-86_400, abs=5)
    assert abs(apart) < 1
    assert 0 <= later - forward < 5
