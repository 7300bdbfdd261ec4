from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stream.loops import eventually
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.reporter import Reporter, reporter
from textwire.observing.reports import read_history, read_reports
from textwire.results.memory import MemoryResults
from textwire.results.redis import RedisResults
from textwire.stack.servers import start_valkey


def reporting(store: MemoryResults) -> Reporter:
    return Reporter(ServiceMetrics("echoing", 0, Health()), store, lambda: "model-7")


@contextmanager
def reporting_on(store: MemoryResults | RedisResults, health: Health) -> Iterator[None]:
    metrics = ServiceMetrics("echoing", 0, health)
    task = reporter(metrics, store, lambda: "model-7", every_s=0.01)
    task.start()
    yield
    task.stop()


def test_it_reports_again_and_again() -> None:
    store = MemoryResults()
    with reporting_on(store, Health()):
        eventually(lambda: len(read_history(store, "echoing", 0)) > 2)
        assert read_reports(store)[0].model == "model-7"


def test_a_service_that_was_stopped_is_not_missed() -> None:
    store = MemoryResults()
    with reporting_on(store, Health()):
        eventually(lambda: len(read_reports(store)) == 1)
    assert read_reports(store) == []


def test_a_process_takes_its_predecessors_place() -> None:
    store = MemoryResults()
    killed = Reporter(ServiceMetrics("echoing", 0, Health()), store, lambda: "model-6")
    killed.report()
    reporting(store).report()
    assert [report.model for report in read_reports(store)] == ["model-7"]


def test_while_a_process_takes_its_predecessors_place_there_is_always_one() -> None:
    class Watched(MemoryResults):
        def write(self, writes):
            super().write(writes)
            assert len(read_reports(self)) == 1

    store = Watched()
    Reporter(ServiceMetrics("echoing", 0, Health()), store, lambda: "model-6").report()
    reporting(store).report()


def test_while_redis_is_away_we_are_warned_and_then_reports_come_again(tmp_path: Path) -> None:
    server, health = start_valkey(tmp_path), Health()
    store = RedisResults.from_url(server.url)
    with reporting_on(store, health):
        eventually(lambda: len(read_reports(store)) == 1)
        server.kill()
        eventually(lambda: health.warnings.startswith("reporter: Redis does not answer"))
        assert health.ready
        server.start()
        eventually(lambda: health.warnings == "")
        reported = len(read_history(store, "echoing", 0))
        eventually(lambda: len(read_history(store, "echoing", 0)) > reported)
    store.close()
    server.stop()
