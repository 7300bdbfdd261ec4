"""What the gate compares is what would serve in this shop."""

from pathlib import Path

import numpy as np
import pytest

from pipelines.recommendations.examples import served_lists
from pipelines.recommendations.judge import judge
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import split_moments
from tests.pipelines.recommendations.small_shop import small_items, small_shop
from tests.services.recommendations.tiny_model import tiny_model
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.onnx import OnnxEncoder
from textwire.recommendations.profiles.half_lives import half_lives_of
from textwire.recommendations.ranking.ranker import PriorRanker

SETTINGS = RecommendationSettings()
DATA = small_shop(users=6, visits=5)


def as_it_comes(text: str) -> str:
    return text


def odds_by_the_prior(artifact: Artifact) -> np.ndarray:
    vectors = TextVectors.encode(OnnxEncoder(artifact, "int8"), DATA.texts)
    moments = split_moments(DATA, SETTINGS).test
    lists = served_lists(DATA, moments, vectors, half_lives_of(artifact.manifest), PriorRanker())
    return np.concatenate([built.scores for _, built in lists])


@pytest.mark.parametrize("is_own", [False, True])
def test_a_model_of_another_shop_is_judged_by_the_prior(
    tiny_artifact: Artifact, tmp_path: Path, is_own: bool
) -> None:
    known = [item.id for item in small_items()] if is_own else ["of", "another", "shop"]
    artifact = tiny_model(tiny_artifact, tmp_path / "model", known=known)
    odds = judge(artifact, DATA, SETTINGS, as_it_comes).confidences
    prior = odds_by_the_prior(artifact)
    is_by_the_prior = len(odds) == len(prior) and np.allclose(odds, prior)
    assert is_by_the_prior != is_own
