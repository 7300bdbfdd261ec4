"""Periods learned in turn, by a tiny model."""

from pathlib import Path

import numpy as np
import pytest

from pipelines.continual.forgetting import measure_forgetting
from pipelines.continual.learner import ContinualLearner, Period
from pipelines.continual.periods import Parts, learn_in_turn
from pipelines.continual.settings import STRATEGIES, ContinualSettings, Strategy
from pipelines.training.text_model import TextModel
from tests.pipelines.runs import quiet
from textwire.errors import DataError
from textwire.models.base_model import BaseModel

# Three words, each of which means one thing in its period; the labels differ.
# Each learns several periods.
pytestmark = pytest.mark.slow

WORDS = ("card", "fee", "parcel", "loan")
FRAMES = ("{} and you", "where is the {}", "my {} is late", "the {} of the bank", "i can {}", "{}")


def period(name: str, first: int) -> Parts:
    words = WORDS[first : first + 2]
    texts = [frame.format(word) for word in words for frame in FRAMES]
    labels = np.repeat(np.arange(first, first + 2), len(FRAMES))
    return Parts(Period(name, texts, labels), Period(name, texts, labels))


PERIODS = [period("early", 0), period("late", 2)]


def learner(base: Path, folder: Path, strategy: Strategy, **settings: object) -> ContinualLearner:
    text = TextModel(BaseModel("tiny", base), folder, 32)
    # A model that is certain after twelve epochs hardly needs any one weight: Fisher is near 0.
    usual: dict[str, object] = {"epochs": 12, "learning_rate": 3e-3, "ewc_weight": 1e5}
    return ContinualLearner(
        text,
        4,
        ContinualSettings(strategy=strategy, **(usual | settings)),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def forgotten_by_plain(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    taught = learner(tiny_base, tmp_path_factory.mktemp("plain"), "plain")
    return measure_forgetting(learn_in_turn(taught, PERIODS, quiet())).mean_forgetting


@pytest.mark.parametrize("strategy", [s for s in STRATEGIES if s != "plain"])
def test_less_is_forgotten_than_by_plain_fine_tuning(
    tiny_base: Path, tmp_path: Path, strategy: Strategy, forgotten_by_plain: float
) -> None:
    assert forgotten_by_plain > 0.5
    # Adapters bear ten times the rate of all weights, and so tiny a model not quite as much.
    rate = 5e-4 if strategy == "adapters" else 3e-3
    taught = learner(tiny_base, tmp_path, strategy, learning_rate=rate)
    matrix = learn_in_turn(taught, PERIODS, quiet())
    assert matrix.shape == (2, 2)
    assert matrix[0, 0] > 0.8
    assert measure_forgetting(matrix).mean_forgetting < forgotten_by_plain


def test_adapters_of_a_period_forget_nothing(tiny_base: Path, tmp_path: Path) -> None:
    taught = learner(tiny_base, tmp_path, "adapters")
    matrix = learn_in_turn(taught, PERIODS, quiet())
    assert matrix[1, 0] == matrix[0, 0]


def test_a_period_is_learned_once(tiny_base: Path, tmp_path: Path) -> None:
    taught = learner(tiny_base, tmp_path, "replay", epochs=1)
    with quiet().stage("Learning") as stage:
        taught.learn(PERIODS[0].train, stage)
        with pytest.raises(DataError, match="early"):
            taught.learn(PERIODS[0].train, stage)


def test_what_the_next_period_needs_stands_beside_the_artifact(
    tiny_base: Path, tmp_path: Path
) -> None:
    taught = learner(tiny_base, tmp_path, "ewc", epochs=1)
    with quiet().stage("Learning") as stage:
        taught.learn(PERIODS[0].train, stage)
    taught.save_memory(tmp_path)
    another = learner(tiny_base, tmp_path, "ewc", epochs=1)
    another.load_memory(tmp_path)
    assert another.memory == taught.memory
    anchors = [one._anchor for one in (taught, another)]
    assert anchors[0] is not None
    assert anchors[1] is not None
    for name, values in anchors[0].fisher.items():
        assert np.array_equal(values.numpy(), anchors[1].fisher[name].numpy())
