"""Records that cannot be used become dead letters with their reason, and the rest goes on."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from tests.integration.conftest import StartReplica
from tests.integration.echo import Bench
from textwire.stream.dead_letters import letters as dead_letters
from textwire.support_qa.messages import Question

GOOD = [f"good {number}" for number in range(30)]

BAD: dict[str, tuple[bytes | None, str]] = {
    "malformed": (b'{"session_id": "s", "text": ', "not JSON in UTF-8"),
    "not UTF-8": (b'{"session_id": "s", "text": "\xff\xfe"}', "not JSON in UTF-8"),
    "wrongly typed": (b'{"session_id": "s", "text": 7}', "not of the topic's form"),
    "without its session": (b'{"text": "hello"}', "not of the topic's form"),
    "empty": (b"", "empty"),
    "without a value": (None, "empty"),
    "too large": (b'{"session_id": "s", "text": "' + b"a" * 300_000 + b'"}', "too large"),
    "not an object": (b"[1, 2]", "not of the topic's form"),
    "one on which the model fails": (
        msgspec.json.encode(Question(session_id="s", text="poison")),
        "the model does not like this one",
    ),
}


@pytest.fixture
def letters(bench: Bench, start_replica: StartReplica) -> dict[str, dict[str, bytes]]:
    """The headers of each dead letter, by the name of what was wrong."""
    start_replica()
    bench.ask(GOOD[:10])
    for name, (value, _) in BAD.items():
        bench.put(value, headers={"case": name.encode(), "traceparent": b"00-" + b"1" * 32})
    bench.ask(GOOD[10:])
    found = bench.records(bench.topics.questions.dead, len(BAD))
    assert len(found) == len(BAD)
    values = {dict(record.headers)["case"].decode(): record.value for record in found}
    assert values == {name: value for name, (value, _) in BAD.items()}
    return {
        headers["case"].decode(): headers for headers in (dict(record.headers) for record in found)
    }


def test_bad_records_are_dead_letters_with_their_reason_and_the_rest_goes_on(
    bench: Bench, letters: dict[str, dict[str, bytes]]
) -> None:
    for name, (_, reason) in BAD.items():
        headers = letters[name]
        assert reason in headers[dead_letters.REASON].decode()
        assert headers[dead_letters.SOURCE_TOPIC].decode() == bench.topics.questions.name
        assert headers[dead_letters.SERVICE].decode() == bench.topics.name
        assert headers[dead_letters.SOURCE_OFFSET].decode().isdigit()
    assert Counter(bench.answers(len(GOOD))) == Counter(GOOD)
