"""A child process starts, says how it ended, and stops within its bound."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.stack.processes import SLEEP, eventually, python_process
from textwire.errors import StackError
from textwire.stack.pids import birth_of, is_alive

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); "


def test_what_it_prints_is_in_its_log(tmp_path: Path) -> None:
    process = python_process(tmp_path, "talker", "print('hello')", may_end=True)
    process.start()
    assert eventually(lambda: process.finished)
    assert process.log.read_text() == "hello\n"


def test_one_that_ends_at_its_start_is_explained_by_its_last_words(tmp_path: Path) -> None:
    process = python_process(
        tmp_path, "broken", "raise SystemExit('no such model')", ready=lambda: False
    )
    with pytest.raises(StackError, match=r"broken ended at its start \(exit status 1\)") as told:
        process.start()
    assert "no such model" in str(told.value)


def test_one_that_is_never_ready_is_given_up_and_stopped(tmp_path: Path) -> None:
    process = python_process(tmp_path, "slow", ready=lambda: False, ready_within_s=0.2)
    with pytest.raises(StackError, match="slow was not ready after"):
        process.start()
    assert not process.running


def test_a_program_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    process = python_process(tmp_path, "deaf")
    (tmp_path / "logs").write_text("a file where the folder should be")
    with pytest.raises(StackError, match="deaf cannot be started"):
        process.start()


def test_one_that_ignores_sigterm_is_killed_when_its_time_is_over(tmp_path: Path) -> None:
    process = python_process(tmp_path, "deaf", DEAF + "time.sleep(600)", stop_within_s=0.3)
    process.spawn()
    assert eventually(lambda: "deaf" in process.log.read_text())
    began = time.monotonic()
    process.stop()
    assert 0.2 < time.monotonic() - began < 60  # `DEAF` sleeps for ten minutes
    assert process.exit_status == -signal.SIGKILL


def test_it_survives_the_thread_that_started_it(tmp_path: Path) -> None:
    process = python_process(tmp_path, "child")
    thread = threading.Thread(target=process.start)
    thread.start()
    thread.join()
    time.sleep(0.2)
    assert process.running
    process.stop()


PARENT = f"""
import sys, time
from pathlib import Path
from tests.stack.processes import python_process
process = python_process(Path(sys.argv[1]), "child", {SLEEP!r})
process.start()
print(process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends orphans")
def test_nothing_is_left_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        born_at = birth_of(child)
        assert is_alive(child, born_at)
        os.kill(parent.pid, signal.SIGKILL)
    assert eventually(lambda: not is_alive(child, born_at))
