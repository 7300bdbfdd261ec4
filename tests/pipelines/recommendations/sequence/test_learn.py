"""A sequence model learns what is taken after what, and serves in numpy as it was trained."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.fusion.kinds import Kind
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.following_files import files_of
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.sequence.gate import CERTAINTY, Compared, compare, cross_chosen
from pipelines.recommendations.sequence.learn import (
    fit_sequence_model,
    kinds_of,
    taken_in_order,
    windows_of,
)
from pipelines.recommendations.sequence.towers import SequenceTowers, padded
from pipelines.recommendations.settings import RecommendationSettings
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import made, small_items, small_shop
from tests.pipelines.tuning.test_methods import Silent
from tests.tiny_models import manifest_of
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.profiles.trail import STEPS
from textwire.recommendations.ranking.following import load_following
from textwire.recommendations.ranking.item_model import ItemModel
from textwire.recommendations.ranking.mixed_model import SEQUENCE_PART, MixedModel
from textwire.recommendations.ranking.sequence_model import (
    SEQUENCE_FILE,
    SequenceModel,
    load_sequence_model,
    sequence_model,
)

SETTINGS = RecommendationSettings(sequence_layers=1, sequence_epochs=30)
RNG = np.random.default_rng(0)
ONE = np.ones(1, dtype=np.float32)


def towers(layers: int = 2) -> SequenceTowers:
    torch.manual_seed(0)
    kinds = {
        "text": Kind.of_all(RNG.standard_normal((30, 8)).astype(np.float32)),
        "numbers": Kind.of_numbers(RNG.standard_normal((30, 1)).astype(np.float32)),
    }
    made_of = SequenceTowers(kinds, "mean", steps=STEPS, dimension=16, layers=layers, dropout=0.5)
    with torch.no_grad():
        for weight in made_of.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return made_of.eval()


def served(of: SequenceTowers) -> SequenceModel:
    return sequence_model([f"i{n}" for n in range(30)], of.weights())


def vectors_of(data: ShopData) -> TextVectors:
    return TextVectors.encode(HashingEncoder(), data.texts)


@pytest.fixture(scope="module")
def shop() -> ShopData:
    """Each item is followed by the next of its kind, always."""
    items = small_items()
    at = small_shop().events[0].at
    assert at is not None
    events = [
        made(user, "purchase", at + timedelta(hours=step, minutes=user), items[place % 30].id)
        for user in range(30)
        for step, place in enumerate(range(user, user + 8))
    ]
    return ShopData(items, events).checked()


OF = towers()


@given(st.lists(st.integers(0, 29), min_size=1, max_size=15))
@settings(max_examples=20)
def test_numpy_gives_what_torch_gives(history: list[int]) -> None:
    with torch.inference_mode():
        last = torch.tensor([history[-STEPS:]])
        expected = OF.logits(OF.items(), last)[0, -1].numpy()
    np.testing.assert_allclose(served(OF).logits(history), expected, atol=2e-4, rtol=1e-4)


def test_a_step_sees_none_that_come_after_it() -> None:
    of = towers()
    with torch.inference_mode():
        one = of.logits(of.items(), torch.from_numpy(padded([[1, 2, 3], [4, 5]])))
        other = of.logits(of.items(), torch.from_numpy(padded([[1, 2, 9]])))
    np.testing.assert_allclose(one[0, :2], other[0, :2], atol=1e-5)


@given(st.lists(st.integers(), min_size=0, max_size=60))
def test_each_step_but_the_first_is_told_from_those_before_it(history: list[int]) -> None:
    told = [place for window in windows_of(list(range(len(history)))) for place in window[1:]]
    assert sorted(told) == list(range(1, len(history)))
    assert all(len(window) <= STEPS + 1 for window in windows_of(history))


@pytest.mark.slow
def test_what_always_follows_is_likeliest_to_follow(shop: ShopData) -> None:
    recipe = replace(SETTINGS, sequence_epochs=200)
    model = fit_sequence_model(shop, shop.events, vectors_of(shop), recipe, Silent())
    assert model is not None
    ids = [item.id for item in shop.items]
    first = []
    for place in range(28):
        scores = model.scores([ids[place]], ONE)
        first.append(max(scores, key=lambda one: scores[one]) == ids[place + 1])
    assert np.mean(first) > 0.8


@pytest.mark.slow
def test_it_comes_to_serve_only_where_it_is_sure_to_find_more(shop: ShopData) -> None:
    vectors = vectors_of(shop)
    model = fit_sequence_model(shop, shop.events, vectors, SETTINGS, Silent())
    assert model is not None
    moments = [m for m in find_moments(shop, timedelta(minutes=30)) if m.liked][30:]
    nothing = ItemModel.empty(shop.by_id)
    alone = compare(model, nothing, shop, moments, vectors, HalfLives())
    assert alone.chance >= CERTAINTY
    assert alone.served_part > 0.0
    itself = compare(model, model, shop, moments, vectors, HalfLives())
    assert itself.served_part == 0.0
    assert itself.sequence == itself.items == itself.mixed


@pytest.mark.parametrize(
    ("mixed", "chance_mixed", "chance", "serves"),
    [
        (0.2, 0.95, 0.95, 0.65),
        (0.1, 0.95, 0.95, 1.0),  # the sequence alone finds more
        (0.2, 0.5, 0.95, 1.0),
        (0.2, 0.95, 0.5, 0.65),
        (0.2, 0.5, 0.5, 0.0),
    ],
)
def test_what_serves_is_sure_to_find_more_than_the_item_model(
    mixed: float, chance_mixed: float, chance: float, serves: float
) -> None:
    compared = Compared(
        sequence=0.15,
        items=0.1,
        texts=0.1,
        chance=chance,
        mixed=mixed,
        chance_mixed=chance_mixed,
        part=0.65,
    )
    assert compared.served_part == serves


def test_a_mixture_is_not_judged_by_what_it_was_chosen_on() -> None:
    """Each of two is best on its own half, and of no use on the other."""
    gains = np.array([[1.0, 0.0], [0.0, 1.0]] * 10)
    assert cross_chosen(gains).max() == 0.0
    same = np.array([[0.0, 1.0]] * 9)
    assert cross_chosen(same).tolist() == [1.0] * 9
    assert cross_chosen(gains[:1]).tolist() == [1.0]


def test_users_who_took_one_thing_teach_nothing(shop: ShopData) -> None:
    alone = [event for event in shop.events if event.user_id == "u1"][:1]
    assert fit_sequence_model(shop, alone, vectors_of(shop), SETTINGS, Silent()) is None


def test_vectors_of_other_kinds_are_fused_with_the_text(shop: ShopData) -> None:
    pictures = {"card1": np.ones(5, dtype=np.float32)}
    seen = replace(shop, vectors={"picture": pictures})
    kinds = kinds_of(seen, vectors_of(shop))
    assert list(kinds) == ["text", "numbers", "picture"]
    assert kinds["picture"].there.sum() == 1
    recipe = replace(SETTINGS, sequence_epochs=1, fusion="attention")
    assert fit_sequence_model(seen, seen.events, vectors_of(shop), recipe, Silent())


def test_only_what_was_taken_counts_and_a_thing_taken_twice_in_a_row_once() -> None:
    at = small_shop().events[0].at
    assert at is not None
    kinds = ("click", "purchase", "impression", "click", "click")
    events = [made(1, kind, at, one) for kind, one in zip(kinds, "aabcx", strict=True)]
    assert taken_in_order(events, {"a": 0, "b": 1, "c": 2}) == [[0, 2]]


def test_it_stands_in_an_artifact_and_is_what_serves(tmp_path: Path) -> None:
    model = served(towers())
    (tmp_path / SEQUENCE_FILE).write_bytes(model.to_bytes())
    artifact = Artifact(tmp_path, manifest_of(tmp_path))
    read = load_following(artifact)
    assert isinstance(read, SequenceModel)
    np.testing.assert_allclose(read.logits([1, 2]), model.logits([1, 2]), atol=0.05)
    (tmp_path / SEQUENCE_FILE).write_bytes(b"no tensors")
    with pytest.raises(ArtifactCorrupt, match="cannot be read"):
        load_sequence_model(artifact)


def test_it_knows_its_own_shop() -> None:
    model = served(towers())
    assert model.is_of(model.ids)
    assert not model.is_of(["another", "shop"])


def test_after_nothing_that_is_known_nothing_follows() -> None:
    assert served(towers()).scores(["unknown"], ONE) == {}


def test_both_models_come_out_of_an_artifact_as_they_were_mixed(tmp_path: Path) -> None:
    sequence = served(OF)
    pairs = np.arange(30, dtype=np.int32)
    items = ItemModel(
        ids=sequence.ids,
        neighbours=np.roll(pairs, -1)[:, None],
        weights=np.full((30, 1), 0.5, dtype=np.float32),
        known=sequence.known,
    )
    both = MixedModel(items, sequence, 0.35)
    for name, content in files_of(both, lambda: items):
        (tmp_path / name).write_bytes(content)
    manifest = manifest_of(tmp_path, settings={SEQUENCE_PART: both.part})
    read = load_following(Artifact(tmp_path, manifest))
    expected = both.scores(["i3"], ONE)
    assert read.scores(["i3"], ONE) == pytest.approx(expected, rel=0.02)
    assert expected["i4"] > 0.65
    assert read.is_of(list(sequence.ids))
    assert not read.is_of(["other"])
    alone = load_following(Artifact(tmp_path, manifest_of(tmp_path)))
    assert isinstance(alone, SequenceModel)
