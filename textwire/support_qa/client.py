"""A question through Kafka, and its answer: how a program asks the support service."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from textwire.settings import KafkaSettings
from textwire.stream.clients.request_reply import RequestReply, fit_to_send
from textwire.support_qa.messages import Answer, Question
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_QUESTIONS


class SupportClient:
    """Asks one question at a time and waits for its answer."""

    def __init__(self, source: str, settings: KafkaSettings | None = None) -> None:
        """Connect, and read answers from now on.

        Args:   source: who asks, such as `textwire ask`.
        Raises: BrokerUnavailable; UnknownTopic: no service ever ran on this broker.
        """
        self._requests = RequestReply(source, SUPPORT_QUESTIONS, SUPPORT_ANSWERS, Answer, settings)

    def close(self) -> None:
        """Let the connections go."""
        self._requests.close()

    def ask(self, text: str, session_id: str, timeout_s: float) -> Answer:
        """The answer to a question.

        Raises: RecordRejected: the text is no question; Timeout; BrokerUnavailable.
        """
        question = fit_to_send(
            Question(
                id=str(uuid.uuid4()),
                session_id=session_id,
                text=text.strip(),
                asked_at=datetime.now(UTC),
            ),
            "asked",
        )
        return self._requests.reply_to(
            question, lambda answer: answer.question_id == question.id, timeout_s
        )
