"""From question to answer through Kafka, at 5 and 20 questions a second."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import cycle
from threading import Thread

import kafka
import msgspec
import numpy as np

from benchmarks.setting import Setting, program, sample_questions, servers
from benchmarks.tables import table
from textwire.messages import Answer, Question
from textwire.observing.reports import read_reports
from textwire.results.redis import RedisResults
from textwire.stream.kafka import client_settings

RATES = (5, 20)
SECONDS = 30
WARM_UP_QUESTIONS = 40
STAGES = ("queue", "decode", "process", "infer", "retrieve", "store", "publish")
SERVICE = ("-m", "services.support_qa")
PLAIN = ("-m", "benchmarks.plain_service")


def measure() -> str:
    """Tables of latencies, each candidate alone on the machine with broker and driver."""
    rows: list[list[object]] = []
    stages: list[list[object]] = []
    with servers() as setting:
        for name, command, environment in (
            ("Textwire, exactly once", SERVICE, {"TEXTWIRE_STREAM_DELIVERY": "exactly_once"}),
            ("Textwire, at least once", SERVICE, {"TEXTWIRE_STREAM_DELIVERY": "at_least_once"}),
            ("plain loop, sentence-transformers fp32", PLAIN, {}),
        ):
            with program(setting, "service", *command, **environment):
                ask(setting, sample_questions()[:WARM_UP_QUESTIONS], rate=20)
                for rate in RATES:
                    if command == SERVICE:
                        time.sleep(61)  # stage times are those of the last minute
                    waits_ms = ask(setting, sample_questions(), rate, SECONDS)
                    p50, p99 = np.percentile(waits_ms, [50, 99])
                    rows.append([name, rate, len(waits_ms), f"{p50:.1f}", f"{p99:.1f}"])
                    if command == SERVICE:
                        stages.append([name, rate, *stage_times(setting)])
    return "\n\n".join(
        [
            table(["service", "questions/s", "answered", "p50 ms", "p99 ms"], with_ratios(rows)),
            "By stage, p50 / p99 ms:",
            table(["service", "questions/s", *STAGES], stages),
        ]
    )


def ask(
    setting: Setting, texts: Sequence[str], rate: float, seconds: float | None = None
) -> list[float]:
    """Send questions at a steady rate; milliseconds from each sending to its answer's arrival."""
    answers = kafka.KafkaConsumer(
        "support.answers",
        **client_settings(setting.kafka),
        isolation_level="read_committed",
        auto_offset_reset="latest",
        fetch_max_wait_ms=100,
    )
    answers.poll(timeout_ms=500)
    for partition in answers.assignment():
        answers.position(partition)
    count = len(texts) if seconds is None else int(rate * seconds)
    run = f"run-{time.time_ns()}"
    sent_at: dict[str, float] = {}
    sending = Thread(target=send, args=(setting, texts, count, rate, run, sent_at))
    sending.start()
    arrived_at: dict[str, float] = {}
    gives_up_at = time.monotonic() + count / rate + 60
    while len(arrived_at) < count and time.monotonic() < gives_up_at:
        for records in answers.poll(timeout_ms=200).values():
            now = time.monotonic()
            for record in records:
                question_id = msgspec.json.decode(record.value, type=Answer).question_id
                if question_id.startswith(run):
                    arrived_at.setdefault(question_id, now)
    sending.join()
    answers.close()
    if len(arrived_at) < count:
        raise SystemExit(f"{count - len(arrived_at)} of {count} questions were not answered")
    return [(arrived_at[id_] - sent_at[id_]) * 1000 for id_ in arrived_at]


def send(
    setting: Setting,
    texts: Sequence[str],
    count: int,
    rate: float,
    run: str,
    sent_at: dict[str, float],
) -> None:
    producer = kafka.KafkaProducer(**client_settings(setting.kafka), acks="all")
    producer.partitions_for("support.questions")  # lest the first question wait for metadata
    began = time.monotonic()
    for number, text in zip(range(count), cycle(texts), strict=False):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        question = Question(id=f"{run}-{number}", session_id=f"{run}-{number}", text=text)
        sent_at[question.id or ""] = time.monotonic()
        producer.send(
            "support.questions",
            key=question.session_id.encode(),
            value=msgspec.json.encode(question),
        )
    producer.flush()
    producer.close()


def stage_times(setting: Setting) -> list[str]:
    """p50 / p99 of each stage over the last minute, as the service reported them to Redis."""
    time.sleep(1.5)
    results = RedisResults.from_url(setting.redis_url)
    report = max(read_reports(results), key=lambda report: report.at)
    results.close()
    times = {stage.stage: f"{stage.p50_ms:.1f} / {stage.p99_ms:.1f}" for stage in report.stages}
    return [times.get(stage, "") for stage in STAGES]


def with_ratios(rows: list[list[object]]) -> list[list[object]]:
    """Each latency with how many times less it is than the plain loop's at that rate."""
    plain = {row[1]: row for row in rows if str(row[0]).startswith("plain")}
    return [
        [
            *row[:3],
            *(
                f"{row[at]} ({float(str(plain[row[1]][at])) / float(str(row[at])):.1f}x)"
                for at in (3, 4)
            ),
        ]
        for row in rows
    ]
