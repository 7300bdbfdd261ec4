from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from textwire.models.engines.token_batches import token_batches

lengths_of_texts = st.lists(st.integers(1, 700), max_size=200)
budgets = st.integers(1, 2_000)


@given(lengths_of_texts, budgets)
def test_every_text_stands_in_exactly_one_batch(lengths: list[int], budget: int) -> None:
    batches = list(token_batches(lengths, budget))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert all(batches)


@given(lengths_of_texts, budgets)
def test_a_batch_with_its_padding_keeps_to_the_budget(lengths: list[int], budget: int) -> None:
    for batch in token_batches(lengths, budget):
        longest = max(lengths[index] for index in batch)
        assert len(batch) * longest <= budget or len(batch) == 1


@given(lengths_of_texts, budgets)
def test_lengths_ascend_over_all_batches(lengths: list[int], budget: int) -> None:
    order = [lengths[index] for batch in token_batches(lengths, budget) for index in batch]
    assert order == sorted(lengths)


def test_no_batch_could_take_the_first_text_of_the_next() -> None:
    lengths, budget = [3, 5, 5, 9, 9, 40, 2, 2], 20
    batches = list(token_batches(lengths, budget))
    for batch, following in pairwise(batches):
        assert (len(batch) + 1) * lengths[following[0]] > budget
