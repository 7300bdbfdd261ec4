from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing

import kafka
import msgspec
import pytest

from tests.cli.conftest import Command
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import client_settings, create_topics
from textwire.support_qa.messages import Question
from textwire.wire.record import OutgoingRecord
from textwire.wire.topic import Topic


@pytest.fixture
def topic(textwire: Command, unique_name: str) -> str:
    """A topic of this test's own with one partition, and records 0 to 4."""
    own = Topic(unique_name, Question, key=lambda question: question.session_id, partitions=1)
    create_topics([own])
    values = [b'{"n":%d}' % number for number in range(3)] + [b"\xff\x1b[2J", None]
    keys = [b"even", b"odd", b"even", None, b"gone"]
    records = [
        OutgoingRecord(unique_name, key, value, {"who": b"me\x07"})
        for key, value in zip(keys, values, strict=True)
    ]
    with closing(Sender("test")) as sender:
        sender.write(records)
    return unique_name


def test_everything_from_the_beginning(textwire: Command, topic: str) -> None:
    shown = textwire("tail", topic, "--from-beginning", "--until-now")
    assert shown.exit_code == 0
    assert '{\n  "n": 0\n}' in shown.stdout
    assert "0/3  no key\n" in shown.stdout
    assert "0/4  key gone\n(no value)\n" in shown.stdout


def test_the_last_records(textwire: Command, topic: str) -> None:
    shown = textwire("tail", topic, "-n", "2", "--until-now", "--raw")
    assert shown.stdout_bytes == b"\xff\x1b[2J\n\n"


def test_only_one_key(textwire: Command, topic: str) -> None:
    options = ("--from-beginning", "--until-now", "--key", "even", "--raw")
    assert textwire("tail", topic, *options).stdout == '{"n":0}\n{"n":2}\n'


def test_json_tells_everything_of_a_record(textwire: Command, topic: str) -> None:
    shown = textwire("tail", topic, "--from-beginning", "--until-now", "--json")
    records = [msgspec.json.decode(line) for line in shown.stdout.splitlines()]
    assert (
        records[1].items()
        >= {
            "topic": topic,
            "partition": 0,
            "offset": 1,
            "key": "odd",
            "value": {"n": 1},
            "headers": {"who": "me\x07"},
        }.items()
    )
    assert records[3]["value_base64"] == "/xtbMko="
    assert records[4]["value"] is None


def test_bytes_cannot_play_tricks_on_the_terminal(textwire: Command, topic: str) -> None:
    shown = textwire("tail", topic, "--from-beginning", "--until-now", "--headers")
    assert "\\xff\\x1b[2J" in shown.stdout
    assert "who: me\\x07" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "\x07" not in shown.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_record_of_no_time_that_there_is_stops_nothing(
    textwire: Command, topic: str, options: tuple[str, ...]
) -> None:
    _write_at(topic, timestamp_ms=-(2**62))
    shown = textwire("tail", topic, "--from-beginning", "--until-now", *options)
    assert shown.exit_code == 0, shown.output
    assert ('"at":null' if options else f"timestamp {-(2**62)} ms") in shown.stdout


def test_nothing_is_shown_of_the_past_unless_asked_for(textwire: Command, topic: str) -> None:
    shown = textwire("tail", topic, "--until-now")
    assert (shown.exit_code, shown.output) == (0, "")


def test_what_comes_is_shown_and_ctrl_c_ends_quietly(textwire: Command, topic: str) -> None:
    command = [sys.executable, "-m", "textwire", "tail", topic, "-n", "1", "--raw"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"\n"  # the last record has no value
        with closing(Sender("test")) as sender:
            sender.write([OutgoingRecord(topic, None, b"new")])
        assert process.stdout.readline() == b"new\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, b"", b"")


def test_an_unknown_topic_names_those_there_are(textwire: Command) -> None:
    shown = textwire("tail", "support.anwsers")
    assert shown.exit_code == 1
    assert "There is no topic support.anwsers. There are: " in shown.stderr
    assert "support.answers" in shown.stderr


@pytest.mark.parametrize("options", [("--json", "--raw"), ("-n", "1", "--from-beginning")])
def test_options_that_exclude_each_other(offline: Command, options: tuple[str, ...]) -> None:
    shown = offline("tail", "support.answers", *options)
    assert shown.exit_code == 2
    assert "exclude each other" in shown.stderr


def _write_at(topic: str, timestamp_ms: int) -> None:
    """A record as a careless producer writes it."""
    producer = kafka.KafkaProducer(**client_settings())
    producer.send(topic, b"{}", timestamp_ms=timestamp_ms).get(timeout=10)
    producer.close()
