"""Methods tried for real, on a tiny model and a small world."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.comparing.compare import Budget, compare_methods
from pipelines.comparing.sampling import Sampled
from pipelines.comparing.verb import chosen_methods
from pipelines.sentiment_alerts.pipeline import pipeline as sentiment
from pipelines.support_qa.pipeline import pipeline as support_qa
from pipelines.support_qa.samples import SampleQuestions
from pipelines.tuning.methods import METHODS
from tests.pipelines.runs import quiet
from tests.pipelines.sentiment_alerts.news import write_news
from tests.pipelines.sentiment_alerts.test_run import quick as quick_news
from textwire.errors import SettingsError

pytestmark = pytest.mark.timeout(300)


@pytest.mark.slow
def test_methods_run_each_in_a_process_of_its_own(tiny_base: Path, tmp_path: Path) -> None:
    news = write_news(tmp_path / "news")
    small = replace(sentiment, usual=lambda: (news, quick_news(tiny_base)))
    head, lora = compare_methods(small, news, ("head", "lora"), Budget(epochs=1), quiet())
    assert not head.failed + lora.failed
    assert 0 < head.trainable < lora.trainable
    assert len(head.row_scores) == len(lora.row_scores) > 0
    assert head.texts_per_s > 0
    assert head.peak_mb > 50
    assert dict(lora.under_noise)


def test_a_method_that_takes_too_long_is_stopped_and_said(tiny_base: Path, tmp_path: Path) -> None:
    news = write_news(tmp_path / "news")
    small = replace(sentiment, usual=lambda: (news, quick_news(tiny_base)))
    [summary] = compare_methods(small, news, ("head",), Budget(minutes=0.001), quiet())
    assert summary.failed == "not done within 0.001 minutes"


def test_a_budget_draws_the_same_rows_each_time(sample_folder: SampleQuestions) -> None:
    sampled = Sampled(sample_folder, rows=12, held_out=9)
    first, again = sampled.read(), sampled.read()
    assert (len(first.train), len(first.held_out)) == (12, 9)
    assert first == again
    assert support_qa.own_rows is not None


def test_all_methods_are_tried_unless_some_are_named() -> None:
    assert chosen_methods(None) == METHODS
    assert chosen_methods("lora, full") == ("full", "lora")
    with pytest.raises(SettingsError, match=r"no magic.*Methods are full"):
        chosen_methods("full,magic")


def test_what_learns_from_two_files_is_compared_on_its_samples(tmp_path: Path) -> None:
    data = tmp_path / "events.csv"
    data.write_text("user_id,kind\n")
    done = CliRunner().invoke(main, ["compare", "recommendations", "--data", str(data)])
    assert done.exit_code == 1
    assert "more than one file" in done.output
