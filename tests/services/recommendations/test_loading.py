"""Encoder, ranker and half-life of one artifact: all of them, or none."""

from pathlib import Path

import pytest

from services.recommendations.loading import load_model
from tests.models.graphs import artifact_of, constant_graph, ranking_graph
from tests.tiny_models import WIDTH, write_manifest
from textwire.errors import ArtifactError, ArtifactMissing
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.item_model import ITEM_MODEL_FILE, ItemModel
from textwire.recommendations.ranking.ranker import LOG_ODDS, RANKER_FILE
from textwire.settings import ModelSettings

SETTINGS = ModelSettings(precision="fp32")
UNIT = [1.0] + [0.0] * (WIDTH - 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / RANKER_FILE).write_bytes(ranking_graph([0.4, 0.6]))
    (tmp_path / ITEM_MODEL_FILE).write_bytes(ItemModel.empty(["pan"]).to_bytes())
    return artifact_of(constant_graph(UNIT), tmp_path).path


def described(folder: Path, **fields: object) -> Artifact:
    usual = {"features": FEATURES, "calibration": Calibration((LOG_ODDS,), (1.0,), 0.0)}
    return Artifact(folder, write_manifest(folder, **(usual | fields)))


@pytest.mark.parametrize(
    ("settings", "half_lives"),
    [
        ({"half_life_days": 3}, HalfLives(3.0)),
        ({}, HalfLives()),
        ({"half_life_days": 7.0} | HalfLives(90.0, 4.0).as_settings(), HalfLives(90.0, 4.0)),
    ],
)
def test_encoder_ranker_and_half_lives_come_from_the_artifact(
    folder: Path, settings: dict[str, object], half_lives: HalfLives
) -> None:
    model = load_model(described(folder, settings=settings), SETTINGS)
    assert (model.version, model.half_lives) == ("v1", half_lives)
    assert model.item_model is not None
    assert model.item_model.is_of(["pan"])
    assert model.encoder.encode(["warm"]).tolist() == [UNIT]


@pytest.mark.parametrize("days", ["a week", "7", True, 0, -1.0], ids=repr)
def test_a_half_life_that_is_none_is_refused(folder: Path, days: object) -> None:
    with pytest.raises(ArtifactError, match="no time in days"):
        load_model(described(folder, settings={"half_life_days": days}), SETTINGS)


def test_an_artifact_without_a_ranker_is_refused(folder: Path) -> None:
    (folder / RANKER_FILE).unlink()
    with pytest.raises(ArtifactMissing, match=RANKER_FILE):
        load_model(described(folder), SETTINGS)
