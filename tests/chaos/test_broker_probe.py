from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.chaos import broker_probe
from tests.chaos.broker_probe import BrokerProbe
from tests.chaos.truth import Truth
from textwire.settings import KafkaSettings
from textwire.stack.ports import free_port
from textwire.stream.kafka.connecting import create_topics
from textwire.support_qa.topics import SUPPORT_QUESTIONS


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_probe, "EVERY_S", 0.05)


def until(seen: Callable[[], object]) -> None:
    ends_at = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def test_brokers_that_answer_nobody_are_wrong() -> None:
    truth = Truth()
    probe = BrokerProbe(f"127.0.0.1:{free_port()}", ["words"], truth)
    probe.start()
    until(lambda: truth.wrongs)
    probe.stop()
    [wrong] = truth.wrongs
    assert wrong.excuses(time.monotonic())
    assert wrong.shows_within_s is None


def test_brokers_that_answer_again_are_wrong_no_more(bootstrap_servers: str) -> None:
    create_topics([SUPPORT_QUESTIONS], KafkaSettings(bootstrap_servers=bootstrap_servers))
    truth = Truth()
    probe = BrokerProbe(bootstrap_servers, [SUPPORT_QUESTIONS.name], truth)
    probe._failed()
    probe.start()
    until(lambda: truth.wrongs[0].ended < float("inf"))
    probe.stop()
    assert len(truth.wrongs) == 1
