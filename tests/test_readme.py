"""What the README says of the champions is what their manifests say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from textwire.models.shipped.champions import shipped_champion

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def figures_of(task: str) -> dict[str, float]:
    shipped = shipped_champion(task)
    assert shipped is not None
    return dict(shipped.manifest.metrics)


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


@pytest.mark.parametrize("of", ["", "base_"])
def test_support_qa_is_as_good_as_its_champion(of: str) -> None:
    made = figures_of("support-qa")
    assert f"{made[of + 'recall_at_1']:.3f}; {made[of + 'recall_at_5']:.3f}" in README
    assert f"answers {100 * made['coverage']:.0f} % of the questions" in README
    assert f"{percent(made['risk'])} of those wrongly" in README


@pytest.mark.parametrize("of", ["", "base_"])
def test_the_other_models_are_as_good_as_their_champions(of: str) -> None:
    tone, lists = figures_of("sentiment"), figures_of("recommendations")
    accuracies = tone[f"{of}accuracy"], tone[f"{of}company_accuracy"]
    said = [
        "; ".join(map(percent, accuracies)),
        f"{tone[f'{of}topic_micro_f1']:.3f}",
        percent(figures_of("dialogue-acts")[f"{of}accuracy"]),
        percent(lists[f"{of}hr_at_10"]),
    ]
    assert [one for one in said if f"| {one} |" not in README] == []


def test_the_results_of_sentiment_begin_with_the_version_that_travels_and_the_readmes_figures() -> (
    None
):
    results = (ROOT / "docs" / "results" / "sentiment_alerts.md").read_text(encoding="utf-8")
    first = results.partition("## The model that serves")[2].partition("\n### ")[0]
    shipped = shipped_champion("sentiment")
    assert shipped is not None
    assert shipped.manifest.version in first
    told = re.search(r"\| the model that serves: SEntFiN.*\| ([\d.]+) %; ([\d.]+) % \|", README)
    assert told is not None
    measured = [float(figure) for figure in re.findall(r"\d+\.\d\d", first)]
    for figure in map(float, told.groups()):
        assert min(abs(figure - one) for one in measured) < 0.051  # the README rounds to a tenth
