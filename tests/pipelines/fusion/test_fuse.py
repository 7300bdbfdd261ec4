"""One vector of several kinds."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fusion.fuse import WAYS, FusedKinds
from pipelines.fusion.kinds import Kind
from textwire.errors import SettingsError

RNG = np.random.default_rng(0)
TEXT = RNG.standard_normal((6, 8)).astype(np.float32)
PICTURE = Kind.of_some(
    [*"abcdef"], {one: np.ones(4, dtype=np.float32) * n for n, one in enumerate("ace", 1)}, 4
)
PRICES = np.array([[1.0], [np.nan], [3.0], [5.0], [np.nan], [7.0]], dtype=np.float32)


def fused(way: str, picture: Kind = PICTURE) -> FusedKinds:
    torch.manual_seed(0)
    kinds = {"text": Kind.of_all(TEXT), "picture": picture, "numbers": Kind.of_numbers(PRICES)}
    return FusedKinds(kinds, way, 16)


@pytest.mark.parametrize("way", WAYS)
def test_an_item_is_the_same_whatever_the_others_are(way: str) -> None:
    changed = Kind(np.vstack([PICTURE.vectors[:5], np.full((1, 4), 9.0)]).astype(np.float32),
                   np.array([*PICTURE.there[:5], True]))  # fmt: skip
    one, other = fused(way)(), fused(way, changed)()
    np.testing.assert_allclose(one[:5].detach(), other[:5].detach(), atol=1e-6)
    assert not torch.allclose(one[5], other[5])


@pytest.mark.parametrize("way", WAYS)
def test_what_an_item_lacks_does_not_count(way: str) -> None:
    """What stands in the place of a vector that is not there is never looked at."""
    vectors = PICTURE.vectors.copy()
    assert not PICTURE.there[1]
    if way != "concat":  # which takes zeros and the flag
        vectors[1] = 5.0
    np.testing.assert_allclose(
        fused(way)().detach(), fused(way, Kind(vectors, PICTURE.there))().detach(), atol=1e-6
    )


@pytest.mark.parametrize("way", WAYS)
def test_an_item_of_no_kind_has_a_vector_too(way: str) -> None:
    nothing = Kind(np.zeros((2, 3), dtype=np.float32), np.array([True, False]))
    vectors = FusedKinds({"picture": nothing, "more": nothing}, way, 4)()
    assert torch.isfinite(vectors).all()


@pytest.mark.parametrize("way", WAYS)
def test_each_kind_can_be_learned_from(way: str) -> None:
    module = fused(way)
    module().square().sum().backward()
    grads = [weight.grad for weight in module.parameters()]
    assert all(grad is not None and grad.abs().sum() > 0 for grad in grads if grad is not None)


@given(st.lists(st.floats(-1e3, 1e3) | st.just(float("nan")), min_size=2, max_size=20))
def test_numbers_are_scaled_and_say_whether_they_are_known(values: list[float]) -> None:
    column = np.array(values, dtype=np.float32)[:, None]
    kind = Kind.of_numbers(column)
    known = np.isfinite(column[:, 0])
    assert (kind.there == known).all()
    assert np.isfinite(kind.vectors).all()
    assert (kind.vectors[:, 1] == known).all()
    assert abs(kind.vectors[:, 0].sum()) < 1e-2 * len(values)


def test_another_way_is_refused() -> None:
    with pytest.raises(SettingsError, match="concat, mean, attention"):
        fused("sum")
