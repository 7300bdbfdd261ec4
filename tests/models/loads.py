"""What loading a model can do to a process."""

from __future__ import annotations

import os
import signal
import time

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.settings import ModelSettings


def load_well(artifact: Artifact, settings: ModelSettings) -> None:
    """It is what it says, and is loaded as the service was set."""
    assert artifact.manifest.task == "support-qa"
    assert (settings.registry, settings.threads) == ("s3://key:secret@models", 7)


def refuse(artifact: Artifact, settings: ModelSettings) -> None:
    raise ArtifactCorrupt("The graph is\nof another width.")


def raise_something(artifact: Artifact, settings: ModelSettings) -> None:
    raise KeyError("head")


def run_out_of_memory(artifact: Artifact, settings: ModelSettings) -> None:
    raise MemoryError


def be_killed(artifact: Artifact, settings: ModelSettings) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash(artifact: Artifact, settings: ModelSettings) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def end_without_a_word(artifact: Artifact, settings: ModelSettings) -> None:
    os._exit(3)


def hang(artifact: Artifact, settings: ModelSettings) -> None:
    time.sleep(600)


def talk(artifact: Artifact, settings: ModelSettings) -> None:
    raise RuntimeError("x" * 10_000_000)


def tell_of_the_process(artifact: Artifact, settings: ModelSettings) -> None:
    """What others may read of it, and who goes first when memory runs out."""
    words = open("/proc/self/cmdline").read()  # noqa: PTH123, SIM115
    score = open("/proc/self/oom_score_adj").read()  # noqa: PTH123, SIM115
    raise ArtifactCorrupt(f"registry told: {'s3:' in words}; goes first: {score.strip()}")
