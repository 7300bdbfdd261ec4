"""Running the command line in this process, against the real broker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from textwire.cli import main
from textwire.stream.kafka.connecting import create_topics
from textwire.wire.registry import TOPICS

Command = Callable[..., Result]


@pytest.fixture
def offline() -> Command:
    """The command line, with nothing running."""

    def run(*arguments: object, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin)

    return run


@pytest.fixture
def textwire(bootstrap_servers: str, monkeypatch: pytest.MonkeyPatch, offline: Command) -> Command:
    """The command line, with a broker that has every topic."""
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", bootstrap_servers)
    create_topics(TOPICS.values())
    return offline
