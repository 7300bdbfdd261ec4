from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.recommendations.public.cases import read_cases
from pipelines.recommendations.public.evaluate import evaluate_amazon
from pipelines.recommendations.public.report import BASELINES, verdict, write_report
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.progress import Progress


def test_the_whole_evaluation_writes_its_page(
    folder: Path, tiny_base: Path, tmp_path: Path
) -> None:
    report, written = tmp_path / "docs" / "page.md", io.StringIO()
    settings = RecommendationSettings(
        base=str(tiny_base),
        epochs=1,
        max_tokens=32,
        learning_rate=1e-3,
        trees=20,
        min_int8_cosine=0.9,
        min_int8_top1=0.0,  # of four users, and vectors of a random model are much alike
    )
    progress = Progress(Console(file=written, width=120))
    shop = evaluate_amazon(folder, settings, progress, tmp_path / "vectors", cases=7)
    write_report(report, shop, {}, {}, settings, progress.seconds)
    page, figures = report.read_text(), shop.figures
    assert "MiniOneRec | 0.1321" in page
    assert f"{figures['served_hr_at_10']:.4f}" in page
    assert f"{figures['following_ndcg_at_10']:.4f}" in page
    assert f"7 of the {len(read_cases(folder / 'test.csv'))}" in page
    assert set(shop.options) == set(BASELINES.values())
    assert 0.0 <= figures["listed_ece"] <= 1.0
    assert "(7 cases)" in written.getvalue()
    assert list((tmp_path / "vectors").glob("*.npz"))


@pytest.mark.parametrize(
    ("served", "counted", "said"),
    [(0.2, 0.1, "What serves finds more"), (0.1, 0.2, "The best baseline finds at least as much")],
)
def test_the_page_says_which_finds_more(served: float, counted: float, said: str) -> None:
    figures = {f"{key}_hr_at_10": 0.05 for key in BASELINES.values()}
    figures |= {"served_hr_at_10": served, "ease_hr_at_10": counted}
    assert said in verdict(figures)
    assert "EASE" in verdict(figures)
