"""Making an artifact, and then judging it as it will serve."""

from __future__ import annotations

from pathlib import Path

from pipelines.measuring.judgement import Judge, as_it_is
from pipelines.pipeline import Make
from pipelines.registry.card import with_plots
from pipelines.running.progress import Progress
from pipelines.running.training_spec import D, S, TrainingSpec
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx import GRAPHS


def judged(make: Make[D, S], judge: Judge) -> Make[D, S]:
    """The same, with plots and what was made of each held-out row beside the model."""

    def make_and_judge(spec: TrainingSpec[D, S], folder: Path, progress: Progress) -> Manifest:
        manifest = make(spec, folder, progress)
        if not (folder / GRAPHS["int8"]).is_file():
            return manifest  # made by another process of the same run
        with progress.stage("Judging row by row, drawing plots"):
            artifact = Artifact(folder, manifest)
            found = judge(artifact, spec.source.read(), spec.settings, as_it_is)
            return with_plots(manifest, found, folder)

    return make_and_judge
