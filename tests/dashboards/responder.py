"""A stand-in for the support service: answers what the page asks, over the real Kafka and Redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread

import msgspec

from tests.dashboards.page_examples import answer, handoff, refusal, report
from textwire.errors import RedisUnavailable
from textwire.observing.reports import report_writes
from textwire.results.store import ResultStore
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import TopicReader
from textwire.support_qa.messages import Answer, Question
from textwire.support_qa.results import answer_writes
from textwire.support_qa.topics import SUPPORT_QUESTIONS


@contextmanager
def responding(store: ResultStore, bootstrap_servers: str) -> Iterator[None]:
    """Answer each question as it comes, and report as a service does."""
    stop = Event()
    reader = TopicReader(
        SUPPORT_QUESTIONS.name, settings=KafkaSettings(bootstrap_servers=bootstrap_servers)
    )
    reader.skip_to_end()
    threads = [
        Thread(target=_answer, args=(reader, store, stop), daemon=True),
        Thread(target=_report, args=(store, stop), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
        reader.close()


def _answer(reader: TopicReader, store: ResultStore, stop: Event) -> None:
    while not stop.is_set():
        for record in reader.poll(timeout_s=0.1):
            question = msgspec.json.decode(record.value or b"", type=Question)
            store.write(answer_writes(question, _answer_to(question)))


def _answer_to(question: Question) -> Answer:
    answered_at = datetime.now(UTC)
    if "essay" in question.text:
        return refusal(question, answered_at=answered_at)
    if "boat" in question.text or "person" in question.text:
        return handoff(question, answered_at=answered_at)
    return answer(question, answered_at=answered_at)


def _report(store: ResultStore, stop: Event) -> None:
    while not stop.wait(1.0):
        now = datetime.now(UTC)
        with suppress(RedisUnavailable):  # a test took it away for a moment
            store.write(report_writes(report(at=now)))
