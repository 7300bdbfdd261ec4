"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from pipelines.artifacts.drafting import made_from
from pipelines.classify.data import ClassedTexts
from pipelines.classify.evaluate import Judgement, by_class
from textwire.models.artifacts.manifest import Manifest

MOST_ROWS = 100


def write_card(manifest: Manifest, data: ClassedTexts, served: Judgement) -> str:
    """The card, in Markdown."""
    every = by_class(served, data)
    rows = "\n".join(
        f"| {name} | {precision:.2f} | {recall:.2f} | {f1:.2f} | {texts} |"
        for name, precision, recall, f1, texts in every[:MOST_ROWS]
    )
    more = f"\n{len(every) - MOST_ROWS} more are rarer.\n" if len(every) > MOST_ROWS else ""
    unseen = len(data.classes) - len(every)
    not_judged = f" {unseen} have no text in this half, so nothing is known of them." * bool(unseen)
    kind = "any number of these classes" if data.several else "one of these classes"
    return f"""# {manifest.task} {manifest.version}

Tells which {"of" if data.several else "one of"} {len(data.classes)} classes a text has: {kind}.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}{_vote(manifest)}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

On {len(served.right):,} held-out texts, calibrated on
{len(data.held_out) - len(served.right):,} others{_thresholds(data)}: {_figures(manifest, data)}

| class | precision | recall | F1 | texts |
|---|---|---|---|---|
{rows}
{more}
{len(every)} of {len(data.classes)} classes are in this half.{not_judged}

## What it does not do

It knows the classes that it was shown and no other: a text of none of them is told
{"none, or the nearest" if data.several else "the nearest"}. A text in letters that the base model's
vocabulary lacks is not told at all.

## Made from

{len(data.train):,} texts; {data.repeated:,} rows were left out, since they repeat another.

{made_from(manifest)}"""


def _vote(manifest: Manifest) -> str:
    share = manifest.metrics.get("neighbours_share", 0.0)
    return f"; {share:.0%} of what is told is the vote of the nearest learned texts" * bool(share)


def _thresholds(data: ClassedTexts) -> str:
    return ", on which each class's least probability was chosen too" if data.several else ""


def _figures(manifest: Manifest, data: ClassedTexts) -> str:
    m = manifest.metrics
    if data.several:
        return (
            f"micro-F1 {m['micro_f1']:.3f} (as it began {m['base_micro_f1']:.3f}, before int8 "
            f"{m['fp32_micro_f1']:.3f}), macro-F1 {m['macro_f1']:.3f}, F1 of texts "
            f"{m['text_f1']:.3f}, all classes right {m['exact']:.1%}, ECE {m['ece']:.3f}. int8 "
            f"tells all the same classes for {m['int8_same_label']:.1%}."
        )
    return (
        f"accuracy {m['accuracy']:.3f} (as it began {m['base_accuracy']:.3f}, before int8 "
        f"{m['fp32_accuracy']:.3f}), macro-F1 {m['macro_f1']:.3f}, ECE {m['ece']:.3f}. int8 tells "
        f"the same class for {m['int8_same_label']:.1%}."
    )
