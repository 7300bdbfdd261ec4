from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.services.recommendations.shops import artifact
from textwire.recommendations.profiles.half_lives import HalfLives, half_lives_of

DAYS = st.floats(0.01, 3_650)


@given(DAYS, DAYS)
def test_what_a_manifest_was_given_is_what_is_read_of_it(taste: float, popularity: float) -> None:
    half_lives = HalfLives(taste, popularity)
    manifest = replace(artifact().manifest, settings=half_lives.as_settings())
    assert half_lives_of(manifest) == half_lives


def test_of_a_model_that_was_fitted_to_nothing_the_given_or_the_usual_ones_hold() -> None:
    manifest = artifact().manifest
    assert half_lives_of(manifest) == HalfLives()
    assert half_lives_of(replace(manifest, settings={"half_life_days": 3})) == HalfLives(3.0)
