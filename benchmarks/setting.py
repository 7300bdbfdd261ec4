"""The setting of a benchmark: real servers in a temporary folder, this checkout's champions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import open_registry
from textwire.settings import KafkaSettings, ModelSettings, StackSettings, load
from textwire.stack.ports import free_port
from textwire.stack.process import Process
from textwire.stack.process_spec import ProcessSpec, answers_http
from textwire.stack.servers import embedded_servers
from textwire.stream.kafka.connecting import create_topics
from textwire.wire.registry import TOPICS

# A catalogue of 100,000 items is read before a service is ready.
READY_WITHIN_S = 300.0


@dataclass(frozen=True)
class Setting:
    """Where things are while a benchmark runs.

    supplies  files that services and plain loops read, by the variables that name them.
    """

    folder: Path
    kafka: KafkaSettings
    redis_url: str
    supplies: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to find the servers, the models and its supplies."""
        return {
            **os.environ,
            "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "TEXTWIRE_REDIS_URL": self.redis_url,
            "TEXTWIRE_MODELS_REGISTRY": registry_root(),
            **self.supplies,
        }


def registry_root() -> str:
    """This checkout's models."""
    configured = load(ModelSettings).registry
    return configured or str((load(StackSettings).data_dir / "models").absolute())


def champion(task: str) -> Artifact:
    """The model that is measured: run `make up`, or its pipeline, first.

    Raises: ArtifactMissing: there is none.
    """
    return open_registry().champion(task)


@contextmanager
def servers() -> Iterator[Setting]:
    """A broker with the topics, and a Redis, both fresh."""
    with TemporaryDirectory() as folder, embedded_servers(Path(folder)) as running:
        kafka = KafkaSettings(bootstrap_servers=running.bootstrap_servers)
        create_topics(TOPICS.values(), kafka)
        yield Setting(Path(folder), kafka, running.redis_url)


@contextmanager
def program(setting: Setting, name: str, *command: str, **environment: str) -> Iterator[Process]:
    """A Python program that answers /readyz, from ready to stopped."""
    port = free_port()
    part = ProcessSpec(
        name=name,
        command=(sys.executable, *command),
        environment={
            **setting.environment,
            "TEXTWIRE_SERVICE_PORT": str(port),
            **environment,
        },
        ready=partial(answers_http, port, "/readyz"),
        ready_within_s=READY_WITHIN_S,
        address=f"http://127.0.0.1:{port}",
    )
    process = Process(part, setting.folder / f"{name}.log")
    process.start()
    try:
        yield process
    finally:
        process.stop()
