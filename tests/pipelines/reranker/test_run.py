"""The whole pipeline, on a tiny model, a small world and a tiny retriever."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.distillation.cross_encoder_teacher import TaughtMargins
from pipelines.distillation.settings import Distillation
from pipelines.reranker.data import Grouped, PublicSet, RerankerData
from pipelines.reranker.judge import judge
from pipelines.reranker.make import make_artifact
from pipelines.reranker.pipeline import pipeline
from pipelines.reranker.promoting import promote_if_it_helps
from pipelines.reranker.samples import RankedQuestions
from pipelines.reranker.settings import RerankerSettings
from pipelines.running.progress import Progress
from pipelines.running.run import make_and_register
from pipelines.running.training_spec import TrainingSpec
from pipelines.support_qa.pipeline import pipeline as support_qa
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.teaching import taught_by
from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel
from tests.pipelines.reranker.conftest import quick
from tests.pipelines.support_qa.test_run import quick as quick_retriever
from textwire.errors import DataError, SettingsError
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.reranking import TASK, Reranker

Spec = TrainingSpec[RerankerData, RerankerSettings]


def test_what_comes_out_reranks_what_its_retriever_found(
    tiny_base: Path,
    sample_folder: SampleQuestions,
    registry: Registry,
    retriever: str,
    tmp_path: Path,
    progress: Progress,
) -> None:
    source = RankedQuestions(sample_folder)
    spec: Spec = pipeline.spec(source, quick(tiny_base, retriever))
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", progress)
    artifact = registry.open(TASK, version)
    manifest = artifact.manifest
    assert manifest.settings["retriever"] == retriever
    assert {"relevance"} == manifest.ranking.keys()
    assert manifest.calibration
    assert {"relevance", "relevance_margin"} <= set(manifest.calibration.features)
    assert {"recall_at_1", "alone_recall_at_1", "chance_of_gain"} <= manifest.metrics.keys()
    assert pipeline.summary(manifest.metrics).startswith("recall@1 ")
    Reranker(OnnxClassifier(artifact, "int8"), manifest.ranking["relevance"])

    found = judge(artifact, source.read(), spec.settings, str)
    answerable = sum(len(key) > 0 for key in found.keys)
    assert found.score == pytest.approx(manifest.metrics["recall_at_1"])
    assert len(found.scores) == answerable

    of_it = Distillation((str(artifact.path),), tmp_path / "cache")
    student = support_qa.spec(sample_folder, quick_retriever(tiny_base), distillation=of_it)
    model = TextModel(student.base, tmp_path, 32)
    taught = taught_by(student, sample_folder.read(), model, progress)
    assert isinstance(taught, TaughtMargins)
    batch = PairBatch(["card lost"], ["my card is lost", "what fee can i pay"], [0])
    assert taught(model, batch).isfinite()
    alone = replace(student, distillation=replace(of_it, unlabelled=tmp_path / "texts.txt"))
    with pytest.raises(SettingsError, match="teaches alone"):
        taught_by(alone, sample_folder.read(), model, progress)

    helps = manifest.metrics["chance_of_gain"] >= 0.9
    assert promote_if_it_helps(pipeline, spec, version, registry, progress) == helps
    assert registry.alias(TASK) == (version if helps else None)


def test_without_a_retriever_it_is_said_what_comes_first(
    tiny_base: Path, sample_folder: SampleQuestions, tmp_path: Path, progress: Progress
) -> None:
    spec: Spec = pipeline.spec(RankedQuestions(sample_folder), quick(tiny_base))
    (tmp_path / "made").mkdir()
    with pytest.raises(DataError, match="pipelines support-qa run"):
        make_artifact(spec, tmp_path / "made", progress)


def test_public_sets_are_learned_from_beside_the_questions(
    tiny_base: Path,
    sample_folder: SampleQuestions,
    registry: Registry,
    retriever: str,
    tmp_path: Path,
    progress: Progress,
) -> None:
    class WithPublic(RankedQuestions):
        def read(self) -> RerankerData:
            some = [Grouped("card lost", "a"), Grouped("my card", "a"), Grouped("a loan", "b")]
            return replace(super().read(), public=[PublicSet(some, some)])

    spec: Spec = pipeline.spec(
        WithPublic(sample_folder), replace(quick(tiny_base, retriever), loss="binary")
    )
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", progress)
    assert "binary" in registry.manifest(TASK, version).method
    learned_from = len(sample_folder.read().train) + len(sample_folder.read().unanswerable_train)
    card = (tmp_path / "models" / TASK / version / "README.md").read_text()
    assert f"{learned_from + 3} questions" in card
