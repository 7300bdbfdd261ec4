"""The whole run: nothing when it was done before, else an artifact, judged and registered."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from pipelines.pipeline import Make, Pipeline
from pipelines.running.leftovers import remove_leftovers
from pipelines.running.progress import Progress
from pipelines.running.training_spec import D, S, TrainingSpec
from pipelines.training.run import clear, leads, run_of
from textwire.errors import ArtifactError, DataError
from textwire.file_rights import make_private, no_more_open_than
from textwire.models.artifacts.registry import Registry
from textwire.settings import TrainingSettings, load


def run_pipeline(
    pipeline: Pipeline[D, S],
    spec: TrainingSpec[D, S],
    registry: Registry,
    work_dir: Path,
    progress: Progress,
    *,
    force: bool = False,
) -> str:
    """Make what the spec says unless it is there, say so, and give the version.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph strays too far from the model.
    """
    version = None if force else find_made(spec, registry, progress)
    if version:
        progress.say(
            f"{spec.task} {version} was made from these data and settings by this code: "
            "nothing to do."
        )
        return version
    remove_leftovers(work_dir)
    # Before torch, which takes longer to load: what is wrong with data is told at once.
    spec.source.read()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with nullcontext() if "torch" in sys.modules else progress.stage("Loading torch"):
        make = _loaded(pipeline)
    version = make_and_register(spec, make, registry, work_dir, progress)
    if not leads():
        return version
    metrics = registry.manifest(spec.task, version).metrics
    progress.say(f"{spec.task} {version}: {pipeline.summary(metrics)}")
    return version


def find_made(spec: TrainingSpec[D, S], registry: Registry, progress: Progress) -> str | None:
    """The version that was made of the same before, if its files are still what they were."""
    version = registry.find(spec.task, spec.fingerprint)
    if version is None:
        return None
    try:
        registry.open(spec.task, version)
    except ArtifactError as error:
        progress.say(f"{error}\nIt is made anew.")
        return None
    return version


def make_and_register(
    spec: TrainingSpec[D, S],
    make: Make[D, S],
    registry: Registry,
    work_dir: Path,
    progress: Progress,
) -> str:
    """Train, export, check and register; the version.

    What `accelerate launch` starts beside the first process trains with it and registers nothing.
    Of a run that was killed checkpoints are left in `work_dir`, from which the same run goes on;
    once it is done, nothing but what TensorBoard shows.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph strays too far from the model.
    """
    make_private(work_dir)
    told = load(TrainingSettings)
    run = run_of(spec.task, spec.fingerprint, work_dir, told.report_to, told.checkpoint_every_s)
    spec = replace(spec, run=run)
    with (
        no_more_open_than(work_dir),
        tempfile.TemporaryDirectory(prefix="pipeline-", dir=work_dir) as folder,
    ):
        manifest = make(spec, Path(folder), progress)
        if not leads():
            return manifest.version
        with progress.stage("Registering"):
            version = registry.register(Path(folder), manifest)
    clear(run)
    return version


def _loaded(pipeline: Pipeline[D, S]) -> Make[D, S]:
    try:
        make = pipeline.load_make()
        if pipeline.load_judge is None:
            return make
        from pipelines.registry.judging import judged

        return judged(make, pipeline.load_judge())
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("pipelines", "textwire"):
            raise
        raise DataError(
            f"Training needs {error.name}, which is not installed: serving does without it. Run "
            "`make install-train`, or `pip install 'textwire[train]'`."
        ) from error
