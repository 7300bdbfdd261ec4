"""The setting of a benchmark: real servers in a temporary folder, the champion of this checkout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from textwire.embedded.parts import Part, answers_http
from textwire.embedded.ports import free_port
from textwire.embedded.process import Process
from textwire.embedded.servers import embedded_servers
from textwire.messages import Passage
from textwire.models.artifact import Artifact
from textwire.models.registry import open_registry
from textwire.samples import samples_dir
from textwire.settings import KafkaSettings, ModelSettings, StackSettings, load
from textwire.stream.kafka import create_topics
from textwire.stream.sender import Sender
from textwire.topics import SUPPORT_KNOWLEDGE, TOPICS

TASK = "support-qa"


@dataclass(frozen=True)
class Setting:
    """Where things are while a benchmark runs."""

    folder: Path
    kafka: KafkaSettings
    redis_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to find the servers and the models."""
        return {
            **os.environ,
            "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "TEXTWIRE_REDIS_URL": self.redis_url,
            "TEXTWIRE_MODELS_REGISTRY": registry_root(),
        }


def registry_root() -> str:
    """This checkout's models."""
    configured = load(ModelSettings).registry
    return configured or str((load(StackSettings).data_dir / "models").absolute())


def champion() -> Artifact:
    """The model that is measured: run `make up` or `pipelines support-qa run` first."""
    return open_registry().champion(TASK)


def sample_passages() -> list[Passage]:
    """The sample knowledge."""
    lines = (samples_dir() / "support" / "knowledge.jsonl").read_text("utf-8").splitlines()
    return [Passage(**json.loads(line)) for line in lines]


def sample_questions() -> list[str]:
    """All sample questions that have an answer."""
    lines = (samples_dir() / "support" / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@contextmanager
def servers() -> Iterator[Setting]:
    """A broker with the topics and the sample knowledge, and a Redis, both fresh."""
    with TemporaryDirectory() as folder, embedded_servers(Path(folder)) as running:
        kafka = KafkaSettings(bootstrap_servers=running.bootstrap_servers)
        create_topics(TOPICS.values(), kafka)
        sender = Sender("benchmark", kafka)
        sender.send_all(SUPPORT_KNOWLEDGE, sample_passages())
        sender.close()
        yield Setting(Path(folder), kafka, running.redis_url)


@contextmanager
def program(setting: Setting, name: str, *command: str, **environment: str) -> Iterator[Process]:
    """A Python program that answers /readyz, from ready to stopped."""
    port = free_port()
    part = Part(
        name=name,
        command=(sys.executable, *command),
        environment={
            **setting.environment,
            "TEXTWIRE_SERVICE_PORT": str(port),
            **environment,
        },
        ready=partial(answers_http, port, "/readyz"),
        ready_within_s=180.0,
        address=f"http://127.0.0.1:{port}",
    )
    process = Process(part, setting.folder / f"{name}.log")
    process.start()
    try:
        yield process
    finally:
        process.stop()
