import random
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.pair_batches import (
    Pair,
    draw_batches,
    draw_neighbourhoods,
    draw_rounds,
    with_contrasts,
)

pairs_of = st.lists(
    st.builds(Pair, st.text(max_size=5), st.sampled_from("abcdefgh")), min_size=1, max_size=60
)


def passages_of(pairs: list[Pair]) -> list[str]:
    return list(dict.fromkeys(pair.passage for pair in pairs))


@given(pairs_of, st.integers(1, 5), st.integers(1, 9), st.integers(0, 99))
def test_every_pair_comes_once_and_no_passage_twice_in_a_batch(
    pairs: list[Pair], near: int, per_batch: int, seed: int
) -> None:
    rng = random.Random(seed)
    passages = passages_of(pairs)
    vectors = np.random.default_rng(seed).normal(size=(len(passages), 4)).astype(np.float32)
    neighbourhoods = draw_neighbourhoods(passages, vectors, near, rng)
    batches = draw_batches(pairs, neighbourhoods, per_batch, rng)
    drawn = [
        Pair(question, batch.passages[answer])
        for batch in batches
        for question, answer in zip(batch.questions, batch.answers, strict=True)
    ]
    assert sorted(drawn) == sorted(pairs)
    for batch in batches:
        assert len(set(batch.passages)) == len(batch.passages) <= per_batch


@given(pairs_of, st.integers(0, 9), st.integers(0, 99))
def test_in_a_round_no_passage_has_more_than_so_many_questions(
    pairs: list[Pair], most: int, seed: int
) -> None:
    rounds = draw_rounds(pairs, most, random.Random(seed))
    assert sorted(pair for part in rounds for pair in part) == sorted(pairs)
    asked = Counter(pair.passage for pair in pairs)
    assert len(rounds) == (-(-max(asked.values()) // most) if most else 1)
    for part in rounds:
        assert max(Counter(pair.passage for pair in part).values()) <= (most or len(pairs))


def test_neighbours_are_drawn_together() -> None:
    passages = ["a1", "a2", "a3", "b1", "b2", "b3"]
    vectors = np.array([[1, 0], [0.9, 0.1], [0.9, -0.1], [0, 1], [0.1, 0.9], [-0.1, 0.9]])
    for seed in range(20):
        groups = draw_neighbourhoods(passages, vectors.astype("f4"), 3, random.Random(seed))
        assert {frozenset(group) for group in groups} == {
            frozenset({"a1", "a2", "a3"}),
            frozenset({"b1", "b2", "b3"}),
        }


def test_another_seed_gives_another_order() -> None:
    passages = [str(number) for number in range(30)]
    vectors = np.eye(30, dtype=np.float32)
    first, same, other = (
        draw_neighbourhoods(passages, vectors, 4, random.Random(seed)) for seed in (1, 1, 2)
    )
    assert first == same
    assert first != other


TEXTS = [f"p{n}" for n in range(8)]
CONTRASTS = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), max_size=8)


@given(CONTRASTS)
def test_contrasts_move_passages_and_lose_none(contrasts) -> None:
    together = with_contrasts([TEXTS[:3], TEXTS[3:]], contrasts)
    assert sorted(text for near in together for text in near) == TEXTS


def test_what_was_mistaken_for_one_another_comes_into_one_batch() -> None:
    together = with_contrasts([["a", "b"], ["c", "d"]], [("a", "d"), ("a", "c"), ("b", "d")])
    assert together == [["a", "d", "c", "b"], []]


def test_passages_that_nobody_asks_for_make_no_batch_of_their_own() -> None:
    batches = draw_batches([Pair("?", "a")], [["a"], ["b"]], 1, random.Random(0))
    assert [batch.passages for batch in batches] == [["a"]]
