"""Questions about topics and groups, asked on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import kafka

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings
from textwire.stream.kafka.connecting import ANSWERED_WITHIN_MS, client_settings, translated_errors


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
