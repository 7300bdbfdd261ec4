"""Writes docs/asyncapi.yaml from the topics and messages: `python -m textwire.asyncapi_docs`.

Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0; the bindings for Kafka,
        version 0.5.0, https://github.com/asyncapi/bindings/tree/master/kafka.
"""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path
from textwrap import fill
from typing import Any

import msgspec
import yaml

from textwire import __version__
from textwire.settings import StreamSettings
from textwire.stream.dead_letters.letters import (
    LEFT_OUT,
    OURS,
    REPLAYS,
    SOURCE_EPOCH,
    SOURCE_TOPIC_ID,
    WHOLE_BYTES,
    WHOLE_SHA256,
)
from textwire.stream.headers import TRACEPARENT
from textwire.stream.loop.outcome import MAX_MESSAGE_BYTES
from textwire.stream.tables.rows import MAX_ROW_BYTES
from textwire.wire.limits import field_limits
from textwire.wire.message import Message
from textwire.wire.registry import TOPICS
from textwire.wire.topic import DEAD_LETTER_CONFIG, Topic

PAGE = Path("docs/asyncapi.yaml")
BEGINNING = "# Written by `python -m textwire.asyncapi_docs`: change the topics and messages.\n"
WIDTH = 100
BINDING_VERSION = "0.5.0"
JSON = "application/json"

Part = dict[str, Any]

INFO: Part = {
    "title": "Textwire",
    "version": __version__,
    "description": (
        "What travels on the topics. Operations are Textwire's: it receives what your programs "
        "send, and sends what they receive. Values are JSON in UTF-8, times are RFC 3339 in UTC. "
        "Unknown fields are ignored, and new ones have defaults. Read with "
        "`isolation.level=read_committed` to see each result once. A producer may leave all "
        "headers out, and the key too, which costs the order; compacted topics need it."
    ),
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}
SERVER: Part = {
    "host": "localhost:9092",
    "protocol": "kafka",
    "description": "Where `textwire up` puts the broker when the port is free.",
}
# CloudEvents 1.0, Kafka binding, binary mode; W3C trace context. As `stream/headers.py` writes.
HEADERS: Part = {
    "ce_specversion": {"type": "string", "const": "1.0"},
    "ce_id": {
        "type": "string",
        "description": "The same when a record is processed again, and no other's: also where a "
        "log was cut off, or a topic made anew.",
    },
    "ce_type": {"type": "string", "description": "`textwire.` and the topic."},
    "ce_source": {"type": "string", "description": "Who wrote it: `textwire/<service>`."},
    "ce_time": {"type": "string", "format": "date-time"},
    "content-type": {"type": "string", "const": JSON},
    TRACEPARENT: {
        "type": "string",
        "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        "description": "W3C trace context: an answer carries on the trace of its question.",
    },
}
# As `stream/dead_letters.py` writes. The first three only where the letter does not hold all.
SOMETIMES: dict[str, str] = {
    WHOLE_BYTES: "How many bytes the whole value has, where the letter holds its beginning.",
    WHOLE_SHA256: "The SHA-256 of the whole value.",
    LEFT_OUT: "What else was too large to be held.",
    SOURCE_TOPIC_ID: "The broker's id of the topic, which tells it from one made anew.",
    SOURCE_EPOCH: "Of the leader that wrote the record, if it is known: it tells the record from "
    "another at its offset, should the log have been cut off.",
    REPLAYS: "How often it was sent back before.",
}
ALWAYS: list[str] = [name for name in OURS if name not in SOMETIMES]
DEAD_HEADERS: Part = {name: {"type": "string"} for name in ALWAYS} | {
    name: {"type": "string", "description": told} for name, told in SOMETIMES.items()
}
DEAD_LETTER: Part = {
    "name": "DeadLetter",
    "title": "DeadLetter",
    "summary": "A record that could not be used, with the reason in its headers.",
    "contentType": "application/octet-stream",
    "headers": {"type": "object", "properties": DEAD_HEADERS, "required": ALWAYS},
    "payload": {
        "description": "The record's own value, or the beginning of a large one: often no JSON, or "
        "not of the topic's form."
    },
}


COMPACTED = (
    "The key is the identity, whatever id the value holds; a record without a value deletes its "
    "key; a record without a key, or with a value that cannot be read, changes nothing."
)


