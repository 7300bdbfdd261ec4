"""The public evaluation, on a made-up folder of the same form."""

import io
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pipelines.progress import Progress
from pipelines.recommendations.amazon import (
    TEST_FROM,
    VALID_FROM,
    AmazonSettings,
    Case,
    Weights,
    bought_together,
    evaluate_amazon,
    measure_frozen,
    purchase_moments,
    read_cases,
    read_events,
    read_items,
    signals,
)
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder
from textwire.errors import DataError

DAY = 86_400
KINDS = ("card", "phone", "parcel", "loan")
SETTINGS = AmazonSettings(
    epochs=1, max_tokens=32, train_tokens=16, learning_rate=1e-3, texts_per_step=16
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Each user buys things of one kind, day after day, over both divisions of the time."""
    rng = random.Random(0)
    items = [
        {"item_id": 10 * kind + n, "title": f"{word} {n}", "description": "", "brand": word}
        for kind, word in enumerate(KINDS)
        for n in range(10)
    ]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, items)))
    bought = []
    for user in range(12):
        for times in range(9):
            at = int(VALID_FROM.timestamp()) + (times - 5) * 70 * DAY + user * DAY
            bought.append((f"u{user}", 10 * (user % 4) + rng.randrange(10), at))
    lines = [f"{user},{item},5.0,{at}" for user, item, at in bought]
    header = "user_id,item_id,rating,timestamp"
    (tmp_path / "interactions.csv").write_text("\n".join([header, *lines]))
    borders = (int(VALID_FROM.timestamp()), int(TEST_FROM.timestamp()), 2**33)
    for name, start, end in (("valid", *borders[:2]), ("test", *borders[1:])):
        cases = [
            ",".join((user, str(at), str(item), "5.0", *past_of(bought, user, at)))
            for user, item, at in bought
            if start <= at < end
        ]
        columns = "user_id,timestamp,item_id,rating,history_item_ids,history_timestamps"
        (tmp_path / f"{name}.csv").write_text("\n".join([columns, *cases]))
    return tmp_path


def past_of(bought, user: str, before: int) -> tuple[str, str]:
    past = [(item, at) for who, item, at in bought if who == user and at < before]
    return " ".join(str(item) for item, _ in past), " ".join(str(at) for _, at in past)


def test_the_whole_evaluation_writes_its_page(
    folder: Path, tiny_base: Path, tmp_path: Path
) -> None:
    report = tmp_path / "docs" / "page.md"
    settings = replace(SETTINGS, base=str(tiny_base))
    figures = evaluate_amazon(folder, report, settings, Progress(Console(file=io.StringIO())))
    assert figures["tuned_fused_hr_at_10"] >= figures["popularity_hr_at_10"]
    page = report.read_text()
    assert "MiniOneRec | 0.1321" in page
    assert f"{figures['tuned_int8_fused_hr_at_10']:.4f}" in page
    assert page.count("| **") == 1


def test_texts_of_the_users_kind_are_found(folder: Path) -> None:
    weights, figures = measure_frozen(folder, HashingEncoder(), SETTINGS)
    assert isinstance(weights, Weights)
    assert figures["text_hr_at_10"] > 0.5 > figures["popularity_hr_at_10"]


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


def test_each_purchase_after_another_teaches(folder: Path) -> None:
    data = ShopData(
        read_items(folder / "items.jsonl"), read_events(folder / "interactions.csv")
    ).checked()
    moments = purchase_moments(data)
    assert len(moments) == len(data.events) - 12
    assert all(data.events[m.place].item_id == m.liked[0] for m in moments)


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


def test_a_folder_without_the_data_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="TEXTWIRE_DATA"):
        read_items(tmp_path / "items.jsonl")
    with pytest.raises(DataError, match="TEXTWIRE_DATA"):
        read_events(tmp_path / "interactions.csv")
    (tmp_path / "valid.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"user_id"):
        read_cases(tmp_path / "valid.csv")
