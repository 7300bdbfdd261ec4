"""The item model: what is taken by the same users follows, and texts speak where little was."""

import numpy as np

from pipelines.recommendations.item_model import (
    fit_item_model,
    solve,
    strongest_neighbours,
    text_likeness,
)
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import small_shop
from tests.recommendations.shop import unit_vectors
from textwire.recommendations.ranking.item_model import NO_NEIGHBOUR


def test_what_the_same_users_took_follows_from_one_another() -> None:
    data = small_shop()
    model = fit_item_model(data, data.events, TextVectors.encode(HashingEncoder(), data.texts))
    assert set(model.ids) <= set(data.by_id)
    assert model.is_of([item.id for item in data.items])
    (first, *_) = model.ids
    scores = model.scores([first], np.ones(1, dtype=np.float32))
    best = max(scores, key=lambda item_id: scores[item_id])
    assert data.by_id[best].tags == data.by_id[first].tags
    assert first not in scores


def test_without_events_it_knows_the_items_and_nothing_more() -> None:
    data = small_shop()
    model = fit_item_model(data, [], TextVectors.encode(HashingEncoder(), data.texts))
    assert model.ids == ()
    assert model.is_of([item.id for item in data.items])


def test_the_solution_is_that_of_each_column_by_itself() -> None:
    rng = np.random.default_rng(0)
    taken = (rng.random((40, 6)) < 0.3).astype(float)
    likeness = text_likeness(unit_vectors(6))
    weights = solve(taken.T @ taken, likeness)
    assert (np.diag(weights) == 0.0).all()
    for column in range(6):
        others = [n for n in range(6) if n != column]
        x = taken[:, others]
        left = x.T @ x + 50.0 * np.eye(5)
        right = x.T @ taken[:, column] + 50.0 * 0.5 * likeness[others, column]
        np.testing.assert_allclose(weights[others, column], np.linalg.solve(left, right))


def test_only_what_speaks_for_an_item_is_kept() -> None:
    weights = np.array([[0.0, 0.2, -0.5], [0.1, 0.0, 0.3], [-1.0, -1.0, 0.0]])
    places, strongest = strongest_neighbours(weights, 2)
    assert places.tolist() == [[1, NO_NEIGHBOUR], [2, 0], [NO_NEIGHBOUR] * 2]
    np.testing.assert_allclose(strongest, [[0.2, 0.0], [0.3, 0.1], [0.0, 0.0]])
