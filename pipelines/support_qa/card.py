"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from pipelines.artifacts.drafting import made_from
from pipelines.support_qa.data import SupportData
from textwire.models.artifacts.manifest import Manifest

HOW_CALIBRATED = """\
Confidence is a logistic regression over what retrieval found.

- Fitted on one half of the held-out questions (random, by the seed) {fitted}.
- Threshold: the least confidence at which at most {max_risk:.0%} of the answers given to the same
  questions were wrong.
- Reported (the figures above) on the other half {reported}."""
WITH_UNANSWERABLE = (
    "and the {train} unanswerable ones marked `train`",
    "and the {held_out} unanswerable ones marked `held_out`",
)
WITHOUT_UNANSWERABLE = (
    "with one passage in five taken out of the index, so that some have no answer",
    "again without those passages",
)


def write_card(manifest: Manifest, data: SupportData) -> str:
    """The card, in Markdown."""
    m = manifest.metrics
    rows = "\n".join(
        f"| {name} | {m[f'{key}recall_at_1']:.3f} | {m[f'{key}recall_at_5']:.3f} "
        f"| {m[f'{key}mrr']:.3f} |"
        for name, key in (("base, fp32", "base_"), ("tuned, fp32", "fp32_"), ("tuned, int8", ""))
    )
    return f"""# {manifest.task} {manifest.version}

Turns questions and passages into vectors of {manifest.dimension} numbers, so that a question lies
near the passage that answers it. Reads at most {manifest.max_tokens} tokens of a text.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

{len(data.held_out):,} held-out questions, {
        len(data.passages):,} passages, ranked as when it serves: by the
cosines with heading (weight {manifest.ranking["heading"]:.1f}) and text ({
        1 - manifest.ranking["heading"]:.1f}), and by words ({manifest.ranking["words"]:.1f}). These
weights were chosen on the half of the questions on which the confidence was fitted; on the other
half recall@1 is {
        m[
            "reported_recall_at_1"
        ]:.3f}. The base is measured with the weights for knowledge that nobody
chose weights for.

| model | recall@1 | recall@5 | MRR |
|---|---|---|---|
{rows}

int8 beside torch, vectors alone: cosine {m["int8_cosine_mean"]:.4f} on average, {
        m["int8_cosine_min"]:.4f} at worst;
the same nearest passage for {m["int8_top1"]:.1%} of the questions.

## Confidence

| threshold | coverage | wrong among answered | ECE | Brier |
|---|---|---|---|---|
| {manifest.thresholds["answer"]:.3f} | {m["coverage"]:.3f} | {m["risk"]:.3f} | {m["ece"]:.3f} | {
        m["brier"]:.3f} |

{_how_calibrated(manifest, data)}

## What it does not do

It was tuned on these passages. How well it finds others was not measured, and its confidence is
calibrated for these alone. It knows the languages of its base model.

## Made from

{len(data.train)} training questions to {len(data.passages)} passages.

{made_from(manifest)}"""


def _how_calibrated(manifest: Manifest, data: SupportData) -> str:
    texts = WITH_UNANSWERABLE if data.unanswerable_train else WITHOUT_UNANSWERABLE
    counts = {
        "train": len(data.unanswerable_train),
        "held_out": len(data.unanswerable_held_out),
    }
    fitted, reported = (text.format(**counts) for text in texts)
    max_risk = float(manifest.settings["max_risk"] or 0)
    return HOW_CALIBRATED.format(fitted=fitted, reported=reported, max_risk=max_risk)
