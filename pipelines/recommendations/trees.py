"""The ranker: gradient-boosted trees over the features, as ONNX, with calibrated odds."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxmltools import convert_lightgbm  # type: ignore[import-untyped, unused-ignore]
from onnxmltools.convert.common.data_types import (  # type: ignore[import-untyped, unused-ignore]
    FloatTensorType,
)

from pipelines.recommendations.examples import Ranked
from pipelines.recommendations.settings import RecommendationSettings
from textwire.errors import ArtifactError, DataError, StackError
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.features import DECLARED
from textwire.recommendations.ranking.ranker import LOG_ODDS, Ranker

try:
    import lightgbm  # type: ignore[import-untyped, unused-ignore]
except OSError as error:  # its wheel leaves the OpenMP runtime to the machine
    raise StackError(
        f"LightGBM, which trains the ranker, cannot be loaded: {error}. Install OpenMP's runtime, "
        "on Debian and Ubuntu `apt-get install libgomp1`, on macOS `brew install libomp`."
    ) from error

AS_ODDS = {
    "objective=lambdarank": "objective=binary sigmoid:1",
    "[objective: lambdarank]": "[objective: binary]",
}
OPSET = 15  # the newest that the converter knows
# Sums of 200 trees in another order, in float32.
MOST_DIFFERENCE = 1e-5
UNCALIBRATED = Calibration(features=(LOG_ODDS,), weights=(1.0,), intercept=0.0)


def train_trees(
    rows: Sequence[Ranked], starts: Sequence[Vectors], settings: RecommendationSettings
) -> lightgbm.Booster:
    """Trees that order lists better than the scores that they start from.

    The same rows and settings give the same trees.

    Args:   starts: the score of each item of each list, (n,) float32.
    Raises: DataError: everything was liked, or nothing.
    Sources: Ke et al. 2017, "LightGBM: a highly efficient gradient boosting decision tree"; Burges
            2010, "From RankNet to LambdaRank to LambdaMART".
    """
    features, liked = stacked(rows)
    if liked.all() or not liked.any():
        raise DataError(
            "The ranker cannot be trained: of what was shown everything was liked, or nothing. "
            "Give events of both kinds, or more items than were liked."
        )
    parameters: dict[str, Any] = {
        "objective": "lambdarank",
        "lambdarank_truncation_level": 20,
        "num_leaves": settings.leaves,
        "learning_rate": 0.05,
        "min_data_in_leaf": min(50, max(1, len(liked) // 20)),
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "feature_fraction": 0.8,
        # A better match never lowers a score, wherever the sample is thin.
        "monotone_constraints": [int(feature.rises) for feature in DECLARED],
        # Two wait for each other at every split: on cores that others use, 200 trees took minutes.
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": settings.seed,
        "verbosity": -1,
    }
    lists = lightgbm.Dataset(
        features,
        liked.astype(np.int32),
        group=[len(row.liked) for row in rows],
        init_score=np.concatenate(starts),
    )
    return with_float32_thresholds(lightgbm.train(parameters, lists, settings.trees))


def with_float32_thresholds(trees: lightgbm.Booster) -> lightgbm.Booster:
    """The same trees for float32 features, with thresholds that float32 can hold.

    LightGBM's lie half way between two values, in float64; ONNX has float32, and one that is
    rounded up to the next value sends that value the other way. Rounded down, none changes its way.
    """
    lines = trees.model_to_string().split("\n")
    # Sizes in bytes are no longer true; without that line the trees are read one after another.
    lines = [line for line in lines if not line.startswith("tree_sizes=")]
    # What the trees add are log odds: read as such, their graph gives probabilities.
    lines = [AS_ODDS.get(line, line) for line in lines]
    rounded = (_rounded_down(line) if line.startswith("threshold=") else line for line in lines)
    return lightgbm.Booster(model_str="\n".join(rounded))


def as_onnx(trees: lightgbm.Booster) -> bytes:
    """The graph that serves: (n, f) float32 to `probabilities`, (n, 2) float32."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own libraries' older names
        inputs = [("features", FloatTensorType([None, trees.num_feature()]))]
        graph = convert_lightgbm(trees, initial_types=inputs, target_opset=OPSET, zipmap=False)
    content: bytes = graph.SerializeToString()
    return content


def check_same(trees: lightgbm.Booster, graph: bytes, features: Vectors) -> float:
    """The largest difference between the trees and their graph over these rows.

    Args:   features: (n, f) float32.
    Raises: ArtifactError: it is more than rounding.
    """
    expected = np.asarray(trees.predict(features, num_threads=1))
    given = Ranker("check", graph, UNCALIBRATED).raw(features)
    difference = float(np.abs(expected - given).max(initial=0.0))
    if difference > MOST_DIFFERENCE:
        raise ArtifactError(
            f"The ranker's ONNX graph differs from its trees by {difference:.2g}, where "
            f"{MOST_DIFFERENCE:g} is allowed. Nothing was registered. Check that lightgbm and "
            "onnxmltools are those of the lock."
        )
    return difference


def stacked(rows: Sequence[Ranked]) -> tuple[Vectors, NDArray[np.bool_]]:
    """All moments' rows under one another: features (n, f) float32, and liked (n,) bool."""
    features = np.vstack([row.features for row in rows])
    return features, np.concatenate([row.liked for row in rows])


def _rounded_down(line: str) -> str:
    name, _, values = line.partition("=")
    exact = np.array(values.split(), dtype=np.float64)
    nearest = exact.astype(np.float32)
    down = np.where(nearest > exact, np.nextafter(nearest, np.float32(-np.inf)), nearest)
    return f"{name}={' '.join(repr(float(value)) for value in down)}"
