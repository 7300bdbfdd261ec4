"""The item model: what it was told, through its file and back, in its own shop alone."""

from pathlib import Path

import numpy as np
import pytest

from tests.tiny_models import manifest_of
from textwire.errors import ArtifactCorrupt, ArtifactMissing
from textwire.models.artifacts.artifact import Artifact
from textwire.recommendations.ranking.item_model import (
    ITEM_MODEL_FILE,
    NO_NEIGHBOUR,
    ItemModel,
    hash_ids,
    load_item_model,
)

MODEL = ItemModel(
    ids=("a", "b\nb", "c"),
    neighbours=np.array([[1, 2], [0, NO_NEIGHBOUR], [0, 1]], dtype=np.int32),
    weights=np.array([[0.5, 0.25], [1.0, 0.0], [0.5, 0.5]], dtype=np.float32),
    known=hash_ids(["a", "b\nb", "c", "d"]),
)


def artifact(folder: Path, content: bytes) -> Artifact:
    (folder / ITEM_MODEL_FILE).write_bytes(content)
    return Artifact(folder, manifest_of(folder, task="recommendations"))


def test_scores_add_up_what_follows_from_each_item() -> None:
    shares = np.array([0.5, 0.5, 9.0], dtype=np.float32)
    assert MODEL.scores(["a", "b\nb", "unknown"], shares) == {"a": 0.5, "b\nb": 0.25, "c": 0.125}
    assert MODEL.scores([], shares[:0]) == {}


def test_it_is_the_same_through_its_file(tmp_path: Path) -> None:
    read = load_item_model(artifact(tmp_path, MODEL.to_bytes()))
    assert read.ids == MODEL.ids
    np.testing.assert_array_equal(read.weights, MODEL.weights)
    np.testing.assert_array_equal(read.known, MODEL.known)
    empty = load_item_model(artifact(tmp_path, ItemModel.empty().to_bytes()))
    assert empty.ids == ()


def test_it_tells_its_own_shop_from_another() -> None:
    assert MODEL.is_of(["a", "d", "new"])
    assert not MODEL.is_of(["x", "y", "a"])
    assert not MODEL.is_of([])


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactCorrupt, match="cannot be read"):
        load_item_model(artifact(tmp_path, b"no tensors"))
    with pytest.raises(ArtifactMissing):
        load_item_model(Artifact(tmp_path, manifest_of(tmp_path, files={})))
