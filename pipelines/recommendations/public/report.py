"""The page of results: ours beside what others published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.report_page import machine, settings_line

if TYPE_CHECKING:
    from pipelines.recommendations.public.settings import AmazonSettings
    from pipelines.recommendations.public.signals import Chosen

METRICS = ("hr_at_5", "ndcg_at_5", "hr_at_10", "ndcg_at_10")
# On the same items and test cases (the figure of MiniOneRec's repository), quoted.
PUBLISHED = {
    "GRU4Rec": (0.0774, 0.0598, 0.0999, 0.0669),
    "Caser": (0.0717, 0.0555, 0.0942, 0.0628),
    "SASRec": (0.0909, 0.0748, 0.1088, 0.0806),
    "HSTU": (0.1037, 0.0918, 0.1163, 0.0958),
    "TIGER": (0.1010, 0.0807, 0.1321, 0.0908),
    "LC-Rec": (0.1057, 0.0862, 0.1332, 0.0952),
    "S-DPO": (0.1238, 0.0991, 0.1524, 0.1082),
    "MiniOneRec": (0.1321, 0.1084, 0.1586, 0.1167),
}
OURS = {
    "what was bought most": "popularity",
    "what was bought together": "together",
    "match of texts, base model as it comes, fp32": "base_text",
    "base model, fused, fp32": "base_fused",
    "base model, fused, int8": "base_int8_fused",
    "match of texts, fine-tuned, fp32": "tuned_text",
    "fine-tuned, fused, fp32": "tuned_fused",
    "fine-tuned, fused, int8": "tuned_int8_fused",
}
# What would serve: the model that is better on the valid cases.
SERVES = {"base": "base_int8_fused", "tuned": "tuned_int8_fused"}
PAGE = """# Recommendations on amazon_industrial

What does a user buy next? All 3,686 items are ranked for each of {cases:,} purchases after
2017-11-19, given the ten before it. Texts are title, brand and the beginning of the description;
MiniLM-L6 has 22 million parameters, and serves at int8 on one core.

| order by | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{ours}

Published for the same items and test cases, quoted and not run again:

| model | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{published}

Bold: what would serve, by the valid cases. *Fused* adds to the match of texts what was bought
together and what is bought much, and takes something from what the user has bought already.

The published models learned from about 36,000 training cases. That part is not public any more:
here 17,133 purchases from before the test cases are what can be learned from.

## How

- `pipelines evaluate recommendations --data FOLDER`, {day}, on {machine}; one run, seed {seed}.
- Learned and counted is from before 2017-11-19 alone. Weights, and which model would serve, were
  chosen on the valid cases, with counts made and a model tuned before 2017-05-19:
{weights}
  The cosines are divided by their standard deviation first.
- A user is folded from the given history by the function that serves, with a half-life of
  {half_life_days:g} days.

Settings: {settings}.

| stage | seconds |
|---|---|
{seconds}
"""


def write_report(
    path: Path,
    figures: Mapping[str, float],
    chosen: Mapping[str, Chosen],
    cases: int,
    settings: AmazonSettings,
    seconds: Mapping[str, float],
) -> None:
    """Write the page, in Markdown."""
    serves = SERVES[max(chosen, key=lambda name: chosen[name].ndcg_at_10)]
    ours = {
        f"**{name}**" if key == serves else name: [figures[f"{key}_{metric}"] for metric in METRICS]
        for name, key in OURS.items()
    }
    page = PAGE.format(
        ours=_table((name, *map(_figure, row)) for name, row in ours.items()),
        weights="\n".join(_weighed(name, one) for name, one in chosen.items()),
        published=_table((name, *map(_figure, row)) for name, row in PUBLISHED.items()),
        seconds=_table((name, f"{value:.0f}") for name, value in seconds.items()),
        settings=settings_line(settings),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=machine(),
        cases=cases,
        seed=settings.seed,
        half_life_days=settings.half_life_days,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _weighed(name: str, chosen: Chosen) -> str:
    together, popularity, bought = chosen.weights
    return (
        f"  - {name}: cosine + {together:g} * bought together + {popularity:g} * log(1 + count) - "
        f"{bought:g} where the user bought it (NDCG@10 there {chosen.ndcg_at_10:.4f})"
    )


def _figure(value: float) -> str:
    return f"{value:.4f}"


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
