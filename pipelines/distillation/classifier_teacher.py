"""Teachers that tell texts apart: made before, or base models that learn first."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors.torch import load_file

from pipelines.classification.model import TextClassifier
from pipelines.distillation.kept_teachers import kept_teacher
from pipelines.distillation.soft_labels import TEXTS_AT_ONCE, SoftLabelCache
from pipelines.distillation.teachers import Teacher, hash_weights
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from textwire.errors import DataError
from textwire.models.base_model import BaseModel
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.torch import HEADS_FILE
from textwire.models.engines.torch_neighbours import load_neighbours


class Heads(NamedTuple):
    """What a classifier tells; teacher and student have the same."""

    labels: tuple[str, ...]
    topics: tuple[str, ...]
    pooled_until: str = ""

    def new_on(self, base: BaseModel, folder: Path, max_tokens: int) -> TextClassifier:
        """A classifier with these heads, yet unlearned; its tokenizer goes to `folder`."""
        text = TextModel(base, folder, max_tokens)
        text.pooled_until = text.reader.id_of(self.pooled_until) if self.pooled_until else None
        return TextClassifier(text, len(self.labels), len(self.topics))


def teach_teacher(
    teacher: Teacher,
    heads: Heads,
    max_tokens: int,
    learned_by: Callable[[TextClassifier], None],
    made_from: Sequence[object],
    cache: Path,
) -> Path:
    """The folder of a teacher that knows the task: a base model learns it, and is kept.

    Args:   learned_by: lets a classifier learn all that it can.
            made_from: what else decides what is learned: data and settings.
    Raises: DataError: the teacher is of another task.
    """
    if teacher.artifact:
        _require_same_heads(teacher, heads)
        return teacher.base.folder

    def teach(folder: Path) -> None:
        model = heads.new_on(teacher.base, folder, max_tokens)
        learned_by(model)
        model.save(folder)

    return kept_teacher(teacher, [heads, *made_from], cache, teach)


def ask_teacher(
    folder: Path,
    heads: Heads,
    max_tokens: int,
    texts: Sequence[str],
    cache: Path,
    progress: Progress,
) -> Vectors:
    """A teacher's logits, (n, labels + topics) float32; what it read before is not read again.

    Args:   folder: weights, heads and tokenizer, as `TextClassifier.save` writes them.
            cache: where soft labels are kept.
    Raises: DataError: it has other heads.
    """
    known = SoftLabelCache(cache, hash_weights(folder), len(heads.labels) + len(heads.topics))
    with (
        progress.stage("Asking the teacher") as stage,
        loaded_teacher(folder, heads, max_tokens) as model,
    ):
        stage.expect(-(-len(texts) // TEXTS_AT_ONCE))
        return known.rows_of(texts, lambda new: np.hstack(model.logits(new)), stage.advance)


@contextmanager
def loaded_teacher(folder: Path, heads: Heads, max_tokens: int) -> Iterator[TextClassifier]:
    """A teacher as it was saved.

    Raises: DataError: it has other heads.
    """
    with tempfile.TemporaryDirectory() as work:
        yield _loaded(folder, heads, Path(work), max_tokens)


def _loaded(folder: Path, heads: Heads, work: Path, max_tokens: int) -> TextClassifier:
    model = heads.new_on(BaseModel(folder.name, folder), work, max_tokens)
    stored = load_file(folder / HEADS_FILE)
    own = model.state_dict()
    if any(name not in own or own[name].shape != weight.shape for name, weight in stored.items()):
        raise DataError(f"The teacher {folder} has other heads than its student is to have.")
    model.load_state_dict(stored, strict=False)
    model.neighbours = load_neighbours(folder)
    return model


def _require_same_heads(teacher: Teacher, heads: Heads) -> None:
    assert teacher.artifact is not None  # noqa: S101 - the caller looked
    m = teacher.artifact.manifest
    if Heads(m.labels, m.topics, m.pooled_until) != heads:
        raise DataError(
            f"The teacher {teacher.name} tells {', '.join(m.labels) or 'no labels'} and "
            f"{len(m.topics)} topics; its student is to tell {', '.join(heads.labels)} and "
            f"{len(heads.topics)} topics, the same ones in the same order."
        )
