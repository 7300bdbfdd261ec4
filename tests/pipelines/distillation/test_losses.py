"""What a student is told."""

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipelines.distillation.losses import (
    blended,
    layers_loss,
    margin_mse,
    soft_labels_loss,
    soft_similarity_loss,
    soft_topics_loss,
)

Loss = Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor]
Rows = list[list[float]]
LOSSES = (soft_labels_loss, soft_topics_loss, soft_similarity_loss)
numbers = st.lists(
    st.lists(st.floats(-8, 8, width=32), min_size=3, max_size=3), min_size=1, max_size=5
)


@pytest.mark.parametrize("loss", LOSSES)
@given(said=numbers, temperature=st.floats(0.1, 8))
def test_who_says_what_the_teacher_says_has_nothing_to_learn(
    loss: Loss, said: Rows, temperature: float
) -> None:
    logits = torch.tensor(said)
    assert loss(logits, logits.clone(), temperature).item() == pytest.approx(0, abs=2e-3)


@pytest.mark.parametrize("loss", LOSSES)
@given(said=numbers, told=numbers, temperature=st.floats(0.5, 8))
def test_no_loss_is_below_zero(loss: Loss, said: Rows, told: Rows, temperature: float) -> None:
    rows = min(len(said), len(told))
    found = loss(torch.tensor(said[:rows]), torch.tensor(told[:rows]), temperature).item()
    assert found >= -2e-3


def test_soft_labels_are_a_divergence_by_hand() -> None:
    student, teacher = torch.zeros(1, 2), torch.tensor([[2.0, 0.0]])
    p = 1 / (1 + math.exp(-1))  # softmax of (2, 0) at a temperature of 2
    expected = 4 * (p * math.log(p / 0.5) + (1 - p) * math.log((1 - p) / 0.5))
    assert soft_labels_loss(student, teacher, 2.0).item() == pytest.approx(expected, abs=1e-6)


def test_gradients_hardly_depend_on_the_temperature() -> None:
    def gradient(temperature: float) -> float:
        student = torch.zeros(1, 2, requires_grad=True)
        soft_labels_loss(student, torch.tensor([[0.2, 0.0]]), temperature).backward()  # type: ignore[no-untyped-call]
        assert student.grad is not None
        return float(student.grad.norm())

    assert gradient(4.0) == pytest.approx(gradient(2.0), rel=0.01)


def test_the_two_words_are_weighed() -> None:
    kd, own = torch.tensor(2.0), torch.tensor(10.0)
    assert [blended(kd, own, weight).item() for weight in (0, 0.75, 1)] == [10, 4, 2]


@given(said=numbers, shift=st.floats(-100, 100, width=16))
def test_margins_have_no_scale_of_their_own(said: Rows, shift: float) -> None:
    scores = torch.tensor(said)[:, :2]
    assert margin_mse(scores, scores + shift).item() == pytest.approx(0, abs=1e-3)


def test_a_margin_that_is_too_small_costs_its_square() -> None:
    student, teacher = torch.tensor([[1.0, 0.5]]), torch.tensor([[9.0, 6.0]])
    assert margin_mse(student, teacher).item() == pytest.approx(2.5**2)


@given(st.floats(0.1, 100))
def test_layers_are_compared_by_direction(scale: float) -> None:
    states = torch.tensor([[[3.0, 4.0], [1.0, 0.0]]])
    assert layers_loss(states, scale * states).item() == pytest.approx(0, abs=1e-5)
    assert layers_loss(states, -states).item() == pytest.approx(4)
    turned = torch.tensor([[[3.0, 4.0], [0.0, 1.0]]])
    assert layers_loss(states, turned).item() == pytest.approx(1)
