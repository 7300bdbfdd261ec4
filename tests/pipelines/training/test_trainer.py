"""What the library's trainer does with batches and losses of ours."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.losses.contrastive import info_nce
from pipelines.running.training_spec import Settings, read_settings, with_wishes
from pipelines.training.adversarial import WordVectorPush
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import PairBatch
from pipelines.training.run import TrainingRun
from pipelines.training.schedule import Schedule, hold_back
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable
from tests.slow_params import slow_but
from tests.tiny_models import MAX_TOKENS
from textwire.errors import DataError, SettingsError
from textwire.models.base_model import BaseModel

BATCHES = [
    PairBatch(["card lost", "pay"], ["my card is lost", "pay a fee"], [0, 1]),
    PairBatch(["parcel", "a loan"], ["parcel late", "open a loan"], [0, 1]),
]


class Told:
    """A stage that remembers losses."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.expected = self.done = 0

    def expect(self, steps: int) -> None:
        self.expected = steps

    def advance(self) -> None:
        self.done += 1

    def tell_loss(self, loss: float) -> None:
        self.losses.append(loss)


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextModel:
    return TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS)


def train(model: TextModel, schedule: Schedule, stage: Told | None = None, **others) -> list[float]:
    return fine_tune(
        model,
        lambda: BATCHES,
        lambda tuned, batch: info_nce(tuned, batch, 0.05, MAX_TOKENS),
        schedule,
        stage or Told(),
        **others,
    )


def without_dropout(model: TextModel) -> TextModel:
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
    return model


def test_a_stage_is_told_of_each_steps_loss_and_their_means_come_back(model: TextModel) -> None:
    stage = Told()
    losses = train(model, Schedule(3, 1e-3), stage)
    assert stage.expected == stage.done == 6
    by_epoch = np.array(stage.losses).reshape(3, 2).mean(axis=1)
    np.testing.assert_allclose(losses, by_epoch, rtol=1e-6)


def test_gradients_of_accumulated_batches_make_one_step(
    model: TextModel, tiny_base: Path, tmp_path: Path
) -> None:
    stage = Told()
    train(without_dropout(model), Schedule(1, 1e-3, warm_up=0.0, accumulation=2), stage)
    assert stage.expected == stage.done == 1
    both = without_dropout(TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS))

    def mean_of_both(tuned: TextModel, pair: list[PairBatch]) -> torch.Tensor:
        return torch.stack([info_nce(tuned, one, 0.05, MAX_TOKENS) for one in pair]).mean()

    fine_tune(both, lambda: [BATCHES], mean_of_both, Schedule(1, 1e-3, warm_up=0.0), Told())
    np.testing.assert_allclose(model.encode(["pay"]), both.encode(["pay"]), atol=2e-3)


def test_gradient_checkpointing_changes_no_result(
    model: TextModel, tiny_base: Path, tmp_path: Path
) -> None:
    train(model, Schedule(2, 1e-3, gradient_checkpointing=True))
    plain = TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS)
    train(plain, Schedule(2, 1e-3))
    np.testing.assert_allclose(model.encode(["pay"]), plain.encode(["pay"]), atol=2e-3)


def test_a_patient_training_stops_and_ends_as_its_best_epoch_was(model: TextModel) -> None:
    seen: list[np.ndarray] = []
    figures = iter([0.5, 0.9, 0.8, 0.7, 0.6, 0.6, 0.6])

    def judge() -> float:
        seen.append(model.encode(["pay", "a loan"]))
        return next(figures)

    losses = train(model, Schedule(7, 1e-2, patience=2), judge=judge)
    assert len(losses) == len(seen) == 4
    np.testing.assert_allclose(model.encode(["pay", "a loan"]), seen[1], atol=1e-5)
    assert np.abs(seen[3] - seen[1]).max() > 1e-3


def test_patience_without_a_judge_is_refused(model: TextModel) -> None:
    with pytest.raises(DataError, match="set patience=0"):
        train(model, Schedule(2, 1e-3, patience=1))


def test_a_reporter_that_is_not_installed_is_named(model: TextModel, tmp_path: Path) -> None:
    run = TrainingRun(tmp_path / "run", report_to=("mlflow-of-nobody",))
    with pytest.raises(DataError, match="pip install mlflow-of-nobody"):
        train(model, Schedule(1, 1e-3), run=run)


