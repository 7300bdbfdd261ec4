"""The ranker: calibrated odds, one by one as together, and nothing but its own features."""

from pathlib import Path

import lightgbm
import numpy as np
import pytest

from pipelines.recommendations.trees import as_onnx
from tests.models.graphs import ranking_graph
from tests.tiny_models import manifest_of
from textwire.errors import ArtifactCorrupt, ArtifactError, ArtifactMissing
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.ranker import RANKER_FILE, PriorRanker, load_ranker

ROWS = np.random.default_rng(0).normal(size=(400, len(FEATURES))).astype(np.float32)
ASKED = FEATURES.index("has_context")
ROWS[:, ASKED] = 0.0
CALIBRATION = Calibration(features=("log_odds",), weights=(0.5,), intercept=-1.0)


@pytest.fixture(scope="module")
def graph() -> bytes:
    liked = ROWS[:, 0] + 0.1 * ROWS[:, 1] > 1.0
    parameters = {"objective": "binary", "verbosity": -1, "num_leaves": 4, "num_threads": 1}
    return as_onnx(lightgbm.train(parameters, lightgbm.Dataset(ROWS, liked), 10))


def artifact(folder: Path, graph: bytes, **fields: object) -> Artifact:
    (folder / RANKER_FILE).write_bytes(graph)
    usual: dict[str, object] = {"task": "recommendations", "features": FEATURES}
    return Artifact(folder, manifest_of(folder, **(usual | {"calibration": CALIBRATION} | fields)))


def test_scores_are_odds_in_the_order_of_the_trees(graph: bytes, tmp_path: Path) -> None:
    ranker = load_ranker(artifact(tmp_path, graph))
    scores, raw = ranker.score(ROWS), ranker.raw(ROWS)
    assert scores.shape == (len(ROWS),)
    assert scores.dtype == np.float32
    assert ((scores > 0) & (scores < 1)).all()
    assert (np.diff(scores[np.argsort(raw, kind="stable")]) >= 0).all()
    assert ranker.name == "recommendations/v1/ranker"


def test_one_by_one_is_as_together(graph: bytes, tmp_path: Path) -> None:
    ranker = load_ranker(artifact(tmp_path, graph))
    alone = np.concatenate([ranker.score(ROWS[n : n + 1]) for n in range(20)])
    np.testing.assert_allclose(alone, ranker.score(ROWS[:20]), rtol=1e-6)
    assert ranker.score(ROWS[:0]).shape == (0,)


def test_calibration_is_platts(graph: bytes, tmp_path: Path) -> None:
    ranker = load_ranker(artifact(tmp_path, graph))
    raw = ranker.raw(ROWS)
    logit = 0.5 * np.log(raw / (1 - raw)) - 1.0
    np.testing.assert_allclose(ranker.score(ROWS), 1 / (1 + np.exp(-logit)), rtol=1e-4)


def test_weights_of_features_are_added_to_what_the_trees_say(graph: bytes, tmp_path: Path) -> None:
    weights = Calibration(("log_odds", "prior", "taken"), (0.0, 1.0, 2.0), -1.0)
    ranker = load_ranker(artifact(tmp_path, graph, calibration=weights))
    prior, taken = (ROWS[:, FEATURES.index(name)] for name in ("prior", "taken"))
    expected = 1 / (1 + np.exp(-(prior + 2 * taken - 1)))
    np.testing.assert_allclose(ranker.score(ROWS), expected, rtol=1e-4)


def test_words_are_answered_by_the_prior_where_none_were_learned_from(
    graph: bytes, tmp_path: Path
) -> None:
    asked = ROWS.copy()
    asked[:, ASKED] = 1.0
    prior = PriorRanker().score(asked)
    untaught = load_ranker(artifact(tmp_path, graph))
    np.testing.assert_array_equal(untaught.score(asked), prior)
    learned = Calibration(("log_odds", "has_context"), (0.5, 0.0), -1.0)
    taught = load_ranker(artifact(tmp_path, graph, calibration=learned))
    assert not np.allclose(taught.score(asked), prior)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (FEATURES[:-1], f"it lacks: {FEATURES[-1]}"),
        ((*FEATURES, "weather"), "it alone has: weather"),
        (FEATURES[::-1], "in another order"),
        ((), f"it lacks: {FEATURES[0]}"),
    ],
)
def test_a_ranker_of_other_features_is_refused(
    graph: bytes, tmp_path: Path, features: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ArtifactError, match=said):
        load_ranker(artifact(tmp_path, graph, features=features))


def test_what_cannot_serve_is_refused(graph: bytes, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no calibration"):
        load_ranker(artifact(tmp_path, graph, calibration=None))
    strange = Calibration(features=("cosine",), weights=(1.0,), intercept=0.0)
    with pytest.raises(ArtifactError, match="weighs cosine"):
        load_ranker(artifact(tmp_path, graph, calibration=strange))
    with pytest.raises(ArtifactCorrupt, match="cannot be run"):
        load_ranker(artifact(tmp_path, b"no graph"))
    with pytest.raises(ArtifactMissing):
        load_ranker(artifact(tmp_path, graph, files={}))


@pytest.mark.parametrize(
    ("row", "output", "told"),
    [
        ([0.2, 0.3, 0.5], "probabilities", r"of shape \(2, 3\)"),
        ([0.5], "probabilities", r"of shape \(2, 1\)"),
        ([-0.5, 1.5], "probabilities", "two probabilities each"),
        ([float("nan"), 0.5], "probabilities", "two probabilities each"),
        ([0.5, 0.5], "scores", "cannot be run"),
    ],
)
def test_a_graph_that_gives_something_else_than_probabilities_is_refused(
    tmp_path: Path, row: list[float], output: str, told: str
) -> None:
    with pytest.raises(ArtifactCorrupt, match=told):
        load_ranker(artifact(tmp_path, ranking_graph(row, output)))


def test_a_graph_of_another_number_of_features_is_refused(tmp_path: Path) -> None:
    even = [0.5, 0.5]
    load_ranker(artifact(tmp_path, ranking_graph(even)))
    with pytest.raises(ArtifactCorrupt, match="cannot be run"):
        load_ranker(artifact(tmp_path, ranking_graph(even, columns=len(FEATURES) + 1)))
