from __future__ import annotations

from pathlib import Path

from tests.stream.loops import eventually
from textwire.embedded.servers import start_valkey
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.reporter import Reporter
from textwire.observing.reports import read_history, read_reports
from textwire.results.memory import MemoryResults
from textwire.results.redis import RedisResults


def reporter(store: MemoryResults | RedisResults, health: Health, every_s: float) -> Reporter:
    return Reporter(ServiceMetrics("echoing", 0, health), store, lambda: "model-7", every_s)


def test_it_reports_again_and_again() -> None:
    store = MemoryResults()
    reporting = reporter(store, Health(), every_s=0.01)
    reporting.start()
    eventually(lambda: len(read_history(store, "echoing", 0)) > 2)
    assert read_reports(store)[0].model == "model-7"
    reporting.stop()


def test_a_service_that_was_stopped_is_not_missed() -> None:
    store = MemoryResults()
    reporting = reporter(store, Health(), every_s=0.01)
    reporting.start()
    eventually(lambda: len(read_reports(store)) == 1)
    reporting.stop()
    assert read_reports(store) == []


def test_while_redis_is_away_readiness_says_so_and_then_reports_come_again(tmp_path: Path) -> None:
    server, health = start_valkey(tmp_path), Health()
    store = RedisResults.from_url(server.url)
    reporting = reporter(store, health, every_s=0.02)
    reporting.start()
    eventually(lambda: len(read_reports(store)) == 1)
    server.kill()
    eventually(lambda: not health.ready)
    assert health.reason.startswith("redis: Redis does not answer")
    server.start()
    eventually(lambda: health.ready)
    reported = len(read_history(store, "echoing", 0))
    eventually(lambda: len(read_history(store, "echoing", 0)) > reported)
    reporting.stop()
    store.close()
    server.stop()
