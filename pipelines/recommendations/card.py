"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.artifacts.drafting import made_from
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.split import TimeSplit
from textwire.models.artifacts.manifest import Manifest
from textwire.recommendations.profiles.half_lives import half_lives_of
from textwire.recommendations.ranking.features import DECLARED
from textwire.recommendations.ranking.mixed_model import SEQUENCE_PART

WAYS = (
    ("popularity", "popularity_"),
    ("the user's categories, then popularity", "category_"),
    ("match of texts, base model as it comes", "base_"),
    ("match of texts, tuned, int8", "text_"),
    ("ranker, before the list is made diverse", "undiversified_"),
    ("**the list that serves**", ""),
)


def write_card(manifest: Manifest, data: ShopData, parts: TimeSplit) -> str:
    """The card, in Markdown."""
    half_lives = half_lives_of(manifest)
    features = "\n".join(f"- `{feature.name}`: {feature.meaning}" for feature in DECLARED)
    return f"""# {manifest.task} {manifest.version}

An encoder that turns texts of items and users' own words into vectors of {manifest.dimension}
numbers, reading at most {manifest.max_tokens} tokens of each, and a ranker that gives the odds that
an item will be clicked or bought next. A user is the mean of what was seen and said, fading with a
half-life of {half_lives.taste_days:g} days, and what all users did lately with one of
{half_lives.popularity_days:g}, both fitted on the log.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

{_of_lists(manifest.metrics, data, parts)}

{_of_odds(manifest.metrics, parts)}

{_of_engines(manifest.metrics)}
{_of_sequences(manifest.metrics)}
## What the ranker sees

{features}

## What it does not do

- What was shown was chosen by whoever showed it; what was not shown could not be liked, and counts
  here as not liked. Odds are therefore of being found and liked, not of being liked if shown.
- Calibrated for these users and items, one visit ahead. Elsewhere the order may hold, the odds need
  not.
- It knows the languages of its base model.

## Made from

{len(data.events):,} events on {len(data.by_id):,} items, divided by time: {len(parts.train):,}
moments to learn from, {len(parts.calibration):,} to calibrate on, {len(parts.test):,} to be judged
on.

{made_from(manifest)}"""


def _of_lists(m: Mapping[str, float], data: ShopData, parts: TimeSplit) -> str:
    judged = sum(bool(moment.liked) for moment in parts.test)
    rows = "\n".join(
        f"| {name} | {m[f'{key}hr_at_10']:.3f} | {m[f'{key}ndcg_at_10']:.3f} "
        f"| {m[f'{key}mrr_at_10']:.3f} |"
        for name, key in WAYS
    )
    return f"""\
At {judged:,} moments of the last part of the time a list of ten is made with what was known before,
by the function that serves and with the service's settings as they come; one item is right: the
next that was clicked or bought in that visit. Simple ways rank everything that could be offered.

| list by | HR@10 | NDCG@10 | MRR@10 |
|---|---|---|---|
{rows}

Search looks at {m["candidates"]:.0f} items of {len(data.by_id):,} for a list, and finds the right
one in {m["candidate_recall"]:.1%} of the moments: no list can hold it more often."""


def _of_odds(m: Mapping[str, float], parts: TimeSplit) -> str:
    values = (
        *(f"{m['auc']:.3f}", f"{m['log_loss']:.4f}", f"{m['log_loss_of_mean']:.4f}"),
        *(f"{m['ece']:.4f}", f"{m['liked_part']:.2%}"),
    )
    return f"""\
Odds, over every item that was looked at, at all {len(parts.test):,} moments of that part:

| AUC | log loss | log loss of the mean | ECE, 20 bins of equal mass | liked |
|---|---|---|---|---|
| {" | ".join(values)} |"""


def _of_engines(m: Mapping[str, float]) -> str:
    return f"""\
int8 beside torch: cosine {m["int8_cosine_mean"]:.4f} on average, {m["int8_cosine_min"]:.4f} at
worst; the same nearest item for {m["int8_top1"]:.1%} of the users. The ranker's ONNX graph differs
from its trees by at most {m["ranker_onnx_difference"]:.1g}."""


def _of_sequences(m: Mapping[str, float]) -> str:
    if SEQUENCE_PART not in m:
        return ""
    return f"""
What follows from a user's items, NDCG@10 over all that could be offered in the calibration part: a
sequence model {m["sequence_ndcg_at_10"]:.3f}, the item model {m["sequence_items_ndcg_at_10"]:.3f},
both mixed {m["sequence_mixed_ndcg_at_10"]:.3f}, texts {m["sequence_texts_ndcg_at_10"]:.3f}. Of the
draws of a paired bootstrap the sequence model finds more than items and texts in
{m["sequence_chance"]:.0%}, the mixture in {m["sequence_mixed_chance"]:.0%}. What serves is
{m[SEQUENCE_PART]:.0%} sequence model.
"""
