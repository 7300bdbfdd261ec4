"""Questions about topics and groups, asked on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import kafka
import tenacity
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    NotCoordinatorError,
)

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings
from textwire.stream.assignment import Position
from textwire.stream.kafka.connecting import ANSWERED_WITHIN_MS, client_settings, translated_errors
from textwire.stream.kafka.offsets import as_position
from textwire.wire.record import Partition

COORDINATOR_EVERY_S = 0.2
COORDINATOR_WITHIN_S = 5.0
# While the topic that groups commit to is made, read, or goes over to another broker.
NO_COORDINATOR_YET = (
    CoordinatorNotAvailableError,
    CoordinatorLoadInProgressError,
    NotCoordinatorError,
)


class KafkaLookup:
    """Connects at the first question, and anew after one that failed. Any thread may ask."""

    def __init__(self, settings: KafkaSettings | None = None) -> None:
        self._settings = settings
        self._lock = Lock()
        self._admin: Any = None

    def topic_ids(self, topics: Sequence[str]) -> dict[str, str]:
        """The broker's ids of these topics, by name; a topic that is not there has none.

        Raises: BrokerUnavailable.
        """
        described = self._ask(
            "asking for the topics' ids", lambda admin: admin.describe_topics(list(topics))
        )
        there = [topic for topic in described if not topic["error_code"]]
        return {topic["name"]: str(topic["topic_id"]) for topic in there}

    def static_members(self, group: str) -> set[str]:
        """The instance ids of a group's members.

        Raises: BrokerUnavailable.
        """
        described = self._ask("looking at the group", lambda admin: admin.describe_groups([group]))
        return {member["group_instance_id"] for member in described[group]["members"]}

    def committed(self, group: str) -> dict[Partition, Position]:
        """Where a group goes on, of each partition of which it has committed anything.

        A broker that nobody has joined yet first makes the topic that groups commit to; one that
        has just begun reads it.

        Raises: BrokerUnavailable.
        """
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_has_no_coordinator_yet),
            wait=tenacity.wait_fixed(COORDINATOR_EVERY_S),
            stop=tenacity.stop_after_delay(COORDINATOR_WITHIN_S),
            reraise=True,
        )
        offsets = attempts(
            self._ask,
            "asking where the group goes on",
            lambda admin: admin.list_group_offsets(group),
        )
        return {
            Partition(place.topic, place.partition): as_position(held)
            for place, held in offsets[group].items()
            if held.offset >= 0
        }

    def close(self) -> None:
        """Let the connection go."""
        with self._lock:
            self._give_up()

    def _ask(self, doing: str, question: Callable[[kafka.KafkaAdminClient], Any]) -> Any:
        with self._lock:
            try:
                with translated_errors(doing):
                    return question(self._connected())
            except BrokerUnavailable:
                self._give_up()
                raise

    def _connected(self) -> kafka.KafkaAdminClient:
        if self._admin is None:
            self._admin = kafka.KafkaAdminClient(
                **client_settings(self._settings), request_timeout_ms=ANSWERED_WITHIN_MS
            )
        return self._admin

    def _give_up(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()


def _has_no_coordinator_yet(error: BaseException) -> bool:
    return isinstance(error.__cause__, NO_COORDINATOR_YET)
