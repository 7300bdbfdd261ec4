"""Temperatures, thresholds, and the halves that they are fitted and reported on."""

from pathlib import Path

import numpy as np

from pipelines.sentiment_alerts.calibrate import (
    MOST_LOST,
    calibrate,
    choose_confidence,
    halve,
)
from pipelines.sentiment_alerts.evaluate import judge
from tests.pipelines.sentiment_alerts.news import write_news
from textwire.sentiment_alerts.scoring.tone import tones

RNG = np.random.default_rng(0)


def test_a_tone_that_is_mostly_wrong_below_a_confidence_counts_from_there_on() -> None:
    sure = np.tile(np.float32([0.9, 0.05, 0.05]), (100, 1))
    unsure = np.tile(np.float32([0.5, 0.3, 0.2]), (100, 1))
    labels = np.array([0] * 100 + [1] * 100)
    least = choose_confidence(np.concatenate([sure, unsure]), labels)
    assert 0.5 < least <= 0.9


def test_silence_costs_no_more_than_what_it_may() -> None:
    probabilities = RNG.dirichlet((1, 1, 1), 2000).astype(np.float32)
    labels = np.array([RNG.choice(3, p=row / row.sum()) for row in probabilities.astype(float)])
    told = {t: (tones(probabilities, t) == labels).mean() for t in (0.0, 0.5)}
    least = choose_confidence(probabilities, labels)
    assert (tones(probabilities, least) == labels).mean() >= max(told.values()) - MOST_LOST - 1e-9


def test_halves_share_no_article_and_companies_stay_with_theirs(tmp_path: Path) -> None:
    data = write_news(tmp_path / "news").read()
    fitted, reported = halve(data, seed=0)
    assert not set(fitted.texts) & set(reported.texts)
    assert {len(fitted), len(reported)} == {10, 11}  # 10 articles, one of them of two companies
    assert halve(data, seed=0).fitted.texts == fitted.texts


def test_what_is_reported_plays_no_part_in_the_calibration(tmp_path: Path) -> None:
    halves = halve(write_news(tmp_path / "news").read(), seed=0)
    logits = {text: RNG.normal(size=5).astype(np.float32) for half in halves for text in half.texts}

    def read(texts, factor: float = 1.0):
        rows = np.array([logits[text] for text in texts]) * factor
        return rows[:, :3], rows[:, 3:]

    topics = ("money", "shops")
    heads, tone, thresholds = calibrate(*read(halves.fitted.texts), halves.fitted, topics)
    judged = judge(read, halves, topics)
    assert (judged.heads, judged.tone, judged.thresholds) == (heads, tone, thresholds)
    assert {"accuracy", "company_macro_f1", "all_brier", "topic_macro_f1"} <= set(judged.metrics)
