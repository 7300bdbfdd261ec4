"""A classifier's fine-tuning, with teachers or without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from functools import partial
from typing import TypeVar

import numpy as np

from pipelines.augmentation.asked import (
    BACK_TRANSLATION,
    PARAPHRASE,
    asked_augmentations,
    worded_anew,
)
from pipelines.augmentation.back_translation import packaged_back_translation
from pipelines.augmentation.framing import AS_IT_IS, Framing
from pipelines.augmentation.kept_wordings import KeptWordings, Reworder
from pipelines.augmentation.more_wordings import with_wordings
from pipelines.augmentation.paraphrasing import configured_paraphrasing
from pipelines.classification.examples import Examples, joined
from pipelines.classification.heads import fit_heads
from pipelines.classification.model import TextClassifier
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.train import Disturb, tune
from pipelines.continual.learning_on import remembered
from pipelines.distillation.classifier_teacher import Heads, ask_teacher, teach_teacher
from pipelines.distillation.layers import ask_layers, depth_of
from pipelines.distillation.settings import AS_TEACHER, Distillation
from pipelines.distillation.taught import tune_as_taught
from pipelines.distillation.taught_examples import TaughtExamples, beside_unlabelled
from pipelines.distillation.teachers import find_teachers
from pipelines.distillation.unlabelled import read_unlabelled
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from textwire.errors import SettingsError
from textwire.models.engines.encoder import Vectors
from textwire.settings import StackSettings, load

# By the name of an augmentation: what is shown meanwhile, and who words texts.
REWORDERS: Mapping[str, tuple[str, Callable[[], AbstractContextManager[Reworder]]]] = {
    BACK_TRANSLATION: ("Translating there and back", packaged_back_translation),
    PARAPHRASE: ("Having texts paraphrased", configured_paraphrasing),
}
D = TypeVar("D")
S = TypeVar("S", bound=ClassificationSettings)
# How much the word of the version before weighs, of those texts that it read rightly.
AS_BEFORE = Distillation()


def learn(
    model: TextClassifier,
    examples: Examples,
    judged: Collection[str],
    heads: Heads,
    spec: TrainingSpec[D, S],
    progress: Progress,
    framing: Framing = AS_IT_IS,
) -> None:
    """Let the layers learn by the method of the settings, from examples and from teachers if any.

    What learns on from an earlier version has that one for its teacher.

    Args:   model: with heads that are fitted to the examples.
            judged: texts that the model is judged on, which no teacher may label.
            framing: what of a text may be worded otherwise, where the settings ask for that.
    Raises: DataError: a teacher is not there, or is of another task.
            SettingsError: labels were to be mixed, or an augmentation does not fit.
    """
    distillation = spec.distillation
    disturb = worded_anew(spec.settings.augment, framing, examples.texts)
    examples = _with_wordings(model, examples, judged, spec.settings.augment, framing, progress)
    if spec.predecessor:
        with progress.stage(f"Asking {spec.predecessor.name} what it knows"):
            known = remembered(examples, spec.predecessor)
        with progress.stage("Learning on") as stage:
            tune_as_taught(model, known, spec.settings, AS_BEFORE, stage, disturb, spec.run)
        return
    if distillation is None or not distillation.teachers:
        with progress.stage("Fine-tuning") as stage:
            tune(model, examples, spec.settings, stage, disturb=disturb, run=spec.run)
        return
    if spec.settings.mixup:
        raise SettingsError(
            "mixup mixes labels, and a student learns from what its teachers say: set mixup=0, or "
            "leave out --teacher."
        )
    taught = _taught(model, examples, judged, heads, spec, distillation, progress, disturb)
    with progress.stage("Fine-tuning as taught") as stage:
        tune_as_taught(model, taught, spec.settings, distillation, stage, disturb, spec.run)


def _with_wordings(
    model: TextClassifier,
    examples: Examples,
    judged: Collection[str],
    augment: str,
    framing: Framing,
    progress: Progress,
) -> Examples:
    kept_in, more = load(StackSettings).data_dir / "wordings", []
    for name in asked_augmentations(augment):
        if name not in REWORDERS:
            continue
        told, open_reworder = REWORDERS[name]
        with progress.stage(told) as stage, open_reworder() as by:
            kept = KeptWordings(kept_in, by)
            worded = with_wordings(examples, kept, framing, judged, model.taken_for, stage)
            more.append(worded.part(range(len(examples), len(worded))))
    return joined([examples, *more])


def _taught(
    model: TextClassifier,
    examples: Examples,
    judged: Collection[str],
    heads: Heads,
    spec: TrainingSpec[D, S],
    distillation: Distillation,
    progress: Progress,
    disturb: Disturb | None,
) -> TaughtExamples:
    settings, cache = spec.settings, distillation.cache
    wishes = replace(settings, **AS_TEACHER)
    decisive = asdict(wishes) | {"base": "", "max_tokens": 0, "min_int8_same_label": 0}
    texts = [*examples.texts]
    if distillation.unlabelled:
        leaving_out = frozenset([*examples.texts, *judged])
        texts += read_unlabelled(distillation.unlabelled, leaving_out)
    said, states = [], None
    for teacher in find_teachers(distillation.teachers, cache):
        learned_by = partial(_learn_first, examples, wishes, progress, disturb)
        folder = teach_teacher(
            teacher, heads, settings.max_tokens, learned_by, [spec.data, decisive], cache
        )
        said.append(
            ask_teacher(folder, heads, settings.max_tokens, texts, cache / "soft_labels", progress)
        )
        if distillation.by_layers:
            states = ask_layers(
                folder,
                heads,
                settings.train_tokens,
                depth_of(model.text),
                texts,
                cache / "soft_labels",
                progress,
            )
    # The mean of logits is the geometric mean of probabilities, softened or not.
    soft: Vectors = np.mean(said, axis=0, dtype=np.float32)
    return beside_unlabelled(examples, texts[len(examples) :], soft, states)


def _learn_first(
    examples: Examples,
    settings: ClassificationSettings,
    progress: Progress,
    disturb: Disturb | None,
    model: TextClassifier,
) -> None:
    with progress.stage("Fitting the teacher's heads"):
        pooled = model.text.pool_once(examples.texts, settings.train_tokens)
        fit_heads(model, pooled, examples, settings)
    with progress.stage("Tuning the teacher") as stage:
        tune(model, examples, settings, stage, disturb=disturb)
