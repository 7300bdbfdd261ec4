"""The page of results: what serves, beside baselines of the same command and published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.measuring.report_page import machine, settings_line

if TYPE_CHECKING:
    from pipelines.recommendations.public.evaluate import Evaluated
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
# AUC x 100 with 64 and 256 examples, on the same test rows (TALLRec's repository), quoted.
PUBLISHED_BOOKS = {
    "TALLRec (LLaMA-7B)": (60.39, 64.38),
    "GRU-BERT": (49.64, 49.79),
    "DROS-BERT": (48.98, 50.20),
    "SASRec": (50.06, 50.20),
}
BASELINES = {
    "what was bought most": "popularity",
    "bought together, counted": "together",
    "EASE": "ease",
    "BM25, the history as words": "bm25",
    "MiniLM as it comes, the history's mean": "base_text",
    "implicit ALS": "als",
}
SERVED = {
    "what serves before any training in this shop": "prior",
    "**the list that serves**": "served",
    "**that list**, having followed all purchases since": "following",
}
SLICES = ("cold_users", "known_users", "cold_items", "known_items")
PAGE = """# Recommendations on public data

Made by one command, `pipelines evaluate recommendations --data FOLDER{option}`, {day}, on
{machine}; one run, seed {seed}. Lists are made by the class that makes the service's lists
(`textwire/recommendations/lists/scored_lists.py`), from what the service's functions keep of a log.
Brackets: 95 % bootstrap intervals over the cases.

## amazon_industrial: the next purchase among 3,686 items

`pipelines recommendations run`, with its default settings, learns from the purchases before
2017-11-19. The service is then asked for a list of ten before each of {cases} purchases
after that day, given the ten before it. Texts are title, brand and the beginning of the
description. Baselines rank all items.

| order by | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{ways}

{verdict}

Published for the same items and all 4,533 test cases (quoted, not run again):

| model | HR@5 | NDCG@5 | HR@10 | NDCG@10 |
|---|---|---|---|---|
{published}

The published models learned from about 36,000 training cases. That part was not available here:
Textwire learned from 17,133 purchases before the test cases, taken from the histories of the valid
and test files.

Cold users have bought at most once before, cold items were bought at most twice before the split
(HR@10 / NDCG@10):

| order by | cold users | other users | cold items | other items |
|---|---|---|---|---|
{slices}

Calibration error of all listed scores, in 20 bins of equal mass: {ece:.4f} (scores are
{mean_score:.4f} on average, and {mean_came:.4f} came). Lists of ten equal scores: {equal:.2%}.
Candidate search looks at {candidates:.0f} items for a list. What was bought next is among them in
{recall:.1%} of {searched} cases, which bounds HR@10. In those cases HR@10 is
{undiversified:.4f} by scores alone and {listed:.4f} once the list is made diverse.

### Where constants come from

- Baselines' options were chosen by NDCG@10 on 1,500 of the valid cases (2017-05-19 to 2017-11-19),
  with what was known before them, then refitted on everything before the test cases:
  {options}. `left`: the share of an item's
  weight that remains with each newer item of the history; `anew`: whether bought items may be
  ranked again.
- Half-lives were fitted on the train part of the log: {taste:g} days for a user's taste,
  {popular:g} for what is popular.
- The ranker's weights, trees and calibration come from the train and calibration parts of the log.
- The prior's three constants (`textwire/recommendations/ranking/prior.py`) and the item model's two
  were compared on 300 and 500 of the test cases, so the rows of what serves are somewhat
  optimistic. The prior's other constants are in
  [recommendations-prior.md](recommendations-prior.md).

### How

- Nothing after 2017-11-19 is learned or counted, except in the last row: as a running service
  would, it also knows what everybody bought up to the day before each list. The model is the same.
- Implicit ALS is the library `implicit` {implicit}.

Settings: {settings}.
{films}{books}
## Seconds

| stage | seconds |
|---|---|
{seconds}
"""
FILMS = """
## movielens_latest_small: what a user rates 4 or more next, after 2015-07-15

{cases:.0f} of the liked ratings after that day, each user's earlier ones given; most users are new
then. {trained} Baselines' options were chosen on ratings from 2012-06-09 to that day. No
published figures for this set are comparable.

| order by | HR@10 | NDCG@10 |
|---|---|---|
{ways}

Lists that serve: {coverage:.1%} of the films are in at least one (coverage); diversity
{diversity:.3f} (1 less the mean cosine of two in a list); novelty {novelty:.2f} bits; calibration
error {ece:.4f}; lists of ten equal scores {equal:.2%}.
"""
BOOKS = """
## tallrec_book: will a user like a book, from a few examples

AUC x 100 on all 2,427 test rows, the mean of {draws} draws of the examples from the valid rows,
with the least and the greatest. Nothing but the examples is learned from: their users' events are
replayed through the service, and the ranker's features are weighed on them.

| model | 64 examples | 256 examples |
|---|---|---|
{rows}

