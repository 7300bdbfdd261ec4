"""The page of results: what serves, beside what counting finds and what others published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.report_page import machine, settings_line

if TYPE_CHECKING:
    from pipelines.recommendations.settings import RecommendationSettings

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
    "what was bought most, counted": "popularity",
    "what the same users bought, counted": "together",
    "**the list that serves**": "served",
    "**that list**, having followed all purchases since": "following",
}
NOT_SERVED = {
    "the ranker alone, before the list is made diverse": "served_undiversified",
    "match of texts alone, fine-tuned as it serves": "text",
    "match of texts alone, base model as it comes": "base_text",
}
PAGE = """# Recommendations on amazon_industrial

What does a user buy next? A shop's owner runs `pipelines recommendations run` on the purchases
before 2017-11-19, as it comes, and the service is asked for a list of ten before each of {cases}
purchases after that day, given the ten before it. Lists are made by the function that serves
(`textwire/recommendations/list_building.py`): candidate search, ranker, diversity. Texts are title,
brand and the beginning of the description.

| order by | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{ours}

{verdict}

Search looks at {candidates:.0f} of 3,686 items for a list, and the one that was bought next is
among them in {recall:.1%} of the cases: no list can hold it more often. 2.8 % of the purchases are
of what the user bought before, nearly all on the same day; the log before them says how often.

Not served, to tell what each part is worth:

| order by | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{not_served}

Published for the same items and all 4,533 test cases, quoted and not run again; each ranks all
items:

| model | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{published}

The published models learned from about 36,000 training cases. That part is larger than what could
be had here: 17,133 purchases from before the test cases, taken from the histories of the valid and
test files.

## How

- `pipelines evaluate recommendations --data FOLDER{option}`, {day}, on {machine}; one run, seed
  {seed}.
- Nothing after 2017-11-19 is learned or counted. The second bold line alone also knows, when a list
  is asked for, what everybody bought up to the day before, as a service that runs does: the model
  is the same, popularity and profiles go on. Counts stand still, so the first bold line is what
  compares with them. Popularity looks back for two weeks: that line has none for most of the cases.
- What the same users bought: of how many users bought both items; a history's newest item weighs 1,
  each before it half of the next. On the valid cases that beat counts of what followed alone, and
  counts divided by how much is bought.
- A user is folded by the function that serves, with the half-life fitted on the log.

Settings: {settings}.

| stage | seconds |
|---|---|
{seconds}
"""


def write_report(
    path: Path,
    figures: Mapping[str, float],
    cases: tuple[int, int],
    settings: RecommendationSettings,
    seconds: Mapping[str, float],
) -> None:
    """Write the page, in Markdown.

    Args: cases: how many were judged, of how many.
    """
    judged, of_all = cases
    page = PAGE.format(
        ours=_ways(OURS, figures),
        not_served=_ways(NOT_SERVED, figures),
        published=_table((name, *map(_figure, row)) for name, row in PUBLISHED.items()),
        verdict=verdict(figures),
        candidates=figures["served_candidates"],
        recall=figures["served_candidate_recall"],
        cases=f"{judged:,}" if judged == of_all else f"{judged:,} of the {of_all:,}",
        option="" if judged == of_all else f" --cases {judged}",
        seconds=_table((name, f"{value:.0f}") for name, value in seconds.items()),
        settings=settings_line(settings),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=machine(),
        seed=settings.seed,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def verdict(figures: Mapping[str, float]) -> str:
    """Whether the list that serves beats counting, in one sentence."""
    served, counted = figures["served_hr_at_10"], figures["together_hr_at_10"]
    if served > counted:
        return f"What serves finds more than counting does ({served:.4f}, {counted:.4f} HR@10)."
    return (
        f"Counting what the same users bought finds more than what serves does ({counted:.4f},\n"
        f"{served:.4f} HR@10)."
    )


def _ways(ways: Mapping[str, str], figures: Mapping[str, float]) -> str:
    return _table(
        (name, *(_figure(figures[f"{key}_{metric}"]) for metric in METRICS))
        for name, key in ways.items()
    )


def _figure(value: float) -> str:
    return f"{value:.4f}"


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