class _Dumper(yaml.SafeDumper):
    """Writes a part that stands twice twice, and paragraphs as such, for people to read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml's signature
        return True

    def represent_str(self, text: str) -> yaml.ScalarNode:
        """A text in its lines, where it has several."""
        return self.represent_scalar("tag:yaml.org,2002:str", text, "|" if "\n" in text else None)


_Dumper.add_representer(str, _Dumper.represent_str)


def asyncapi_page() -> str:
    """The file, as it stands in docs/."""
    dumped = yaml.dump(asyncapi(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return BEGINNING + dumped


def asyncapi() -> Part:
    """The document: every topic that is a contract with other programs."""
    topics = [topic for topic in TOPICS.values() if not topic.internal]
    refused = [topic for topic in topics if topic.direction == "received"]
    return {
        "asyncapi": "3.0.0",
        "info": INFO,
        "defaultContentType": JSON,
        "servers": {"local": SERVER},
        "channels": {topic.name: _channel(topic) for topic in topics}
        | {topic.dead: _dead_channel(topic) for topic in refused},
        "operations": dict(_operation(topic.name, topic.direction == "sent") for topic in topics)
        | dict(_operation(topic.dead, sent=True) for topic in refused),
        "components": {
            "messages": {topic.message.__name__: _message(topic) for topic in topics}
            | {"DeadLetter": DEAD_LETTER},
            "messageTraits": {
                "Sent": {"headers": _headers(required=True)},
                "Received": {"headers": _headers(required=False)},
            },
            "schemas": _schemas(topics),
        },
    }


def _channel(topic: Topic) -> Part:
    name = topic.message.__name__
    return {
        "address": topic.name,
        "description": f"{_doc(topic.message)}\n\n{fill(_what_it_takes(topic), WIDTH)}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": _kafka(
            partitions=topic.partitions, topicConfiguration=_typed(topic.broker_config)
        ),
    }


def _what_it_takes(topic: Topic) -> str:
    """How large its records may be, and what becomes of those that cannot be used."""
    if topic.direction == "sent":
        return f"A record has at most {MAX_MESSAGE_BYTES:,} bytes."
    if topic.compacted:
        return (
            f"{COMPACTED} A record has at most {MAX_ROW_BYTES:,} bytes. What changes nothing goes "
            f"to {topic.dead}, with the reason in its headers."
        )
    most = StreamSettings.model_fields["max_record_bytes"].default
    told = topic.refusals or "Whoever sent it is told nothing else."
    return (
        f"A record that is not of this form, or has more than {most:,} bytes "
        f"(`stream.max_record_bytes`), is refused: it goes to {topic.dead}, with the reason in its "
        f"headers. {told}"
    )


def _dead_channel(topic: Topic) -> Part:
    return {
        "address": topic.dead,
        "description": f"What came on {topic.name} and could not be used.",
        "messages": {"DeadLetter": {"$ref": "#/components/messages/DeadLetter"}},
        "bindings": _kafka(partitions=1, topicConfiguration=_typed(DEAD_LETTER_CONFIG)),
    }


def _operation(topic: str, sent: bool) -> tuple[str, Part]:
    action = "send" if sent else "receive"
    words = topic.replace(".", " ").title().replace(" ", "")
    # A name with a dot stands in a JSON pointer as it is.
    return action + words, {"action": action, "channel": {"$ref": f"#/channels/{topic}"}}


def _message(topic: Topic) -> Part:
    kind = topic.message
    return {
        "name": kind.__name__,
        "title": kind.__name__,
        "summary": _doc(kind).partition("\n")[0],
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        "traits": [{"$ref": f"#/components/messageTraits/{topic.direction.capitalize()}"}],
        **(_with_example(topic, topic.example) if topic.example else {}),
    }


def _with_example(topic: Topic, example: Message) -> Part:
    return {
        "bindings": _kafka(key=_key(example, topic.key(example))),
        "examples": [{"payload": msgspec.json.decode(msgspec.json.encode(example))}],
    }


def _key(example: Message, key: str) -> Part:
    fields = [name for name in example.__struct_fields__ if getattr(example, name) == key]
    made = f"The message's `{fields[0]}`" if fields else "What the message is about"
    return {
        "type": "string",
        "description": f"{made}: records of one key stay in order.",
        "examples": [key],
    }


def _headers(*, required: bool) -> Part:
    schema: Part = {"type": "object", "properties": HEADERS}
    return schema | ({"required": list(HEADERS)} if required else {})


def _schemas(topics: list[Topic]) -> Part:
    kinds = [topic.message for topic in topics]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    for schema in schemas.values():
        schema["description"] = cleandoc(schema["description"])
    for received in (topic.message for topic in topics if topic.direction == "received"):
        _tell_limits(schemas[received.__name__], received)
    return {name: schemas[name] for name in sorted(schemas)}


def _tell_limits(schema: Part, kind: type[Message]) -> None:
    """What each field takes, in the words that whoever sends something else is told."""
    for name, limit in field_limits(kind).items():
        schema["properties"][name]["description"] = f"{limit[:1].upper()}{limit[1:]}."


def _typed(config: dict[str, str]) -> Part:
    """Of a topic's configuration, numbers as numbers and lists as lists, as the binding has them.

    Where no policy is set, the broker's own holds, which is to delete what is old.
    """
    policy = config.get("cleanup.policy", "delete").split(",")
    others = {name: value for name, value in config.items() if name != "cleanup.policy"}
    return {"cleanup.policy": policy} | {name: _number(value) for name, value in others.items()}


def _number(value: str) -> int | str:
    return int(value) if value.lstrip("-").isdigit() else value


def _kafka(**binding: Any) -> Part:
    return {"kafka": {**binding, "bindingVersion": BINDING_VERSION}}


def _doc(kind: type[Message]) -> str:
    return cleandoc(kind.__doc__ or "")


if __name__ == "__main__":
    PAGE.write_text(asyncapi_page(), encoding="utf-8")
