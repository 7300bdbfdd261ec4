"""The page of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.classify.public.figures import Figures
from pipelines.classify.settings import ClassifySettings
from textwire.models.artifacts.manifest import Manifest

PUBLISHED = {
    "banking77": "BERT-large 93.66 (Casanueva et al. 2020), ModernBERT-base 93.99",
    "banking77-10": "USE+ConveRT 85.19, DNNC 86.71, CPFT 87.20, ICDA 89.79",
    "reuters21578": "BERT-base 89.0, BERT-large 90.7 (Adhikari et al. 2019), SVM 86.0 (Yang and "
    "Liu 1999)",
}


@dataclass(frozen=True)
class Measured:
    """A set's figures on its test part.

    words    of a linear SVM over words.
    seconds  of processor time, from reading to the checked int8 graph.
    """

    name: str
    learned: int
    held_out: int
    tested: int
    classes: int
    served: Figures
    fp32: Figures
    words: Figures
    seconds: float
    manifest: Manifest
    epochs: int

    def figures(self) -> str:
        """In one line."""
        return (
            f"micro-F1 {self.served} at int8, {self.fp32} at fp32, macro-F1 "
            f"{100 * self.served.macro_f1:.1f}; words and a linear SVM {self.words}; "
            f"{self.learned:,} learned from, {self.tested:,} told, {self.seconds:.0f} s"
        )


def write_report(
    page: Path,
    command: str,
    settings: ClassifySettings,
    found: Sequence[Measured],
    left_out: Sequence[str],
) -> None:
    """Write the tables."""
    rows = "\n".join(
        f"| {one.name} | {one.learned:,} / {one.tested:,} | {one.classes} | {one.epochs} | "
        f"**{one.served}** | {one.fp32} | {one.served.gain_over(one.fp32)} | "
        f"{100 * one.served.macro_f1:.1f} | {one.words} | {one.seconds:.0f} | "
        f"{PUBLISHED[one.name]} |"
        for one in found
    )
    held = "\n".join(_held_out(one) for one in found)
    missing = f"\nNot run: {', '.join(left_out)}.\n" if left_out else ""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        f"""# Own classes, on public data

Made by `{command}`: base {settings.base}, method {settings.method}, at most
{settings.train_tokens} tokens of a text while training and {settings.max_tokens} when it serves,
one run, seed {settings.seed}. Settings are the usual ones of `pipelines classify run`, but for the
epochs of the few-shot set. Micro-F1 in percent, which is accuracy where a text has one class, with
one standard error, by bootstrap over texts; differences are paired. Seconds are of processor time,
from reading to the checked int8 graph.

| set | learned from / tested on | classes | epochs | micro-F1, int8 as it serves | fp32 | \
int8 less fp32 | macro-F1, int8 | words and a linear SVM, made here | s | published, on all |
|---|---|---|---|---|---|---|---|---|---|---|
{rows}
{missing}
`banking77-10`: ten questions an intent, drawn by lot. Reuters-21578 is split by ModApte, stories of
none of the 90 topics left out.

## What was chosen on what

The test part decides nothing. Of the training part some texts are held out: one half of them fits
temperature, thresholds, and how much of a vote the nearest learned texts get, the other half is
reported:

| set | held out | the head on the base as it comes | tuned, fp32 | int8 | ECE | neighbours' vote: \
cross-entropy less |
|---|---|---|---|---|---|---|
{held}
""",
        encoding="utf-8",
    )


def _held_out(one: Measured) -> str:
    m = one.manifest.metrics
    main = "micro_f1" if "micro_f1" in m else "accuracy"
    gain = (
        f"{m['neighbours_gain']:.4f} ± {m['neighbours_gain_error']:.4f}, so "
        + (f"{m['neighbours_share']:.0%}" if m["neighbours_share"] else "none")
        if "neighbours_gain" in m
        else "not asked for"
    )
    shares = " | ".join(f"{100 * m[f'{of}{main}']:.1f}" for of in ("base_", "fp32_", ""))
    return f"| {one.name} | {one.held_out:,} | {shares} | {m['ece']:.3f} | {gain} |"
