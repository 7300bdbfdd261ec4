from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import structlog

from tests.observing.kept_logs import logs_kept
from textwire.observing.logs import set_up_logs
from textwire.settings import ServiceSettings


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    with logs_kept():
        yield


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_line_is_one_json_object_with_who_when_and_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("echoing", ServiceSettings(replica=3))
    structlog.get_logger().info("started", port=80)
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "started",
        "level": "info",
        "port": 80,
        "service": "echoing",
        "replica": 3,
    }


def test_a_librarys_lines_look_like_ours(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("echoing", ServiceSettings())
    logging.getLogger("library").warning("beware of %s", "the dog")
    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("beware of the dog", "warning")
    assert line["service"] == "echoing"


def test_a_line_from_another_thread_has_the_name_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("echoing", ServiceSettings())
    thread = Thread(target=structlog.get_logger().info, args=("from afar",))
    thread.start()
    thread.join()
    (line,) = lines(capsys)
    assert line["service"] == "echoing"


def test_a_traceback_stays_within_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("echoing", ServiceSettings())
    try:
        int("over\ntwo lines")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines(capsys)
    assert line["exception"].startswith("Traceback")
    assert "\n" in line["exception"]


def test_what_is_less_severe_than_wished_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("echoing", ServiceSettings(log_level="warning"))
    structlog.get_logger().info("not this")
    structlog.get_logger().warning("this")
    assert [line["event"] for line in lines(capsys)] == ["this"]


def test_the_kafka_client_tells_of_trouble_alone(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("echoing", ServiceSettings(log_level="debug"))
    logging.getLogger("kafka.conn").info("connected")
    logging.getLogger("kafka.conn").warning("trouble")
    assert [line["event"] for line in lines(capsys)] == ["trouble"]
