"""A tiny retriever that serves, and the recipe of a tiny reranker beside it."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.reranker.settings import RerankerSettings
from pipelines.running.progress import Progress
from pipelines.running.run import make_and_register
from pipelines.support_qa.make import make_artifact as make_retriever
from pipelines.support_qa.pipeline import pipeline as support_qa
from pipelines.support_qa.samples import SampleQuestions
from tests.pipelines.support_qa.test_run import quick as quick_retriever
from textwire.models.artifacts.registry import Registry


def quick(base: Path, retriever: str = "") -> RerankerSettings:
    return RerankerSettings(
        base=str(base),
        retriever=retriever,
        epochs=2,
        max_tokens=64,
        learning_rate=1e-3,
        wrongs=3,
        min_int8_same_label=0.5,
    )


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    return Registry(str(tmp_path / "models"))


@pytest.fixture
def progress() -> Progress:
    return Progress(Console(file=io.StringIO(), width=120))


@pytest.fixture
def retriever(
    tiny_base: Path,
    sample_folder: SampleQuestions,
    registry: Registry,
    tmp_path: Path,
    progress: Progress,
) -> str:
    spec = support_qa.spec(sample_folder, quick_retriever(tiny_base))
    version = make_and_register(spec, make_retriever, registry, tmp_path / "work", progress)
    registry.promote(support_qa.task, version)
    return version
