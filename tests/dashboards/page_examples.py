"""Reports, answers and edges that the tests of the pages show."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from dashboards.connections import Edges
from textwire.errors import RedisUnavailable
from textwire.observing.reports import ServiceReport, StageTimes, report_writes
from textwire.results.store import ResultStore
from textwire.support_qa.messages import Answer, Question, Source
from textwire.support_qa.results import answer_writes
from textwire.wire.message import Message
from textwire.wire.topic import Topic

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
BROWSER = "a browser"
MARKUP = "<script>alert('x')</script> **bold** <b>b</b> [a](javascript:x) & \"quoted\""

CHARGED_TWICE = Source(
    passage_id="card-charged-twice",
    title="A card payment shows twice",
    url="https://larkfield.example/help/cards/card-charged-twice",
    text="When a payment shows twice, one of the two is usually a reservation that the shop has "
    "not let go yet. It vanishes by itself within 7 days. If both are booked after that, open "
    "the payment in the app and tap Report a problem: we ask the shop for the money back.",
    score=0.91,
)
DISPUTES = Source(
    passage_id="card-dispute",
    title="Disputing a card payment",
    url="https://larkfield.example/help/cards/card-dispute",
    text="You have 8 weeks to dispute a payment. Tap the payment, choose Report a problem and tell "
    "us what went wrong. We keep you posted in the app.",
    score=0.64,
)


class RecordingSender:
    """Remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.deleted: list[str] = []

    def send(self, topic: Topic, message: Message) -> None:
        assert isinstance(message, topic.message)
        self.sent.append(message)

    def delete(self, topic: Topic, keys: list[str]) -> None:
        assert topic.compacted
        self.deleted += keys


class AwayStore:
    """A Redis that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise RedisUnavailable("Redis at 127.0.0.1:6379 does not answer.")


def edges(store: ResultStore, sender: object = None, now: datetime = NOW) -> Edges:
    """Edges over a store, with a clock that stands still."""
    return Edges(lambda: store, lambda: sender, lambda: now, lambda: BROWSER)  # type: ignore[arg-type,return-value]


def answer(question: Question, **changes: object) -> Answer:
    """The answer about a card that was charged twice."""
    asked_at = question.asked_at or NOW
    fields: dict[str, object] = {
        "question_id": question.id,
        "session_id": question.session_id,
        "outcome": "answered",
        "text": CHARGED_TWICE.text,
        "confidence": 0.94,
        "sources": (CHARGED_TWICE, DISPUTES),
        "model": "support-qa-20260301-9f3c",
        "answered_at": asked_at + timedelta(milliseconds=38),
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]


def handoff(question: Question, **changes: object) -> Answer:
    """The answer that passes the customer on."""
    fields: dict[str, object] = {
        "outcome": "handed_over",
        "text": "I am not sure enough of the answer to give you one. I am passing your question "
        "on to a colleague, who will see our whole conversation.",
        "confidence": 0.21,
        "sources": (DISPUTES,),
        "handoff_reason": "low_confidence",
    }
    return answer(question, **(fields | changes))


def refusal(question: Question, **changes: object) -> Answer:
    """The answer that says what to send instead."""
    fields: dict[str, object] = {
        "outcome": "refused",
        "text": "Your message is longer than 8,000 characters. Please send a shorter one.",
        "confidence": 0.0,
        "sources": (),
    }
    return answer(question, **(fields | changes))


def converse(store: ResultStore, asked: str, session_id: str = "s1", **changes: object) -> Answer:
    """Store a question of a session with its answer."""
    question = Question(id=f"q-{asked}"[:180], session_id=session_id, text=asked, asked_at=NOW)
    given = answer(question, **changes)
    store.write(answer_writes(question, given))
    return given


def report(**changes: object) -> ServiceReport:
    """A replica that is well."""
    fields: dict[str, object] = {
        "service": "support-qa",
        "replica": 0,
        "at": NOW,
        "started_at": NOW - timedelta(minutes=42),
        "ready": True,
        "model": "support-qa-20260301-9f3c",
        "records_in": 12_480,
        "records_out": 12_480,
        "records_per_s": 18.4,
        "lag": {"support.questions/0": 3, "support.questions/1": 0},
        "dead_letters_standing": {"support.knowledge.dead": 0, "support.questions.dead": 0},
        "stages": (
            StageTimes("queue", 1104, 3.1, 12.0),
            StageTimes("decode", 1104, 0.1, 0.3),
            StageTimes("process", 1104, 4.9, 11.2),
            StageTimes("store", 1104, 0.6, 2.2),
            StageTimes("publish", 1104, 6.8, 17.5),
            StageTimes("total", 1104, 15.9, 41.0),
        ),
        "memory_mb": 236.0,
        "pid": 4711,
    }
    return ServiceReport(**(fields | changes))  # type: ignore[arg-type]


def busy_quarter_hour(store: ResultStore, now: datetime, every_s: int = 2) -> None:
    """Fifteen minutes of two replicas' reports, the same each time."""
    chance = random.Random(7)
    for ago_s in range(900, -1, -every_s):
        for replica in (0, 1):
            store.write(report_writes(_moment(chance, now - timedelta(seconds=ago_s), replica)))


def _moment(chance: random.Random, at: datetime, replica: int) -> ServiceReport:
    surge = 12.0 if 400 < at.timestamp() % 900 < 520 else 0.0
    slow = chance.uniform(0.8, 1.3) * (1.8 if surge else 1.0)
    stages = tuple(
        StageTimes(t.stage, t.count, round(t.p50_ms * slow, 2), round(t.p99_ms * slow, 2))
        for t in report().stages
    )
    first = 2 * replica
    return report(
        at=at,
        replica=replica,
        pid=4711 + replica,
        started_at=at - timedelta(minutes=42 + replica),
        records_per_s=round(9 + surge + chance.uniform(-1.5, 1.5), 1),
        stages=stages,
        lag={
            f"support.questions/{first}": chance.randrange(0, 3 + int(surge)),
            f"support.questions/{first + 1}": chance.randrange(0, 2 + int(surge)),
        },
        memory_mb=round(231 + 5 * replica + chance.uniform(0, 3), 1),
    )
