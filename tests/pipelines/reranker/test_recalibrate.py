"""A reranker follows the retriever that serves, without training."""

import tempfile
from pathlib import Path

import pytest

from pipelines.reranker.make import make_artifact
from pipelines.reranker.pipeline import pipeline
from pipelines.reranker.recalibrate import recalibrated
from pipelines.reranker.samples import RankedQuestions
from pipelines.running.progress import Progress
from pipelines.running.run import make_and_register
from pipelines.support_qa.pipeline import pipeline as support_qa
from pipelines.support_qa.recalibrate import recalibrated as recalibrated_retriever
from pipelines.support_qa.samples import SampleQuestions
from tests.pipelines.reranker.conftest import quick
from tests.pipelines.support_qa.test_run import quick as quick_retriever
from textwire.models.artifacts.registry import Registry
from textwire.support_qa.reranking import TASK


def test_it_is_fitted_to_another_retriever_and_its_weights_stay(
    tiny_base: Path,
    sample_folder: SampleQuestions,
    registry: Registry,
    retriever: str,
    tmp_path: Path,
    progress: Progress,
) -> None:
    source = RankedQuestions(sample_folder)
    spec = pipeline.spec(source, quick(tiny_base, retriever))
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", progress)
    before = registry.open(TASK, version)
    other = _calibrated_retriever(registry, retriever, sample_folder, tiny_base)

    with tempfile.TemporaryDirectory() as folder:
        settings = quick(tiny_base, other)
        manifest = recalibrated(before, source.read(), settings, Path(folder), {"own.csv": "1"})
        registered = registry.register(Path(folder), manifest)
    after = registry.open(TASK, registered)
    assert registered != version
    assert after.manifest.settings["retriever"] == other
    assert after.manifest.settings["epochs"] == before.manifest.settings["epochs"]
    assert after.manifest.data["own.csv"] == "1"
    assert after.manifest.metrics["coverage"] == pytest.approx(before.manifest.metrics["coverage"])
    graph = "model.int8.onnx"
    assert after.manifest.files[graph] == before.manifest.files[graph]
    assert other in after.file("README.md").read_text(encoding="utf-8")


def _calibrated_retriever(
    registry: Registry, retriever: str, questions: SampleQuestions, base: Path
) -> str:
    champion = registry.open(support_qa.task, retriever)
    with tempfile.TemporaryDirectory() as folder:
        settings = quick_retriever(base)
        manifest = recalibrated_retriever(champion, questions.read(), settings, Path(folder))
        return registry.register(Path(folder), manifest)
