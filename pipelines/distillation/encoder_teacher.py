"""A teacher of vectors: which passages are alike to a question, and by how much."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from pipelines.distillation.kept_teachers import kept_teacher
from pipelines.distillation.losses import blended, soft_similarity_loss
from pipelines.distillation.settings import Distillation
from pipelines.distillation.soft_labels import TEXTS_AT_ONCE, SoftLabelCache
from pipelines.distillation.teachers import Teacher, hash_weights
from pipelines.running.progress import Progress
from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel
from textwire.errors import DataError
from textwire.models.base_model import BaseModel
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.torch import HEADS_FILE, PROJECTION


def teach_encoder(
    teacher: Teacher,
    task: str,
    max_tokens: int,
    learned_by: Callable[[TextModel], None],
    made_from: Sequence[object],
    cache: Path,
) -> Path:
    """The folder of a teacher that knows the task: a base model learns it, and is kept.

    Args:   learned_by: lets a model learn all that it can.
            made_from: what else decides what is learned: data and settings.
    Raises: DataError: the teacher is of another task.
    """
    if teacher.artifact:
        if teacher.artifact.manifest.task != task:
            raise DataError(f"The teacher {teacher.name} was made for another task than {task}.")
        return teacher.base.folder

    def teach(folder: Path) -> None:
        model = TextModel(teacher.base, folder, max_tokens)
        learned_by(model)
        model.save(folder)

    return kept_teacher(teacher, [task, *made_from], cache, teach)


def ask_encoder(
    folder: Path, max_tokens: int, texts: Sequence[str], cache: Path, progress: Progress
) -> Vectors:
    """A teacher's unit vectors, (n, dimension) float32; what it read before is not read again.

    Args: cache: where vectors are kept.
    """
    with progress.stage("Asking the teacher") as stage, tempfile.TemporaryDirectory() as work:
        model = TextModel(BaseModel(folder.name, folder), Path(work), max_tokens)
        if (folder / HEADS_FILE).exists():
            model.add_projection()
            model.projection.load_state_dict({"weight": load_file(folder / HEADS_FILE)[PROJECTION]})
        known = SoftLabelCache(cache, hash_weights(folder), model.dimension)
        stage.expect(-(-len(texts) // TEXTS_AT_ONCE))
        return known.rows_of(texts, model.encode, stage.advance)


class TaughtSimilarity:
    """The loss of a batch: lambda * KD + (1 - lambda) * InfoNCE, each at its own temperature.

    KD is over the labelled questions and as many others, which nobody answered: how alike each is
    to the passages of the batch, its teachers know all the same.
    """

    def __init__(
        self,
        said: Sequence[Mapping[str, Vectors]],
        unlabelled: Sequence[str],
        distillation: Distillation,
        temperature: float,
        train_tokens: int,
        seed: int,
    ) -> None:
        """Take what the teachers say of every text.

        Args: said: of each teacher, its unit vector of a text, (d,) float32.
              temperature, train_tokens: InfoNCE's.
        """
        self._said = said
        self._unlabelled = list(unlabelled)
        self._distillation = distillation
        self._temperature = temperature
        self._tokens = train_tokens
        self._rng = random.Random(seed)  # noqa: S311 - an order, no secret

    def __call__(self, model: TextModel, batch: PairBatch) -> torch.Tensor:
        """A scalar, ()."""
        more = min(len(batch.questions), len(self._unlabelled))
        asked = [*batch.questions, *self._rng.sample(self._unlabelled, more)]
        passages = model.embed(batch.passages, self._tokens)  # (m, d)
        cosines = model.embed(asked, self._tokens).float() @ passages.float().T  # (n, m)
        kd_temperature = self._distillation.temperature
        told = torch.from_numpy(self._cosines(asked, batch.passages)).to(cosines.device)
        kd = soft_similarity_loss(cosines, told, kd_temperature)
        answered = cosines[: len(batch.questions)] / self._temperature
        answers = torch.tensor(batch.answers, device=cosines.device)
        own = torch.nn.functional.cross_entropy(answered, answers)
        return blended(kd, own, self._distillation.kd_weight)

    def _cosines(self, questions: Sequence[str], passages: Sequence[str]) -> Vectors:
        """The mean over teachers, (questions, passages) float32."""
        of_each = [
            np.stack([vectors[text] for text in questions])
            @ np.stack([vectors[text] for text in passages]).T
            for vectors in self._said
        ]
        mean: Vectors = np.mean(of_each, axis=0, dtype=np.float32)
        return mean
