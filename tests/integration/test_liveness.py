"""Services that hang, freeze or stand still: what they say, and who starts them again."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.integration.conftest import ROOT
from tests.integration.echo import Bench
from tests.stack.processes import eventually
from textwire.backoff import Backoff
from textwire.observing.reports import read_reports
from textwire.observing.watchdog import HUNG_STATUS
from textwire.results.redis import RedisResults
from textwire.stack.asking_services import ask_readiness, ask_what_hangs
from textwire.stack.ports import free_port
from textwire.stack.process import Process
from textwire.stack.process_spec import ProcessSpec, answers_http
from textwire.stack.servers import EmbeddedServers
from textwire.stack.supervisor import Supervisor

StartService = Callable[..., Process]
WITHIN_S = 40.0


@pytest.fixture
def service(bench: Bench, servers: EmbeddedServers, tmp_path: Path) -> Iterator[StartService]:
    """Makes the hanging service as a part that a supervisor may start, with settings."""
    made: list[Process] = []

    def make(hangs_at_most_s: float = 3_600, **settings: object) -> Process:
        port = free_port()
        environment = {
            "PYTHONPATH": str(ROOT),
            "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": servers.bootstrap_servers,
            "TEXTWIRE_REDIS_URL": servers.redis_url,
            "TEXTWIRE_SERVICE_PORT": str(port),
            **{f"TEXTWIRE_{name.upper()}": str(value) for name, value in settings.items()},
        }
        address = f"http://127.0.0.1:{port}"
        part = ProcessSpec(
            name="echo",
            command=(sys.executable, "-m", "tests.integration.hanging_service", bench.topics.name),
            environment=environment,
            ready=partial(answers_http, port, "/readyz"),
            lacks=lambda: ask_readiness(address).reason,
            hangs=partial(ask_what_hangs, address),
            hangs_at_most_s=hangs_at_most_s,
            address=address,
        )
        made.append(Process(part, tmp_path / "echo.log"))
        return made[-1]

    yield make
    for process in made:
        process.kill()


def test_a_worker_that_hangs_fails_life_and_readiness_with_words_for_it(
    bench: Bench, service: StartService
) -> None:
    process = service(stream_hung_after_s=1, service_end_hung_after_s=0)
    process.start()
    bench.ask(["before"])
    assert bench.answers(1) == ["before"]
    assert process.part.hangs() == ""

    bench.ask(["hang"])

    assert eventually(lambda: process.part.hangs() != "", WITHIN_S)
    assert process.part.hangs().startswith(f"worker of {bench.topics.name}: one batch for ")
    assert eventually(lambda: not process.ready(), WITHIN_S)
    assert "liveness: worker of" in process.part.lacks()
    log = process.log.read_text()
    assert '"event": "hangs"' in log
    assert "hanging_service.py" in log, "the log says where it hangs"


def test_a_worker_that_hangs_where_nobody_looks_ends_itself_and_says_why(
    bench: Bench, service: StartService
) -> None:
    process = service(stream_hung_after_s=1, service_end_hung_after_s=1)
    process.start()
    bench.ask(["hang"])

    assert process.wait(WITHIN_S)
    assert process.exit_status == HUNG_STATUS
    last_line = process.log.read_text().splitlines()[-1]
    assert "ends itself, to be started again" in last_line
    assert "one batch for" in last_line


def test_records_that_wait_without_a_commit_are_told_before_anything_hangs(
    bench: Bench, service: StartService
) -> None:
    process = service(stream_stalled_after_s=1, stream_max_batch_records=1)
    process.start()
    bench.ask(["hang", *(f"question {number}" for number in range(7))], sessions=1)

    assert eventually(lambda: "progress: " in process.part.lacks(), WITHIN_S)
    assert f"wait on {bench.topics.questions.name}/" in process.part.lacks()
    assert "none was committed" in process.part.lacks()
    assert process.part.hangs() == ""


@pytest.mark.slow
def test_servers_that_are_frozen_make_a_service_unready_and_never_a_case_for_a_restart(
    bench: Bench, service: StartService, servers: EmbeddedServers
) -> None:
    # Of all that it asks the two, the broker's answers are waited for the longest: ten seconds.
    process = service(stream_hung_after_s=12, service_end_hung_after_s=0)
    process.start()
    bench.ask(["before"])
    pids = [server.pid for server in (servers.kafka, servers.valkey) if server.pid]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        frozen_until = monotonic() + 16
        while monotonic() < frozen_until:
            assert process.part.hangs() == ""
            sleep(0.5)
        assert not process.ready()
        assert "redis: Redis does not answer" in process.part.lacks()
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    bench.ask(["after"])
    assert Counter(bench.answers(2)) == Counter(["before", "after"])
    assert eventually(process.ready, WITHIN_S), process.part.lacks()


def test_a_frozen_service_is_started_again_and_answers_each_question_once(
    bench: Bench, results: RedisResults, service: StartService
) -> None:
    questions = [f"question {number}" for number in range(60)]
    told: list[str] = []
    process = service(hangs_at_most_s=1.0, stream_session_timeout_ms=1_500)
    with Supervisor(told.append, backoff=lambda: Backoff(0.1, 1.0)) as supervisor:
        supervisor.start(process)
        bench.ask(questions[:30])
        frozen = process.pid
        assert frozen
        os.kill(frozen, signal.SIGSTOP)
        bench.ask(questions[30:])
        [part] = supervisor.parts
        assert eventually(lambda: (supervisor.look(), part.restarts == 1)[1], WITHIN_S)
        assert eventually(lambda: (supervisor.look(), part.state == "ready")[1], WITHIN_S)
        assert Counter(bench.answers(len(questions))) == Counter(questions)
        [report] = [one for one in read_reports(results) if one.service == bench.topics.name]
        assert report.pid == process.pid, "its predecessor's report is gone"
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(questions, b"1")
    assert part.last_restart.startswith("hung (it does not answer, for ")
    assert any("hung (it does not answer" in line for line in told)
