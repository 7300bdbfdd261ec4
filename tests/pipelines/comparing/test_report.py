"""Tables of methods, from made-up trials."""

from pathlib import Path

import numpy as np

from pipelines.comparing.report import Conditions, write_report
from pipelines.comparing.summary import chance_to_beat, summarise
from pipelines.comparing.trial import Trial

CONDITIONS = Conditions("pipelines compare x", "sentiment", "tiny", "10 rows", 1, (0, 1))


def trial(method: str, right: int, seed: int = 0, **changes: object) -> Trial:
    usual: dict[str, object] = {
        "metric": "accuracy",
        "scores": tuple([1.0] * right + [0.0] * (100 - right)),
        "trainable": 1_000,
        "seconds": 3.0,
        "slices": {"short": (0.5, 40), "few": (0.1, 3)},
        "under_noise": {"all small": 0.4},
    }
    return Trial(method=method, seed=seed, **(usual | changes))  # type: ignore[arg-type]


def test_seeds_are_averaged_row_by_row() -> None:
    summary = summarise([trial("lora", 80), trial("lora", 60, seed=1)])
    assert summary.by_seed == (0.8, 0.6)
    assert np.isclose(summary.score.mean, 0.7)
    assert sorted(set(summary.row_scores)) == [0.0, 0.5, 1.0]


def test_a_seed_that_failed_is_said_and_the_others_count() -> None:
    summary = summarise([trial("lora", 80), Trial(method="lora", seed=1, failed="no memory")])
    assert summary.by_seed == (0.8,)
    assert summary.failed == "seed 1: no memory"


def test_a_method_that_is_equal_does_not_beat_the_other() -> None:
    same, better = summarise([trial("a", 80)]), summarise([trial("b", 95)])
    assert chance_to_beat(same, same) == 0.0
    assert chance_to_beat(better, same) > 0.99


def test_the_page_has_a_row_for_each_the_best_first_and_says_what_failed(tmp_path: Path) -> None:
    summaries = [
        summarise([trial("head", 60)]),
        summarise([trial("full", 90, trainable=10_000_000)]),
        summarise([Trial(method="prefix", seed=0, failed="peft does not fit")]),
    ]
    page = write_report(tmp_path / "out", CONDITIONS, summaries)
    text = page.read_text()
    assert text.index("| **full** |") < text.index("| head |")
    assert "10,000,000" in text
    assert "- prefix: peft does not fit" in text
    assert "| short | 40 | 0.500 | 0.500 |" in text
    assert "few" not in text
    for picture in page.parent.glob("*.png"):
        assert f"]({picture.name})" in text
    assert len(list(page.parent.glob("*.png"))) == 2


def test_where_all_failed_the_page_says_so(tmp_path: Path) -> None:
    failed = summarise([Trial(method="full", seed=0, failed="no memory")])
    assert "- full: no memory" in write_report(tmp_path, CONDITIONS, [failed]).read_text()
