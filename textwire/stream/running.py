"""Running a service: its loops, its endpoints, its reports, its end at SIGTERM."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from types import FrameType
from typing import Protocol

import structlog

from textwire.errors import TextwireError
from textwire.observing.dead_threads import tell_dead_threads
from textwire.observing.descriptors import raise_descriptor_limit
from textwire.observing.endpoints import Endpoints
from textwire.observing.garbage import leave_out_what_is_loaded
from textwire.observing.logs import set_up_logs
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.observing.reporter import reporter
from textwire.observing.watchdog import watchdog
from textwire.results.store import ResultStore
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings, load
from textwire.stream.dead_letters.standing import letter_counting
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.loop.loop_group import LoopGroup
from textwire.stream.loop.stream_loop import StreamLoop
from textwire.stream.processor import Processor
from textwire.stream.publisher import Publisher
from textwire.stream.tables.topic_table import TopicTable

log = structlog.get_logger()


class Background(Protocol):
    """Something that runs beside the loops, such as a followed table or a watched registry."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """End."""
        ...


def make_loop(
    processor: Processor,
    results: ResultStore,
    metrics: ServiceMetrics,
    stream: StreamSettings,
    replica: int,
    kafka_settings: KafkaSettings | None = None,
) -> StreamLoop:
    """The loop of one replica on Kafka, with the delivery that the settings ask for."""
    topics = tuple(topic.name for topic in processor.inputs)
    member = KafkaMember(topics, processor.name, replica, stream, kafka_settings)
    reader = KafkaReader(stream, kafka_settings)
    publisher: Publisher
    if stream.delivery == "exactly_once":
        publisher = TransactionalPublisher(f"{processor.name}-{replica}", kafka_settings)
    else:
        publisher = AtLeastOncePublisher(member.commit, kafka_settings)
    return StreamLoop(processor, member, reader, publisher, results, stream, metrics)


def run_service(
    processors: Sequence[Processor],
    results: ResultStore,
    metrics: ServiceMetrics,
    background: Sequence[Background] = (),
) -> None:
    """Run until SIGTERM or SIGINT.

    Each processor has a loop and a consumer group of its own, so that none waits for another's
    batch. The first one's model is the service's, in reports.

    Raises: SettingsError, PortTaken, and whatever ended a loop early.
    """
    service = load(ServiceSettings)
    stream = load(StreamSettings)
    tell_dead_threads(metrics.liveness)
    endpoints = Endpoints(
        service.host, service.port, metrics.health, metrics.registry, metrics.liveness
    )
    loops = LoopGroup(
        [make_loop(one, results, metrics, stream, service.replica) for one in processors]
    )
    letters = letter_counting(dead_topics(processors, background), metrics)
    watching = watching_itself(results, metrics, lambda: processors[0].model, service, stream)
    beside = [*background, letters, *watching]
    _on_signals(loops.stop)
    log.info("started", port=endpoints.port, delivery=stream.delivery)
    for part in beside:
        part.start()
    try:
        loops.run()
    finally:
        for part in beside:
            part.stop()
        endpoints.close()
        log.info("stopped")


def watching_itself(
    results: ResultStore,
    metrics: ServiceMetrics,
    model: Callable[[], str],
    service: ServiceSettings,
    stream: StreamSettings,
) -> list[Background]:
    """What makes a service tell the truth of itself, whatever it does."""
    asking_redis = PeriodicTask(
        "redis",
        results.check,
        service.redis_check_every_s,
        metrics.health,
        metrics.liveness,
        needed=True,
    )
    guarding = watchdog(
        metrics, stream.stalled_after_s, stream.hung_after_s, service.end_hung_after_s
    )
    return [asking_redis, guarding, reporter(metrics, results, model, service.report_every_s)]


def dead_topics(processors: Iterable[Processor], background: Iterable[Background]) -> set[str]:
    """Where the records go that a service cannot use: of its inputs, and of the tables it reads."""
    tables = [part.topic for part in background if isinstance(part, TopicTable)]
    inputs = [topic for processor in processors for topic in processor.inputs]
    return {topic.dead for topic in (*inputs, *tables)}


def service_main(name: str, main: Callable[[], None]) -> None:
    """Run a service's main function; an expected error is one line in the log and exit status 1."""
    try:
        set_up_logs(name, load(ServiceSettings))
        raise_descriptor_limit()
        leave_out_what_is_loaded()
        main()
    except TextwireError as error:
        # One line, no traceback: the message says what to do.
        log.error("cannot run", error=type(error).__name__, reason=str(error))  # noqa: TRY400
        sys.exit(1)


def _on_signals(stop: Callable[[], None]) -> None:
    def handle(signum: int, _frame: FrameType | None) -> None:
        log.info("stopping", signal=signal.Signals(signum).name)
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
