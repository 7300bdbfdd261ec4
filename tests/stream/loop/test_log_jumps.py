"""Where a log is not what it was, people are told what it means."""

from __future__ import annotations

from tests.stream.made import FIRST, SECOND
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.stream.loop.log_jumps import WARNED_FOR_S, JumpTelling
from textwire.stream.source import Jump


def sample(metrics: ServiceMetrics, name: str) -> float | None:
    return metrics.registry.get_sample_value(f"textwire_{name}_total", {"service": "service"})


def test_what_was_deleted_unread_is_counted_and_a_warning() -> None:
    metrics = ServiceMetrics("service", 0, Health())
    JumpTelling("group", metrics).tell([Jump(FIRST, 5, 12)])
    assert metrics.health.ready
    assert "7 offsets of words/0, from 5, were deleted" in metrics.health.warnings
    assert (sample(metrics, "log_jumps"), sample(metrics, "unread_deleted")) == (1.0, 7.0)


def test_where_kafka_cannot_tell_where_a_log_was_cut_off_it_is_said_what_may_be_missing() -> None:
    metrics = ServiceMetrics("service", 0, Health())
    telling = JumpTelling("group", metrics)
    telling.tell([Jump(FIRST, 12, 5), Jump(SECOND, 12, 9, is_sure=False)])
    assert "words/0 was read up to offset 12" in metrics.health.warnings
    assert "its end, 9: what was sent in the last minutes may be unanswered" in (
        metrics.health.warnings
    )
    assert (sample(metrics, "log_jumps"), sample(metrics, "unread_deleted")) == (2.0, 0.0)


def test_after_a_while_it_is_a_warning_no_more() -> None:
    metrics, now = ServiceMetrics("service", 0, Health()), 0.0
    telling = JumpTelling("group", metrics, clock=lambda: now)
    telling.tell([Jump(FIRST, 12, 5)])
    now = WARNED_FOR_S + 1
    telling.tell([])
    assert metrics.health.warnings == ""
