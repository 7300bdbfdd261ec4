"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.artifacts.drafting import made_from
from pipelines.entities.data import AnnotatedText, EntityData
from pipelines.entities.evaluate import Judgement, by_kind
from textwire.models.artifacts.manifest import Manifest


def write_card(
    manifest: Manifest,
    data: EntityData,
    reported: Sequence[AnnotatedText],
    served: Judgement,
    lost: tuple[int, int],
) -> str:
    """The card, in Markdown.

    Args: lost: held-out entities that no tags of words can say, and all of them.
    """
    m = manifest.metrics
    rows = "\n".join(
        f"| {kind} | {precision:.2f} | {recall:.2f} | {f1:.2f} | {entities} |"
        for kind, precision, recall, f1, entities in by_kind(served.told, reported, data.kinds)
    )
    return f"""# {manifest.task} {manifest.version}

Finds names of entities in texts, of {len(data.kinds)} kinds: {", ".join(data.kinds)}.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

On {len(reported):,} held-out texts, calibrated on {len(data.held_out) - len(reported):,} others:
F1 of entities {m["f1"]:.3f} (a head on the base {m["base_f1"]:.3f}, before int8
{m["fp32_f1"]:.3f}), precision {m["precision"]:.3f}, recall {m["recall"]:.3f}, ECE of their scores
{m["ece"]:.3f}. An entity counts if its first letter, its last one and its kind are right. int8 tags
{m["int8_same_label"]:.1%} of the words the same.

| kind | precision | recall | F1 | entities |
|---|---|---|---|---|
{rows}

## What it does not do

Entities begin and end with words; of {lost[1]:,} held-out ones {lost[0]:,} do not, or stand beyond
the {manifest.max_tokens} tokens that are read, and count as missed. One within another is not
found.

## Made from

{len(data.train):,} texts; {data.repeated:,} rows were left out, since they repeat another.

{made_from(manifest)}"""
