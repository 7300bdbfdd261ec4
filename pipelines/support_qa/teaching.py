"""What a retriever learns from teachers, if there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from pipelines.distillation.cross_encoder_teacher import TaughtMargins
from pipelines.distillation.encoder_teacher import TaughtSimilarity, ask_encoder, teach_encoder
from pipelines.distillation.settings import AS_TEACHER, Distillation
from pipelines.distillation.teachers import Teacher, find_teachers
from pipelines.distillation.unlabelled import read_unlabelled
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.support_qa.train import tune
from pipelines.training.text_model import TextModel
from textwire.errors import SettingsError
from textwire.models.engines.encoder import Encoder
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.reranking import TASK as RERANKER_TASK
from textwire.support_qa.reranking import log_odds, pair_text


def taught_by(
    spec: TrainingSpec[SupportData, SupportQaTrainingSettings],
    data: SupportData,
    untrained: Encoder,
    progress: Progress,
) -> TaughtSimilarity | TaughtMargins | None:
    """The loss by which a student learns; None where it has no teacher.

    Teachers are retrievers, whose similarities are learned, or one reranker, whose margins are.

    Raises: DataError: a teacher is not there, or is of another task.
            SettingsError: layers were to be compared, or a reranker is not the only teacher, or was
            to label texts that belong to no passage.
    """
    distillation, settings = spec.distillation, spec.settings
    if distillation is None or not distillation.teachers:
        return None
    if settings.loss != "infonce":
        raise SettingsError(
            f"A teacher's word stands beside InfoNCE, and loss={settings.loss} was asked for: "
            "leave one of both out."
        )
    if distillation.by_layers:
        raise SettingsError("--kd-layers is for classifiers: a retriever learns similarities.")
    teachers = find_teachers(distillation.teachers, distillation.cache)
    if rerankers := [one for one in teachers if is_reranker(one)]:
        if len(teachers) > 1 or distillation.unlabelled:
            raise SettingsError(
                "A reranker teaches alone, and by questions whose passage is known: give one "
                "--teacher, and no --unlabelled."
            )
        return _taught_margins(rerankers[0], distillation, settings)
    return _taught_similarity(teachers, distillation, spec, data, untrained, progress)


def is_reranker(teacher: Teacher) -> bool:
    """Whether a teacher reads question and passage together."""
    return teacher.artifact is not None and teacher.artifact.manifest.task == RERANKER_TASK


def _taught_similarity(
    teachers: Sequence[Teacher],
    distillation: Distillation,
    spec: TrainingSpec[SupportData, SupportQaTrainingSettings],
    data: SupportData,
    untrained: Encoder,
    progress: Progress,
) -> TaughtSimilarity:
    """What retrievers say of all texts; base models among them learn the task first."""
    settings = spec.settings
    wishes = replace(settings, **AS_TEACHER)

    def learn(model: TextModel) -> None:
        with progress.stage("Tuning the teacher") as stage:
            tune(model, data, untrained, wishes, stage)

    unlabelled = []
    if distillation.unlabelled:
        judged = frozenset(asked.text for asked in (*data.train, *data.held_out))
        unlabelled = read_unlabelled(distillation.unlabelled, judged)
    texts = list(dict.fromkeys([*(text for pair in data.pairs() for text in pair), *unlabelled]))
    said = []
    for teacher in teachers:
        decided = asdict(wishes) | {"base": "", "max_tokens": 0}
        folder = teach_encoder(
            teacher, spec.task, settings.max_tokens, learn, [spec.data, decided], distillation.cache
        )
        vectors = ask_encoder(
            folder, settings.max_tokens, texts, distillation.cache / "soft_labels", progress
        )
        said.append(dict(zip(texts, vectors, strict=True)))
    return TaughtSimilarity(
        said,
        unlabelled,
        distillation,
        settings.temperature,
        settings.train_tokens,
        settings.seed,
    )


def _taught_margins(
    teacher: Teacher, distillation: Distillation, settings: SupportQaTrainingSettings
) -> TaughtMargins:
    assert teacher.artifact is not None  # noqa: S101 - it is a reranker
    classifier = OnnxClassifier(teacher.artifact, "int8", threads=2)
    return TaughtMargins(
        lambda pairs: log_odds(classifier, [pair_text(*pair) for pair in pairs]),
        distillation,
        settings.temperature,
        settings.train_tokens,
    )
