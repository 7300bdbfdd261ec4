"""A tiny model for recommendations: the random encoder of all tests, and trees of random rows."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import lightgbm
import numpy as np

from pipelines.recommendations.trees import UNCALIBRATED, as_onnx
from tests.tiny_models import write_manifest
from textwire.models.artifacts.artifact import Artifact
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.item_model import ITEM_MODEL_FILE, ItemModel
from textwire.recommendations.ranking.ranker import RANKER_FILE


def tiny_model(
    encoder: Artifact, folder: Path, version: str = "v1", known: Sequence[str] = ()
) -> Artifact:
    """The encoder's files, and a ranker to which a match of texts is good and an old item bad.

    Args: known: ids of the shop that it was trained in.
    """
    shutil.copytree(encoder.path, folder, dirs_exist_ok=True)
    (folder / "manifest.json").unlink()
    (folder / RANKER_FILE).write_bytes(as_onnx(_trees()))
    (folder / ITEM_MODEL_FILE).write_bytes(ItemModel.empty(known).to_bytes())
    manifest = write_manifest(
        folder,
        task="recommendations",
        version=version,
        features=FEATURES,
        calibration=UNCALIBRATED,
        settings={"half_life_days": 7.0},
    )
    return Artifact(folder, manifest)


def _trees() -> lightgbm.Booster:
    random = np.random.default_rng(0)
    features = random.uniform(size=(2_000, len(FEATURES))).astype(np.float32)
    goodness = features[:, FEATURES.index("text_match")] + features[:, FEATURES.index("freshness")]
    liked = goodness + random.normal(scale=0.2, size=2_000) > 1.0
    parameters = {"objective": "binary", "num_leaves": 4, "num_threads": 1, "verbosity": -1}
    return lightgbm.train(parameters, lightgbm.Dataset(features, liked), 10)
