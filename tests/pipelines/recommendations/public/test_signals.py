from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.public.cases import Case, read_cases, read_events, read_items
from pipelines.recommendations.public.evaluate import VALID_FROM
from pipelines.recommendations.public.settings import AmazonSettings
from pipelines.recommendations.public.signals import Weights, bought_together, signals
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder

SETTINGS = AmazonSettings()


def test_nothing_from_after_the_division_is_counted(folder: Path) -> None:
    events = read_events(folder / "interactions.csv")
    items, cases = read_items(folder / "items.jsonl"), read_cases(folder / "valid.csv")
    before = ShopData(items, [event for event in events if event.at < VALID_FROM]).checked()
    vectors = TextVectors.encode(HashingEncoder(), before.texts)
    found = signals(before, cases, vectors, SETTINGS)
    places = {item.id: place for place, item in enumerate(items)}
    counts = np.expm1(found.popularity)
    assert counts.sum() == pytest.approx(len(before.events), rel=1e-4)
    assert len(before.events) < len(events)
    assert bought_together(before, places, 3).shape == (len(items), len(items))


def test_a_case_without_a_history_is_ranked_all_the_same(folder: Path) -> None:
    items = read_items(folder / "items.jsonl")
    data = ShopData(items, read_events(folder / "interactions.csv")).checked()
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    found = signals(data, [Case([], "3")], vectors, SETTINGS)
    assert np.isfinite(found.fused(Weights(0.2, 0.01))).all()


def test_the_match_of_texts_has_the_same_spread_whatever_the_encoder(folder: Path) -> None:
    items = read_items(folder / "items.jsonl")
    data = ShopData(items, read_events(folder / "interactions.csv")).checked()
    cases = read_cases(folder / "test.csv")
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    assert signals(data, cases, vectors, SETTINGS).text.std() == pytest.approx(1.0, abs=1e-3)


def test_what_was_bought_can_be_put_last(folder: Path) -> None:
    items = read_items(folder / "items.jsonl")
    data = ShopData(items, read_events(folder / "interactions.csv")).checked()
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    case = next(case for case in read_cases(folder / "test.csv") if case.history)
    bought = {event.item_id for event in case.history}
    row = signals(data, [case], vectors, SETTINGS).fused(Weights(bought=100.0))[0]
    last = [list(data.by_id)[place] for place in np.argsort(row)[: len(bought)]]
    assert set(last) == bought
