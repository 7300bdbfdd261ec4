from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from pipelines.progress import Progress
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.public.cases import read_cases, read_events, read_items
from pipelines.recommendations.public.evaluate import (
    evaluate_amazon,
    measure,
    measure_others,
    purchase_moments,
)
from pipelines.recommendations.public.settings import AmazonSettings
from pipelines.recommendations.public.signals import Weights
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder

SETTINGS = AmazonSettings(
    epochs=1, max_tokens=32, train_tokens=16, learning_rate=1e-3, texts_per_step=16
)


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
    data = ShopData(
        read_items(folder / "items.jsonl"), read_events(folder / "interactions.csv")
    ).checked()
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    cases = read_cases(folder / "test.csv")
    figures = measure("", data, cases, vectors, Weights(), SETTINGS)
    figures |= measure_others(data, cases, vectors, SETTINGS)
    assert figures["text_hr_at_10"] > 0.5 > figures["popularity_hr_at_10"]


def test_each_purchase_after_another_teaches(folder: Path) -> None:
    data = ShopData(
        read_items(folder / "items.jsonl"), read_events(folder / "interactions.csv")
    ).checked()
    moments = purchase_moments(data)
    assert len(moments) == len(data.events) - 12
    assert all(data.events[m.place].item_id == m.liked[0] for m in moments)
