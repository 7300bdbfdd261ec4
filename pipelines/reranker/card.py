"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from pipelines.artifacts.drafting import made_from
from pipelines.reranker.data import RerankerData
from pipelines.reranker.public_sets import PUBLIC_SETS
from textwire.models.artifacts.manifest import Manifest


def write_card(manifest: Manifest, data: RerankerData, learned: int | None = None) -> str:
    """The card, in Markdown.

    Args: learned: so many questions were learned from; None: as said by what it was made of.
    """
    m = manifest.metrics
    rows = "\n".join(
        f"| {name} | {m[f'{key}recall_at_1']:.3f} | {m[f'{key}recall_at_5']:.3f} | "
        f"{m[f'{key}mrr']:.3f} | {m[f'{key}coverage']:.3f} | {m[f'{key}risk']:.3f} | "
        f"{m[f'{key}ece']:.3f} |"
        for name, key in (("retriever alone", "alone_"), ("reranked, int8", ""))
    )
    notices = "".join(
        f"\nBeside them: {kind.notice}."
        for kind in PUBLIC_SETS.values()
        if kind.file in manifest.data
    )
    read = manifest.settings["read"]
    questions = "Questions" if learned is None else f"{learned:,} questions"
    return f"""# {manifest.task} {manifest.version}

Reads a question beside each of the {read} best passages of the retriever
{manifest.settings["retriever"]}, and tells how likely each answers it. Reads at most
{manifest.max_tokens} tokens of both together.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

On one half of {len(data.support.held_out):,} held-out questions, and the unanswerable ones that
were held out; weight ({manifest.ranking["relevance"]:g} of the log odds, beside the
retriever's score), confidence and threshold ({manifest.thresholds["answer"]:.3f}) were fitted
on the other half.

| ranking | recall@1 | recall@5 | MRR | answered | wrong among answered | ECE |
|---|---|---|---|---|---|---|
{rows}

It finds more passages first than the retriever alone in {m["chance_of_gain"]:.0%} of all draws of a
paired bootstrap. int8 says the same as torch of {m["int8_same_label"]:.1%} of the pairs.

## What it does not do

It serves beside the retriever that it was made for, and no other. It was tuned on these passages;
how well it ranks others was not measured. It knows the language of its base model.

## Made from

{questions}, each with passages that nearly answer it.{notices}

{made_from(manifest)}"""
