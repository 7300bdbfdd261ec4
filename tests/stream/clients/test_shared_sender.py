from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from textwire.errors import BrokerUnavailable
from textwire.stream.clients.shared_sender import AGAIN_AFTER_S, SharedSender


class Broker:
    """Counts who connects, and answers from the nth try on."""

    def __init__(self, answers_from: int = 1) -> None:
        self.tries = 0
        self.now_s = 0.0
        self._answers_from = answers_from

    def connect(self) -> str:
        self.tries += 1
        if self.tries < self._answers_from:
            raise BrokerUnavailable("Kafka does not answer.")
        return "connected"


def test_all_share_one_connection() -> None:
    broker = Broker()
    shared = SharedSender(broker.connect)
    assert [shared.connected() for _ in range(3)] == ["connected"] * 3
    assert broker.tries == 1


def test_those_who_come_at_once_wait_for_one_try_together() -> None:
    broker, ready = Broker(answers_from=99), Barrier(8)
    shared = SharedSender(broker.connect, lambda: broker.now_s)

    def come() -> str:
        ready.wait()
        try:
            return shared.connected()
        except BrokerUnavailable as error:
            return str(error)

    with ThreadPoolExecutor(8) as people:
        told = [one.result() for one in [people.submit(come) for _ in range(8)]]
    assert told == ["Kafka does not answer."] * 8
    assert broker.tries == 1


def test_after_a_moment_it_is_tried_again() -> None:
    broker = Broker(answers_from=2)
    shared = SharedSender(broker.connect, lambda: broker.now_s)
    with pytest.raises(BrokerUnavailable):
        shared.connected()
    broker.now_s += AGAIN_AFTER_S
    assert shared.connected() == "connected"
