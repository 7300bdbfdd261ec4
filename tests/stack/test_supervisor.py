"""The supervisor starts in order, restarts what dies, says so, and stops in the reverse order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.stack.processes import eventually, python_process
from textwire.backoff import Backoff
from textwire.errors import StackError
from textwire.stack.asking_services import ask_what_hangs
from textwire.stack.ports import free_port
from textwire.stack.process import Process
from textwire.stack.process_spec import ProcessSpec, answers_http
from textwire.stack.supervisor import Supervisor

LAST_WORDS = """
import signal, sys, time
def end(*_):
    with open({path!r}, "a") as order:
        order.write({name!r} + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("listening")
time.sleep(600)
"""


def quick() -> Backoff:
    return Backoff(first_s=0.05, longest_s=0.2)


def test_a_part_that_dies_is_started_again_and_said_so(tmp_path: Path) -> None:
    told: list[str] = []
    with Supervisor(told.append, backoff=quick) as supervisor:
        process = python_process(tmp_path, "service")
        supervisor.start(process)
        first = process.pid
        assert first
        os.kill(first, signal.SIGKILL)
        assert _looking(supervisor, lambda: supervisor.parts[0].restarts == 1 and process.ready())
        assert _looking(supervisor, lambda: supervisor.parts[0].state == "ready")
        assert process.pid != first
    assert told[0].startswith("service ended (signal SIGKILL)")
    assert "starting it again in 0.1 s" in told[0]
    assert told[1] == "service is ready again"


def test_a_part_that_keeps_dying_is_waited_for_longer_and_longer(tmp_path: Path) -> None:
    told: list[str] = []
    with Supervisor(told.append, backoff=quick) as supervisor:
        mark = tmp_path / "once"
        code = f"import pathlib, time; m = pathlib.Path({str(mark)!r}); "
        code += "time.sleep(600) if not m.exists() else 1 / 0"
        process = python_process(tmp_path, "service", code)
        supervisor.start(process)
        mark.touch()
        process.kill()
        assert _looking(supervisor, lambda: supervisor.parts[0].restarts >= 4)
    waits = [line.split("again in ")[1] for line in told if "again in" in line]
    assert waits[:4] == ["0.1 s", "0.1 s", "0.2 s", "0.2 s"]


def test_the_others_are_left_alone_when_one_dies(tmp_path: Path) -> None:
    with Supervisor(lambda _: None, backoff=quick) as supervisor:
        dying, living = (python_process(tmp_path, name) for name in ("dying", "living"))
        supervisor.start(dying, living)
        before = living.pid
        dying.kill()
        assert _looking(supervisor, dying.ready)
        assert living.pid == before


def test_a_part_whose_work_is_done_is_not_started_again(tmp_path: Path) -> None:
    with Supervisor(lambda _: None) as supervisor:
        supervisor.start(python_process(tmp_path, "feed", "pass", may_end=True))
        assert _looking(supervisor, lambda: supervisor.parts[0].state == "done")
        assert supervisor.parts[0].restarts == 0


def test_a_failed_start_is_an_error_and_what_runs_is_stopped_at_the_end(tmp_path: Path) -> None:
    good = python_process(tmp_path, "good")
    bad = python_process(tmp_path, "bad", "raise SystemExit(3)", ready=lambda: False)
    with Supervisor(lambda _: None) as supervisor:
        supervisor.start(good)
        with pytest.raises(StackError, match=r"bad ended at its start \(exit status 3\)"):
            supervisor.start(bad)
    assert not good.running


def test_the_first_started_is_stopped_last(tmp_path: Path) -> None:
    order = tmp_path / "order"
    with Supervisor(lambda _: None) as supervisor:
        for name in ("broker", "service", "samples"):
            code = LAST_WORDS.format(path=str(order), name=name)
            process = python_process(tmp_path, name, code)
            supervisor.start(process)
            assert eventually(partial(_says, process, "listening"))
    assert order.read_text().split() == ["samples", "service", "broker"]


def test_a_part_that_is_not_ready_any_more_is_shown_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    ready = [True]
    with Supervisor(told.append) as supervisor:
        supervisor.start(python_process(tmp_path, "service", ready=lambda: ready[0]))
        ready[0] = False
        assert _looking(supervisor, lambda: supervisor.parts[0].state == "not ready")
        ready[0] = True
        assert _looking(supervisor, lambda: supervisor.parts[0].state == "ready")
    assert told == ["service runs but is not ready any more", "service is ready again"]


ANSWERING = """
import sys, time
from prometheus_client import CollectorRegistry
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
Endpoints("127.0.0.1", int(sys.argv[1]), Health(), CollectorRegistry())
time.sleep(600)
"""


def test_a_part_that_is_frozen_is_killed_started_again_and_said_so(tmp_path: Path) -> None:
    told: list[str] = []
    port = free_port()
    part = ProcessSpec(
        name="service",
        command=(sys.executable, "-c", ANSWERING, str(port)),
        ready=partial(answers_http, port, "/readyz"),
        hangs=partial(ask_what_hangs, f"http://127.0.0.1:{port}"),
        hangs_at_most_s=0.5,
    )
    process = Process(part, tmp_path / "service.log")
    with Supervisor(told.append, backoff=quick) as supervisor:
        supervisor.start(process)
        first = process.pid
        assert first
        os.kill(first, signal.SIGSTOP)
        assert _looking(supervisor, lambda: supervisor.parts[0].restarts == 1, within_s=20)
        assert _looking(supervisor, lambda: supervisor.parts[0].state == "ready", within_s=20)
        assert process.pid != first
    assert told[0] == "service runs but is not ready any more"
    assert told[1].startswith("service hung (it does not answer, for ")
    assert "starting it again in 0.1 s" in told[1]


def test_each_change_is_announced(tmp_path: Path) -> None:
    states: list[str] = []
    supervisor = Supervisor(
        lambda _: None,
        changed=lambda: states.append(supervisor.parts[0].state),
        backoff=quick,
    )
    with supervisor:
        process = python_process(tmp_path, "service")
        supervisor.start(process)
        process.kill()
        assert _looking(supervisor, lambda: "restarting" in states and states[-1] == "ready")
    assert states[0] in ("starting", "ready")
    assert states[-1] == "stopped"


def test_killing_leaves_nothing_at_once(tmp_path: Path) -> None:
    processes: list[Process] = [python_process(tmp_path, name) for name in ("one", "two")]
    with Supervisor(lambda _: None) as supervisor:
        supervisor.start(*processes)
        supervisor.kill()
        assert not any(process.running for process in processes)


def _says(process: Process, word: str) -> bool:
    return word in process.log.read_text()


def _looking(supervisor: Supervisor, what: Callable[[], bool], within_s: float = 10.0) -> bool:
    def look() -> bool:
        supervisor.look()
        return what()

    return eventually(look, within_s)