def test_tensorboard_gets_every_steps_loss(model: TextModel, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = TrainingRun(tmp_path / "run", tmp_path / "logs", report_to=("tensorboard",))
    stage = Told()
    train(model, Schedule(2, 1e-3), stage, run=run)
    read = EventAccumulator(str(tmp_path / "logs"))
    read.Reload()
    shown = [event.value for event in read.Scalars("train/loss")]
    np.testing.assert_allclose(shown, stage.losses, rtol=1e-5)


def test_a_small_push_goes_uphill(model: TextModel) -> None:
    model.eval()
    choose_trainable(model, "full")
    push = WordVectorPush(model.transformer.get_input_embeddings(), 0.02)

    def loss() -> torch.Tensor:
        return info_nce(model, BATCHES[0], 0.5, MAX_TOKENS).double()

    with push.seeing():
        before = loss()
        before.backward()
    with push.pushing():
        assert loss().item() > before.item()
    assert loss().item() == pytest.approx(before.item(), rel=1e-4)


def test_what_is_kept_is_the_mean_of_the_last_weights(model: TextModel) -> None:
    choose_trainable(model, "full")
    watched = model.transformer.encoder.layer[0].output.dense.weight
    seen: list[torch.Tensor] = []

    class Looking(Told):
        def advance(self) -> None:
            super().advance()
            seen.append(watched.detach().clone())

    train(model, Schedule(4, 1e-3, averaged=0.5), Looking())
    assert len(seen) == 8
    torch.testing.assert_close(watched.detach(), torch.stack(seen[4:]).mean(dim=0))
    assert not torch.equal(watched.detach(), seen[-1])


def test_the_rate_does_not_fall_where_weights_are_averaged() -> None:
    rates = [Schedule(1, 1e-3, averaged=0.5).rate(step, 40) for step in range(40)]
    assert rates == [0.25, 0.5, 0.75] + [1.0] * 37


def test_a_training_is_patient_or_averaged(model: TextModel) -> None:
    with pytest.raises(DataError, match="set one of both to 0"):
        train(model, Schedule(2, 1e-3, averaged=0.5, patience=1), judge=lambda: 0.0)


@pytest.mark.parametrize("method", slow_but(["full", "lora", "prompt"], "lora"))
def test_adversarial_training_learns_something_else(
    model: TextModel, tiny_base: Path, tmp_path: Path, method: str
) -> None:
    plain = TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS)
    for one, epsilon in ((model, 1.0), (plain, 0.0)):
        choose_trainable(one, method)  # type: ignore[arg-type]
        losses = train(one, Schedule(4, 1e-3, adversarial=epsilon))
        assert np.isfinite(losses).all()
    assert np.abs(model.encode(["pay"]) - plain.encode(["pay"])).max() > 1e-4


def test_nothing_that_is_judged_on_is_learned_from() -> None:
    items = list(range(100))
    settings = Settings(patience=2, seed=random.Random(0).randrange(100))
    learned, judged = hold_back(items, settings)  # type: ignore[arg-type]
    assert len(judged) == 10
    assert sorted([*learned, *judged]) == items
    assert hold_back(items, Settings()) == (items, [])  # type: ignore[arg-type]
    with pytest.raises(DataError, match="one example in 10 is held back, and there are 5"):
        hold_back(items[:5], settings)  # type: ignore[arg-type]


def test_any_setting_can_be_written_as_text() -> None:
    written = ["accumulation=4", "gradient_checkpointing=true", "adversarial=0.5", "base=x"]
    assert read_settings(Settings(), written) == {
        "accumulation": 4,
        "gradient_checkpointing": True,
        "adversarial": 0.5,
        "base": "x",
    }
    with pytest.raises(SettingsError, match="no setting `nothing`"):
        read_settings(Settings(), ["nothing=1"])
    with pytest.raises(SettingsError, match="cannot be `many`"):
        read_settings(Settings(), ["accumulation=many"])


def test_what_an_option_asks_for_too_counts_more_than_a_setting() -> None:
    assert with_wishes(Settings(), None, None, None, {"epochs": 7}).epochs == 7
    assert with_wishes(Settings(), None, 9, None, {"epochs": 7}).epochs == 9
