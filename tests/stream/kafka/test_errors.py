"""Whatever the client raises is told in our words, and may be mended meanwhile."""

from __future__ import annotations

import errno

import pytest
from kafka import errors as kafka_errors

from textwire.errors import BrokerUnavailable, ReplicaTaken
from textwire.stream.kafka.connecting import translated_errors


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (kafka_errors.KafkaTimeoutError("no answer"), "does not answer while reading"),
        (kafka_errors.InvalidTopicError("a b"), "refuses while reading"),
        (kafka_errors.InvalidTimestampError("ahead"), "time of day of this machine while reading"),
        (kafka_errors.TopicAuthorizationFailedError("words"), "does not allow it while reading"),
        (kafka_errors.SaslAuthenticationFailedError("no"), "does not let us in while reading"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
    ],
)
def test_it_is_told_what_happened_while_what_was_done(raised: Exception, told: str) -> None:
    with pytest.raises(BrokerUnavailable, match=told), translated_errors("reading"):
        raise raised


def test_another_process_of_our_number_is_told_with_what_to_do() -> None:
    with (
        pytest.raises(ReplicaTaken, match="TEXTWIRE_SERVICE_REPLICA"),
        translated_errors("reading"),
    ):
        raise kafka_errors.FencedInstanceIdError("0")
