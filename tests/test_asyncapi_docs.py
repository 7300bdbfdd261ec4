from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from textwire.asyncapi_docs import COMPACTED, HEADERS, PAGE, asyncapi, asyncapi_page
from textwire.stream.dead_letters.letters import SOURCE_TOPIC_ID, dead_letter
from textwire.stream.headers import event_headers, new_trace
from textwire.wire.limits import field_limits
from textwire.wire.message import Message
from textwire.wire.record import Partition, Record
from textwire.wire.registry import TOPICS
from textwire.wire.topic import DEAD_LETTER_CONFIG, Topic

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CONTRACT = [topic for topic in TOPICS.values() if not topic.internal]
RECEIVED = [topic for topic in CONTRACT if topic.direction == "received"]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As a program reads the file."""
    read: dict[str, Any] = yaml.safe_load(asyncapi_page())
    return read


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def resolved(document: dict[str, Any], reference: str) -> Any:
    part: Any = document
    for name in reference.removeprefix("#/").split("/"):
        part = part[name]
    return part


def test_the_file_says_what_the_topics_are_now() -> None:
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == asyncapi_page(), "run `python -m textwire.asyncapi_docs`"


def test_the_file_reads_as_what_was_meant(document: dict[str, Any]) -> None:
    assert document == msgspec.json.decode(msgspec.json.encode(asyncapi()))
    assert "&id" not in asyncapi_page()


def test_every_topic_for_others_has_a_channel_and_no_other_has(document: dict[str, Any]) -> None:
    channels = {name for name in document["channels"] if not name.endswith(".dead")}
    assert channels == {topic.name for topic in CONTRACT}


def test_what_services_read_has_dead_letters(document: dict[str, Any]) -> None:
    dead = {name for name in document["channels"] if name.endswith(".dead")}
    assert dead == {topic.dead for topic in CONTRACT if topic.direction == "received"}
    assert {"support.questions.dead", "support.knowledge.dead"} <= dead


def test_the_rule_of_compacted_topics_is_told(document: dict[str, Any]) -> None:
    told = {
        name
        for name, channel in document["channels"].items()
        if COMPACTED in " ".join(channel["description"].split())
    }
    assert told == {topic.name for topic in CONTRACT if topic.compacted}


def test_each_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert found
    for reference in found:
        assert resolved(document, reference) is not None


def test_textwire_sends_answers_and_receives_questions(document: dict[str, Any]) -> None:
    actions = {
        operation["channel"]["$ref"].removeprefix("#/channels/"): operation["action"]
        for operation in document["operations"].values()
    }
    assert actions.keys() == document["channels"].keys()
    assert actions["support.questions"] == "receive"
    assert actions["support.answers"] == actions["support.questions.dead"] == "send"


def test_names_are_such_as_the_specification_allows(document: dict[str, Any]) -> None:
    components = document["components"]
    for names in (document["operations"], components["messages"], components["schemas"]):
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)


@pytest.mark.parametrize("topic", CONTRACT, ids=lambda topic: topic.name)
def test_a_topic_is_described_as_the_broker_keeps_it(
    document: dict[str, Any], topic: Topic
) -> None:
    binding = document["channels"][topic.name]["bindings"]["kafka"]
    told = binding["topicConfiguration"]
    assert binding["partitions"] == topic.partitions
    assert told["retention.ms"] == topic.retention_ms
    assert told["cleanup.policy"] == (["compact"] if topic.compacted else ["delete"])


def test_dead_letters_may_be_as_large_as_the_broker_takes_them(document: dict[str, Any]) -> None:
    told = document["channels"]["support.questions.dead"]["bindings"]["kafka"]
    assert (
        str(told["topicConfiguration"]["max.message.bytes"])
        == (DEAD_LETTER_CONFIG["max.message.bytes"])
    )


@pytest.mark.parametrize("topic", CONTRACT, ids=lambda topic: topic.name)
def test_each_topic_has_an_example_that_travels(document: dict[str, Any], topic: Topic) -> None:
    example = example_of(topic)
    message = document["components"]["messages"][topic.message.__name__]
    [told] = message["examples"]
    read = msgspec.json.decode(msgspec.json.encode(told["payload"]), type=topic.message)
    assert read == example
    assert message["bindings"]["kafka"]["key"]["examples"] == [topic.key(example)]


@pytest.mark.parametrize("topic", CONTRACT, ids=lambda topic: topic.name)
def test_one_field_of_an_example_at_most_is_its_key(topic: Topic) -> None:
    example = example_of(topic)
    values = [getattr(example, name) for name in example.__struct_fields__]
    assert values.count(topic.key(example)) <= 1


def test_the_key_is_told_by_its_field(document: dict[str, Any]) -> None:
    question = document["components"]["messages"]["Question"]["bindings"]["kafka"]["key"]
    assert "`session_id`" in question["description"]


@pytest.mark.parametrize("topic", CONTRACT, ids=lambda topic: topic.name)
def test_an_example_leaves_nothing_to_be_filled_in(topic: Topic) -> None:
    example = example_of(topic)
    assert example.completed("another-id", NOON) == example


def example_of(topic: Topic) -> Message:
    assert topic.example is not None, f"give Topic({topic.name!r}, ...) an example"
    return topic.example


@pytest.mark.parametrize("topic", RECEIVED, ids=lambda topic: topic.name)
def test_each_field_that_is_received_says_what_it_takes(
    document: dict[str, Any], topic: Topic
) -> None:
    properties = document["components"]["schemas"][topic.message.__name__]["properties"]
    for name, limit in field_limits(topic.message).items():
        assert properties[name]["description"].casefold() == f"{limit}.".casefold()


def test_limits_stand_in_the_schemas_as_numbers(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Question"]["properties"]["text"]["maxLength"] == 8_000
    request = schemas["ScoreRequest"]["properties"]
    assert request["k"]["anyOf"][0]["maximum"] == 200
    assert request["candidates"]["anyOf"][0]["maxItems"] == 1_000


@pytest.mark.parametrize("topic", CONTRACT, ids=lambda topic: topic.name)
def test_a_topic_says_how_large_its_records_may_be(document: dict[str, Any], topic: Topic) -> None:
    assert re.search(r"\d[\d,]*\sbytes", document["channels"][topic.name]["description"])


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("support.questions", "answered on support.answers: `outcome` is `refused`"),
        ("recs.requests", "answered on recs.scores: there are no `scores`, and `error` says"),
        ("recs.events", "Whoever sent it is told nothing else."),
    ],
)
def test_a_topic_says_what_becomes_of_what_cannot_be_used(
    document: dict[str, Any], topic: str, told: str
) -> None:
    description = " ".join(document["channels"][topic]["description"].split())
    assert f"it goes to {topic}.dead" in description
    assert told in description


def test_headers_are_those_that_are_sent() -> None:
    sent = event_headers("textwire.support.answers", "textwire/support-qa", "1", NOON, new_trace())
    assert sent.keys() == HEADERS.keys()
    for name, value in sent.items():
        told = HEADERS[name]
        assert value.decode() == told.get("const", value.decode())
        assert re.fullmatch(told.get("pattern", ".*"), value.decode())


def test_headers_are_asked_of_nobody_and_promised_by_us(document: dict[str, Any]) -> None:
    traits = document["components"]["messageTraits"]
    assert traits["Sent"]["headers"]["required"] == list(HEADERS)
    assert "required" not in traits["Received"]["headers"]


def test_headers_of_dead_letters_are_those_that_are_sent(document: dict[str, Any]) -> None:
    record = Record(Partition("support.questions", 0), 7, b"s", b"{", {}, 0)
    sent = dead_letter(record, ValueError("not JSON"), "support-qa", NOON).headers
    told = document["components"]["messages"]["DeadLetter"]["headers"]
    assert set(told["required"]) == sent.keys()
    assert SOURCE_TOPIC_ID in told["properties"]
    assert sent.keys() <= told["properties"].keys()
