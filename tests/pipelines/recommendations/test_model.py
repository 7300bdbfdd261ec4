"""Towers: a user's vector in training is the profile's, and gradients reach all that makes it."""

from datetime import timedelta

import numpy as np
import torch

from pipelines.recommendations.histories import find_histories, mean_vectors
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.model import Towers, user_vectors
from pipelines.recommendations.replay import TextVectors, replay
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.train import find_examples
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import small_shop
from textwire.recommendations.profiles.half_lives import HalfLives

GAP = timedelta(minutes=30)
SETTINGS = RecommendationSettings(max_tokens=32, half_life_days=2.0)


def test_users_in_training_are_the_profiles_that_serve() -> None:
    data = small_shop()
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    moments = find_moments(data, GAP)
    histories = find_histories(data, moments, vectors.places, half_life_days=2.0)
    trained = user_vectors(torch.from_numpy(vectors.vectors), histories).numpy()
    judged = iter(mean_vectors(vectors.vectors, histories))
    known = 0
    for row, occasion in zip(trained, replay(data, moments, vectors, HalfLives(2.0)), strict=True):
        served = occasion.query.profile_vector
        if served is None:
            assert not row.any()
            continue
        np.testing.assert_allclose(row, served, atol=2e-3)
        np.testing.assert_allclose(next(judged), row, atol=1e-5)
        known += 1
    assert known > 50


def test_gradients_reach_every_text_of_a_past() -> None:
    data = small_shop(users=3, visits=3)
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    examples = find_examples(data, find_moments(data, GAP), vectors.places, 2.0)
    learned = torch.from_numpy(vectors.vectors.copy()).requires_grad_()
    loss = Towers(data, vectors, SETTINGS)._info_nce(learned, examples)
    (gradient,) = torch.autograd.grad(loss, learned)
    for lesson in examples:
        assert gradient[[lesson.target, *lesson.history.places]].abs().sum(dim=1).all()
