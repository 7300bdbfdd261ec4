"""Triplets: a question's passage is nearer than the nearest wrong one, by a margin."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipelines.losses.contrastive import hardest_triplets
from pipelines.support_qa.settings import SupportQaTrainingSettings
from textwire.errors import SettingsError

rows = st.lists(st.lists(st.floats(-1, 1), min_size=4, max_size=4), min_size=1, max_size=6)


@given(rows, st.floats(0, 1))
def test_it_is_that_of_each_question_and_its_hardest_wrong_passage(
    cosines: list[list[float]], margin: float
) -> None:
    answers = [at % 4 for at in range(len(cosines))]
    expected = [
        max(0.0, margin + max(c for at, c in enumerate(row) if at != right) - row[right])
        for row, right in zip(cosines, answers, strict=True)
    ]
    found = hardest_triplets(torch.tensor(cosines), answers, margin)
    assert found.item() == pytest.approx(sum(expected) / len(expected), abs=1e-5)


def test_a_batch_of_one_passage_teaches_nothing() -> None:
    assert hardest_triplets(torch.tensor([[0.3], [0.5]]), [0, 0], 0.2).item() == 0.0


def test_another_loss_is_refused() -> None:
    with pytest.raises(SettingsError, match="infonce, triplet"):
        SupportQaTrainingSettings(loss="hinge")