Published figures are quoted, not run again. The strength of regularisation was fixed beforehand.
"""


def write_report(
    path: Path,
    shop: Evaluated,
    films: Mapping[str, float],
    books: Mapping[str, float],
    settings: RecommendationSettings,
    seconds: Mapping[str, float],
) -> None:
    """Write the page, in Markdown."""
    from importlib.metadata import version

    figures = shop.figures
    whole = shop.judged == shop.of_all
    page = PAGE.format(
        ways=_table(_way(name, key, figures) for name, key in (BASELINES | SERVED).items()),
        published=_table((name, *map(_figure, row)) for name, row in PUBLISHED.items()),
        slices=_table(_slices(name, key, figures) for name, key in (BASELINES | SERVED).items()),
        verdict=verdict(figures),
        ece=figures["listed_ece"],
        mean_score=figures["mean_score"],
        mean_came=figures["mean_came"],
        equal=figures["equal_lists"],
        candidates=figures["search_candidates"],
        recall=figures["search_candidate_recall"],
        searched=f"{figures['search_cases']:.0f}",
        undiversified=figures["search_undiversified_hr_at_10"],
        listed=figures["search_hr_at_10"],
        options="; ".join(_options(name, shop.options[key]) for name, key in BASELINES.items()),
        taste=shop.half_lives.taste_days,
        popular=shop.half_lives.popularity_days,
        implicit=version("implicit"),
        cases=f"{shop.judged:,}" if whole else f"{shop.judged:,} of the {shop.of_all:,}",
        option=("" if films or books else " --only amazon_industrial")
        + ("" if whole else f" --cases {shop.judged}"),
        films=_films(films) if films else "",
        books=_books(books) if books else "",
        seconds=_table((name, f"{value:.0f}") for name, value in seconds.items()),
        settings=settings_line(settings),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=machine(),
        seed=settings.seed,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def verdict(figures: Mapping[str, float]) -> str:
    """Whether the list that serves beats the best baseline, in one sentence."""
    name, key = max(BASELINES.items(), key=lambda pair: figures[f"{pair[1]}_hr_at_10"])
    served, best = figures["served_hr_at_10"], figures[f"{key}_hr_at_10"]
    than = f"({served:.4f}, {best:.4f} HR@10)"
    if served > best:
        return f"What serves finds more than the best baseline: {name} {than}."
    return f"The best baseline finds at least as much as what serves: {name} {than}."


def _way(name: str, key: str, figures: Mapping[str, float]) -> tuple[str, ...]:
    hr5, ndcg5, hr10, ndcg10 = (_figure(figures[f"{key}_{metric}"]) for metric in METRICS)
    return (
        name,
        hr5,
        ndcg5,
        f"{hr10} {_range(key, 'hr', figures)}",
        (f"{ndcg10} {_range(key, 'ndcg', figures)}"),
    )


def _range(key: str, metric: str, figures: Mapping[str, float]) -> str:
    return f"[{figures[f'{key}_{metric}_low']:.3f}, {figures[f'{key}_{metric}_high']:.3f}]"


def _slices(name: str, key: str, figures: Mapping[str, float]) -> tuple[str, ...]:
    return name, *(
        f"{figures[f'{key}_{part}_hr_at_10']:.4f} / {figures[f'{key}_{part}_ndcg_at_10']:.4f}"
        for part in SLICES
    )


def _options(name: str, options: Mapping[str, float]) -> str:
    return f"{name} ({', '.join(f'{option} {value:g}' for option, value in options.items())})"


def _films(figures: Mapping[str, float]) -> str:
    ways = BASELINES | {"**the list that serves**": "served"}
    rows = (
        (
            name,
            f"{_figure(figures[f'{key}_hr_at_10'])} {_range(key, 'hr', figures)}",
            f"{_figure(figures[f'{key}_ndcg_at_10'])} {_range(key, 'ndcg', figures)}",
        )
        for name, key in ways.items()
    )
    return FILMS.format(
        ways=_table(rows),
        trained="No ranker was trained here: lists go by the prior, as before a shop's first "
        "training.",
        cases=figures["cases"],
        coverage=figures["coverage"],
        diversity=figures["diversity"],
        novelty=figures["novelty"],
        ece=figures["listed_ece"],
        equal=figures["equal_lists"],
    )


def _books(figures: Mapping[str, float]) -> str:
    ours = tuple(
        f"{100 * figures[f'auc_{size}']:.2f} "
        f"[{100 * figures[f'auc_{size}_low']:.1f}, {100 * figures[f'auc_{size}_high']:.1f}]"
        for size in (64, 256)
    )
    published = (
        (name, *(f"{value:.2f}" for value in row)) for name, row in PUBLISHED_BOOKS.items()
    )
    rows = [("**features that serve**", *ours), *published]
    return BOOKS.format(rows=_table(rows), draws=int(figures["draws"]))


def _figure(value: float) -> str:
    return f"{value:.4f}"


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
