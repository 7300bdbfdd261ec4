"""What earlier tasks need is held."""

from collections.abc import Sequence

import pytest
import torch

from pipelines.continual.ewc import anchor


class Words(torch.nn.Module):
    """Two labels from two columns, of which only the first is ever read."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor([[0.5, 0.2], [0.1, 0.3]]))


def said(model: Words, texts: Sequence[str]) -> torch.Tensor:
    read = torch.tensor([[float(len(text)), 0.0] for text in texts])
    return (read @ model.weight.T).log_softmax(dim=1)


def test_weights_that_stay_cost_nothing_and_those_that_are_needed_cost_most() -> None:
    model = Words()
    held = anchor(model, ["a", "b", "c"], said)
    assert held.penalty(model).item() == 0
    needed, unread = held.fisher["weight"][:, 0], held.fisher["weight"][:, 1]
    assert (needed > 0).all()
    assert (unread == 0).all()
    with torch.no_grad():
        model.weight[:, 1] += 5
    assert held.penalty(model).item() == 0
    with torch.no_grad():
        model.weight[0, 0] += 2
    assert held.penalty(model).item() == pytest.approx(0.5 * 4 * needed[0].item())


def test_the_diagonal_is_that_of_the_fisher_matrix() -> None:
    model = Words()
    held = anchor(model, ["a"] * 4_000, said)
    p = said(model, ["a"]).exp()[0]
    # Of a softmax over one input x = 1: F of label k's weight is p_k (1 - p_k).
    assert held.fisher["weight"][:, 0].tolist() == pytest.approx((p * (1 - p)).tolist(), rel=0.1)


def test_what_was_needed_before_is_needed_still() -> None:
    model = Words()
    before = anchor(model, ["a"], said)
    both = anchor(model, ["a"], said, before)
    assert torch.allclose(both.fisher["weight"], 2 * before.fisher["weight"])
