"""Students that start from some of a model's layers."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel

from pipelines.distillation.depth import evenly_chosen, keep_layers
from textwire.errors import DataError


@given(st.integers(1, 48).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))))
def test_layers_are_different_ones_in_their_order(asked: tuple[int, int]) -> None:
    layers, kept = asked
    places = evenly_chosen(layers, kept)
    assert len(places) == kept
    assert places == sorted(set(places))
    assert places[0] >= 0
    assert places[-1] == layers - 1


def test_the_first_and_the_last_are_among_them() -> None:
    assert evenly_chosen(12, 6) == [0, 2, 4, 7, 9, 11]
    assert evenly_chosen(6, 3) == [0, 2, 5]
    assert evenly_chosen(6, 2) == [0, 5]


def test_a_shallower_model_has_the_layers_that_were_chosen(tiny_base: Path) -> None:
    whole = AutoModel.from_pretrained(tiny_base)
    shallow = AutoModel.from_pretrained(tiny_base)
    assert keep_layers(shallow, 1) == [1]
    assert shallow.config.num_hidden_layers == 1
    kept = shallow.encoder.layer[0].attention.self.query.weight
    assert torch.equal(kept, whole.encoder.layer[1].attention.self.query.weight)
    ids = torch.tensor([[1, 2, 3]])
    assert shallow(input_ids=ids).last_hidden_state.shape == (1, 3, 32)


def test_more_layers_than_there_are_cannot_be_kept(tiny_base: Path) -> None:
    model = AutoModel.from_pretrained(tiny_base)
    with pytest.raises(DataError, match="--layers takes 1 to 2"):
        keep_layers(model, 3)


def test_a_model_of_another_kind_is_refused() -> None:
    with pytest.raises(DataError, match="Leave --layers out"):
        keep_layers(torch.nn.Linear(2, 2), 1)
