"""One method once, in a process of its own: so its memory is its own, and its end ends nothing."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
from rich.console import Console

from pipelines.comparing.noise import SUITE, disturb_by
from pipelines.measuring.judgement import Judgement, as_it_is
from pipelines.pipeline import Pipeline
from pipelines.running.progress import Progress
from pipelines.running.training_spec import Settings, Source
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.onnx import GRAPHS
from textwire.undecodable import NOT_DECODABLE

RESULT = "trial.json"
LOOKS_EVERY_S = 0.2
SERVED_FILE = GRAPHS["int8"]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a method came to, or why it did not."""

    method: str
    seed: int
    failed: str = ""
    metric: str = ""
    scores: tuple[float, ...] = ()
    ece: float = 0.0
    texts_per_s: float = 0.0
    trainable: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    served_mb: float = 0.0
    slices: dict[str, tuple[float, int]] = {}
    under_noise: dict[str, float] = {}


@dataclass(frozen=True)
class Wish:
    """What is to be tried: everything that a fresh process has to know."""

    application: str
    source: Source[Any]
    settings: Settings
    mapping: tuple[str, ...]
    with_noise: bool


def run_trial(wish: Wish, minutes: float | None, given_up: Event) -> Trial:
    """Train, export and judge with the settings' method; whatever happens becomes the result.

    Args: given_up: once set, the trial is ended.
    """
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        process = multiprocessing.get_context("spawn").Process(
            target=_try, args=(wish, Path(folder)), daemon=False
        )
        process.start()
        until = None if minutes is None else time.monotonic() + 60 * minutes
        try:
            while process.is_alive() and not given_up.is_set() and not _is_past(until):
                process.join(LOOKS_EVERY_S)
            late = process.is_alive()
        finally:
            if process.is_alive():
                process.kill()
                process.join()
        return _read(wish, Path(folder), process.exitcode, minutes if late else None)


def _is_past(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until


def _read(wish: Wish, folder: Path, status: int | None, late: float | None) -> Trial:
    method, seed = wish.settings.method, wish.settings.seed
    if late is not None:
        return Trial(method=method, seed=seed, failed=f"not done within {late:g} minutes")
    try:
        return msgspec.json.decode((folder / RESULT).read_bytes(), type=Trial)
    except (FileNotFoundError, *NOT_DECODABLE):
        return Trial(method=method, seed=seed, failed=f"its process ended with status {status}")


def _try(wish: Wish, folder: Path) -> None:
    """In the fresh process."""
    from pipelines.running.error_messages import told

    try:
        trial = _measured(wish, folder)
    except Exception as error:  # noqa: BLE001 - a method that fails is a row of the table
        said = told(error) or f"{type(error).__name__}: {error}"
        trial = Trial(method=wish.settings.method, seed=wish.settings.seed, failed=said[:300])
    (folder / RESULT).write_bytes(msgspec.json.encode(trial))


def _measured(wish: Wish, folder: Path) -> Trial:
    from pipelines.comparing.trainable import Trainable

    pipeline = _pipeline(wish.application)
    assert pipeline.load_judge is not None  # noqa: S101 - only such are compared
    made = folder / "made"
    made.mkdir()
    spec = pipeline.spec(wish.source, wish.settings, wish.mapping)
    make, judge = pipeline.load_make(), pipeline.load_judge()
    started = time.monotonic()
    with Trainable() as trainable:
        manifest = make(spec, made, Progress(Console(stderr=True, quiet=True)))
    seconds = time.monotonic() - started
    peak_mb = _peak_mb()
    data, artifact = wish.source.read(), Artifact(made, manifest)
    judged = judge(artifact, data, wish.settings, as_it_is)
    noisy: dict[str, Judgement] = {}
    if wish.with_noise:
        noisy = {
            name: judge(artifact, data, wish.settings, disturb_by(noise))
            for name, noise in SUITE.items()
        }
    return Trial(
        method=wish.settings.method,
        seed=wish.settings.seed,
        metric=judged.metric,
        scores=tuple(float(score) for score in judged.scores),
        ece=judged.ece,
        texts_per_s=judged.texts_per_s,
        trainable=trainable.most,
        seconds=seconds,
        peak_mb=peak_mb,
        served_mb=_size_mb(made / SERVED_FILE),
        slices=judged.slices,
        under_noise={name: one.score for name, one in noisy.items()},
    )


def _pipeline(application: str) -> Pipeline[Any, Any]:
    import importlib

    found: Pipeline[Any, Any] = importlib.import_module(
        f"pipelines.{application}.pipeline"
    ).pipeline
    return found


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # bytes there, KiB elsewhere


def _size_mb(file: Path) -> float:
    return file.stat().st_size / 1e6 if file.is_file() else 0.0
