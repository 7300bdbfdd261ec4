"""The page of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.classify.settings import ClassifySettings

PUBLISHED = {
    "reuters21578": "BERT-base 89.0, BERT-large 90.7 (Adhikari et al. 2019), SVM 86.0 (Yang and "
    "Liu 1999)",
    "banking77": "BERT-large 93.66 (Casanueva et al. 2020), ModernBERT-base 93.99",
}


@dataclass(frozen=True)
class Measured:
    """A set's figures; where a text has one class, micro-F1 is accuracy."""

    name: str
    learned: int
    tested: int
    classes: int
    micro_f1: float
    macro_f1: float
    of_texts: str  # F1 of texts, with its interval

    def figures(self) -> str:
        """In one line."""
        return (
            f"micro-F1 {self.micro_f1:.3f}, macro-F1 {self.macro_f1:.3f}, F1 of texts "
            f"{self.of_texts}; {self.learned:,} learned from, {self.tested:,} told, "
            f"{self.classes} classes"
        )


def write_report(
    page: Path, command: str, settings: ClassifySettings, found: Sequence[Measured]
) -> None:
    """Write one table."""
    rows = "\n".join(
        f"| {one.name} | {one.learned:,} / {one.tested:,} | {one.classes} | "
        f"{100 * one.micro_f1:.1f} | {100 * one.macro_f1:.1f} | {one.of_texts} | "
        f"{PUBLISHED[one.name]} |"
        for one in found
    )
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        f"""# Own classes, on public data

Made by `{command}`: base {settings.base}, method {settings.method}, {settings.epochs} epochs, at
most {settings.train_tokens} tokens of a text while training and {settings.max_tokens} when it
serves, the int8 graph as it serves. One text in ten of the training part calibrates the model and
chooses its thresholds; the test part decides nothing. Reuters-21578 is split by ModApte, stories of
none of the 90 topics left out. The interval is that of 95 %, by bootstrap over texts. Where a text
has one class, micro-F1 is accuracy.

| set | learned from / tested on | classes | micro-F1 | macro-F1 | F1 of texts | published, on all |
|---|---|---|---|---|---|---|
{rows}
""",
        encoding="utf-8",
    )
