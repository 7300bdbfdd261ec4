"""A question through Kafka, and its answer: how a program asks the support service."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

import msgspec

from textwire.errors import RecordRejected, Timeout
from textwire.messages import Answer, Question
from textwire.settings import KafkaSettings
from textwire.stream.reading import TopicReader
from textwire.stream.sender import Sender
from textwire.topics import SUPPORT_ANSWERS, SUPPORT_QUESTIONS


class SupportLine:
    """Asks one question at a time and waits for its answer."""

    def __init__(self, source: str, settings: KafkaSettings | None = None) -> None:
        """Connect, and read answers from now on.

        Args:   source: who asks, such as `textwire ask`.
        Raises: BrokerUnavailable; UnknownTopic: no service ever ran on this broker.
        """
        self._answers = TopicReader(SUPPORT_ANSWERS.name, settings=settings)
        self._answers.skip_to_end()
        self._sender = Sender(source, settings)

    def close(self) -> None:
        """Let the connections go."""
        self._sender.close()
        self._answers.close()

    def ask(self, text: str, session_id: str, timeout_s: float) -> Answer:
        """The answer to a question.

        Raises: RecordRejected: the text is no question; Timeout; BrokerUnavailable.
        """
        question = _question(text, session_id)
        self._sender.send(SUPPORT_QUESTIONS, question)
        return self._wait_for(str(question.id), timeout_s)

    def _wait_for(self, question_id: str, timeout_s: float) -> Answer:
        until = monotonic() + timeout_s
        while (left_s := until - monotonic()) > 0:
            for record in self._answers.poll(left_s):
                # Whatever else passes there, other programs' mistakes included, is not for us.
                with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                    answer = msgspec.json.decode(record.value or b"", type=Answer)
                    if answer.question_id == question_id:
                        return answer
        raise Timeout(
            f"No answer came within {timeout_s:g} s to question {question_id}. It is on "
            f"{SUPPORT_QUESTIONS.name}, so an answer may still come. See whether the service is "
            "up (`textwire status`), what it says (`textwire logs`), and whether it refused the "
            f"question (`textwire dead list {SUPPORT_QUESTIONS.name}`)."
        )


def _question(text: str, session_id: str) -> Question:
    question = Question(
        id=str(uuid.uuid4()), session_id=session_id, text=text.strip(), asked_at=datetime.now(UTC)
    )
    try:
        return msgspec.convert(msgspec.to_builtins(question), Question)
    except msgspec.ValidationError as error:
        raise RecordRejected(f"This cannot be asked: {error}") from None
