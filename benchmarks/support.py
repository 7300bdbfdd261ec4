"""Questions through Kafka to their answers, against the sample knowledge.

The plain loop: kafka-python, sentence-transformers in fp32 on one thread, FAISS, offsets committed
after each poll. It embeds the passages at each start, Textwire only what it never embedded before.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import cycle
from typing import TypeVar

import msgspec

from benchmarks.arrivals import TopicArrivals
from benchmarks.comparing import Candidate, measure_candidate, written
from benchmarks.driving import Load, Sending
from benchmarks.pace import Pace
from benchmarks.setting import Setting, champion, servers
from textwire.samples import samples_dir
from textwire.stream.clients.sender import Sender
from textwire.support_qa.messages import Passage, Question
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_KNOWLEDGE, SUPPORT_QUESTIONS

T = TypeVar("T")

TASK = "support-qa"
LIGHT = 5.0
SERVICE = Candidate(
    "Textwire, exactly once",
    "services.support_qa",
    "support-qa",
    {"TEXTWIRE_STREAM_DELIVERY": "exactly_once"},
)
CANDIDATES = (
    SERVICE,
    Candidate(
        "Textwire, at least once",
        "services.support_qa",
        "support-qa",
        {"TEXTWIRE_STREAM_DELIVERY": "at_least_once"},
    ),
    Candidate("plain loop", "benchmarks.plain.support"),
)


def measure(pace: Pace) -> str:
    champion(TASK)  # lest all be started for nothing
    with servers() as setting:
        supply(setting)
        return written([measure_candidate(setting, one, [questions()], pace) for one in CANDIDATES])


def supply(setting: Setting) -> None:
    """The sample knowledge goes to its topic."""
    sender = Sender("benchmark", setting.kafka)
    sender.send_all(SUPPORT_KNOWLEDGE, list(sample_passages()))
    sender.close()


def questions() -> Load:
    """The sample questions, each of a session of its own."""
    return Load(
        "questions",
        LIGHT,
        _questions(),
        {
            "question to answer": partial(
                TopicArrivals, topic=SUPPORT_ANSWERS, ids_of=answered_question
            )
        },
    )


class _Answered(msgspec.Struct):
    question_id: str
    outcome: str


def answered_question(value: bytes) -> Iterable[str]:
    """Which question an answer is to; none where it was refused."""
    answer = msgspec.json.decode(value, type=_Answered)
    return [] if answer.outcome == "refused" else [answer.question_id]


def sample_passages() -> list[Passage]:
    """The sample knowledge."""
    return _lines("knowledge.jsonl", Passage)


class _Asked(msgspec.Struct):
    text: str


def sample_questions() -> list[str]:
    """All sample questions that have an answer."""
    return [asked.text for asked in _lines("questions.jsonl", _Asked)]


def _questions() -> Iterator[Sending]:
    run = f"run-{time.time_ns()}"
    for number, text in enumerate(cycle(sample_questions())):
        id_ = f"{run}-{number}"
        yield Sending(id_, SUPPORT_QUESTIONS, Question(id=id_, session_id=id_, text=text))


def _lines(name: str, line: type[T]) -> list[T]:
    return msgspec.json.Decoder(line).decode_lines(
        (samples_dir() / "support_qa" / name).read_bytes()
    )
