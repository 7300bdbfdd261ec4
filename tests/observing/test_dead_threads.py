from __future__ import annotations

import threading
from collections.abc import Iterator
from threading import Thread

import pytest
import structlog

from textwire.observing.dead_threads import tell_dead_threads
from textwire.observing.liveness import Liveness


@pytest.fixture
def liveness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Liveness]:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # put back at the end
    liveness = Liveness()
    tell_dead_threads(liveness)
    return liveness


def run(target: object) -> None:
    thread = Thread(target=target, name="table support.knowledge")
    thread.start()
    thread.join()


def test_a_thread_that_an_error_ends_is_told_with_its_reason(liveness: Liveness) -> None:
    def fail() -> None:
        raise ValueError("no such thing")

    with structlog.testing.capture_logs() as lines:
        run(fail)
    assert liveness.hung == [
        "table support.knowledge: died of unexpected ValueError: no such thing; the log says where"
    ]
    assert lines[0]["thread"] == "table support.knowledge"
    assert isinstance(lines[0]["exc_info"], ValueError)


def test_a_thread_that_ends_by_itself_is_not_missed(liveness: Liveness) -> None:
    run(lambda: None)
    assert liveness.hung == []
