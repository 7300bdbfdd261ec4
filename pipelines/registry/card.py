"""What every card ends with: plots, and where the model is weak."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipelines.measuring.bootstrap import mean_interval
from pipelines.measuring.judgement import Judgement
from textwire.models.artifacts.artifact import hash_files
from textwire.models.artifacts.manifest import Manifest

CARD_FILE = "README.md"
JUDGED_FILE = "judged.json"
LEAST_OF_SLICE = 5


def with_plots(manifest: Manifest, judged: Judgement, folder: Path) -> Manifest:
    """The manifest, once plots and what was made of each held-out row stand beside the model."""
    from pipelines.registry import plots

    plots.save(plots.reliability_diagram(judged), folder / "reliability.png")
    plots.save(plots.risk_coverage_curve(judged), folder / "risk-coverage.png")
    if 0 < len(judged.labels) <= plots.MOST_CLASSES:
        plots.save(plots.confusion_matrix(judged), folder / "confusion.png")
    (folder / JUDGED_FILE).write_bytes(judged.encoded())
    card = folder / CARD_FILE
    text = card.read_text(encoding="utf-8") if card.is_file() else ""
    card.write_text(f"{text}\n{_section(judged, folder)}", encoding="utf-8")
    return msgspec.structs.replace(manifest, files=hash_files(folder))


def _section(judged: Judgement, folder: Path) -> str:
    pictures = "\n\n".join(
        f"![{said}]({name})"
        for name, said in (
            ("reliability.png", "How often answers are right beside how sure the model was"),
            ("risk-coverage.png", "What is wrong among the surest part"),
            ("confusion.png", "What is told as what"),
        )
        if (folder / name).is_file()
    )
    rows = "\n".join(
        f"| {name} | {score:.3f} | {count:,} |"
        for name, (score, count) in judged.slices.items()
        if count >= LEAST_OF_SLICE
    )
    return f"""## As it serves, in pictures

{judged.metric} {mean_interval(judged.scores)} on {len(judged.scores):,} held-out rows (interval of
95 %, by bootstrap); calibration error {judged.ece:.3f}; {judged.texts_per_s:,.0f} texts/s on the
machine that made it. `{JUDGED_FILE}` holds what was made of each row.

{pictures}

| part of the rows | {judged.metric} | rows |
|---|---|---|
{rows}
"""
