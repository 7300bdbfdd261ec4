"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from pipelines.artifacts.drafting import made_from
from pipelines.dialogue_acts.calibrate import Halves
from pipelines.dialogue_acts.evaluate import Judgement, confusions
from textwire.models.artifacts.manifest import Manifest
from textwire.support_qa.dialogue_acts import ACTS


def write_card(manifest: Manifest, learned: int, halves: Halves, served: Judgement) -> str:
    """The card, in Markdown."""
    m = manifest.metrics
    recalls = "\n".join(
        f"| {act} | {m[f'recall_{act}']:.2f} |" for act in ACTS if f"recall_{act}" in m
    )
    mistakes = "\n".join(
        f"| {right} | {taken} | {count} |"
        for right, taken, count in confusions(served.found, halves.reported)
    )
    return f"""# {manifest.task} {manifest.version}

Tells what a customer's message does in a support conversation, from its words and what was said
right before it: {", ".join(ACTS)}.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

On {len(halves.reported):,} held-out messages, calibrated on {len(halves.fitted):,} others:
accuracy {m["accuracy"]:.3f} (as it began {m["base_accuracy"]:.3f}, before int8
{m["fp32_accuracy"]:.3f}), macro-F1 {m["macro_f1"]:.3f}, ECE {m["ece"]:.3f}; all acts of a message,
micro-F1 {m["part_micro_f1"]:.3f}. int8 tells the same act for {m["int8_same_label"]:.1%}.

| act | recall |
|---|---|
{recalls}

The commonest mistakes:

| is | taken for | messages |
|---|---|---|
{mistakes}

## What it does not do

It learned from English messages that one language model wrote one by one and labelled; nobody has
labelled them a second time. Where its act is unsure, the service looks at what the search says too.

## Made from

{learned:,} messages.

{made_from(manifest)}"""
