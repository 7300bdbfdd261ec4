"""A classifier begins where another version ended, and does not forget what that read rightly.

What the earlier version says of a text is learned beside its label wherever it was right (learning
without forgetting); where it was wrong the label counts alone. Texts that it has not learned from
are learned in each epoch, of those that it has a part is drawn anew (rehearsal).

Source: Li and Hoiem 2016, arXiv:1606.09282; Robins 1995, "Catastrophic Forgetting, Rehearsal and
        Pseudorehearsal".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import load_file

from pipelines.classification.examples import Examples
from pipelines.classification.heads import set_heads
from pipelines.classification.model import TextClassifier
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.zero_shot import Descriptions
from pipelines.continual.learned_texts import has_learned
from pipelines.continual.predecessor import HEADS_FILE, Predecessor
from pipelines.distillation.taught_examples import TaughtExamples, beside_unlabelled
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.tuning.methods import wrap_as_learned
from textwire.errors import DataError
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.shipped.adapters import ADAPTERS_FILE, load_adapters

D = TypeVar("D")
S = TypeVar("S", bound=ClassificationSettings)


def begin(
    model: TextClassifier,
    examples: Examples,
    spec: TrainingSpec[D, S],
    descriptions: Descriptions,
    progress: Progress,
) -> None:
    """Give a classifier its first heads: an earlier version's, or ones set on the frozen model.

    Raises: DataError: the heads or adapters of the earlier version do not fit, or a class has no
            description and only words are learned from.
    """
    if spec.predecessor:
        with progress.stage(f"Beginning where {spec.predecessor.name} ended"):
            begin_where_it_ended(model, spec.predecessor)
        return
    with progress.stage("Fitting heads on the frozen model"):
        set_heads(model, examples, spec.settings, descriptions)


def begin_where_it_ended(model: TextClassifier, predecessor: Predecessor) -> None:
    """Give a classifier the heads and the adapters of an earlier version.

    Raises: DataError: it tells other labels or topics, or its adapters have another rank.
            ArtifactCorrupt: its files hold something else.
    """
    heads = load_file(predecessor.artifact.file(HEADS_FILE))
    own = model.state_dict()
    ours = {name for name in own if not name.startswith("text.")}
    if ours != heads.keys() or any(own[name].shape != heads[name].shape for name in ours):
        raise DataError(
            f"{predecessor.name} tells other labels or topics than are learned now, so its heads "
            "do not fit: learn anew, without --learn-on."
        )
    model.load_state_dict(heads, strict=False)
    wrap_as_learned(model.text, load_adapters(predecessor.artifact.file(ADAPTERS_FILE)))


def remembered(examples: Examples, predecessor: Predecessor) -> TaughtExamples:
    """Examples with what an earlier version says of them, which counts where it was right."""
    labels, topics = OnnxClassifier(predecessor.artifact, "fp32", threads=2).logits(examples.texts)
    taught = beside_unlabelled(examples, [], np.hstack([labels, topics]))
    return replace(
        taught,
        heard=_was_right(labels, topics, examples),
        known=has_learned(predecessor.artifact, examples.texts),
    )


def _was_right(labels: Vectors, topics: Vectors, examples: Examples) -> NDArray[np.bool_]:
    if labels.shape[1]:
        right: NDArray[np.bool_] = labels.argmax(axis=1) == examples.labels
        return right
    same: NDArray[np.bool_] = ((topics > 0) == examples.topics).all(axis=1)
    return same
