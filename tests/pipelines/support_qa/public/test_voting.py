import numpy as np

from pipelines.support_qa.public.voting import Voting, choose_voting, vote

KEYS = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1]], dtype=np.float32)
LABELS = ["a", "b", "b", "a"]


def test_one_neighbour_decides_alone() -> None:
    assert vote(KEYS, KEYS, LABELS, Voting(1, 1.0)) == LABELS


def test_neighbours_outvote_the_nearest_unless_it_is_much_nearer() -> None:
    query = np.array([[0.99, 0.14]], dtype=np.float32)
    assert vote(query, KEYS, LABELS, Voting(3, 10.0)) == ["b"]
    assert vote(query, KEYS, LABELS, Voting(3, 0.02)) == ["a"]


def test_a_key_does_not_vote_for_itself_when_voting_is_chosen() -> None:
    rng = np.random.default_rng(0)
    keys = rng.normal(size=(200, 8)).astype(np.float32)
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    labels = ["near" if key[0] > 0 else "far" for key in keys]
    labels[::10] = ["noise"] * 20
    # Alone, a key would always be right with one neighbour; among others, more are better.
    assert choose_voting(keys, labels).neighbours > 1
