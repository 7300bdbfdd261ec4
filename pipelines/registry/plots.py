"""The plots of a model card: reliability, risk and coverage, confusion; as PNG files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from pipelines.measuring.judgement import Judgement

BLUE, GREY = "#2f5d8a", "#8a8f98"
BINS = 10
DPI = 100
# More classes than these are no picture any more; the likeliest mistakes are told as a list then.
MOST_CLASSES = 20


def reliability_diagram(judged: Judgement) -> Figure:
    """How often answers are right beside how sure the model was (DeGroot and Fienberg 1983).

    Bars below show how many answers each part stands for.
    """
    figure = Figure(figsize=(4.5, 4.5), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=(4, 1), sharex=True)
    places = np.minimum((judged.confidences * BINS).astype(int), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    occurring = counts > 0
    sure = _means(judged.confidences, places)[occurring]
    right = _means(judged.right.astype(np.float64), places)[occurring]
    upper.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1, label="as sure as right")
    upper.plot(sure, right, "o-", color=BLUE, label=f"ECE {judged.ece:.3f}")
    upper.set(xlim=(0, 1), ylim=(0, 1), ylabel="right")
    upper.legend(loc="upper left", frameon=False)
    lower.bar((np.arange(BINS) + 0.5) / BINS, counts, width=0.9 / BINS, color=BLUE)
    lower.set(xlabel="confidence", ylabel="answers")
    return figure


def risk_coverage_curve(judged: Judgement) -> Figure:
    """What is wrong among the surest part, for every part (El-Yaniv and Wiener 2010)."""
    coverage, risk = risks_by_coverage(judged.confidences, judged.right)
    figure = Figure(figsize=(4.5, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(coverage, risk, color=BLUE)
    axes.set(
        xlim=(0, 1), ylim=(0, None), xlabel="answered, the surest first", ylabel="wrong among them"
    )
    return figure


def risks_by_coverage(
    confidences: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coverage and risk where the k surest are answered, for k = 1 to n.

    Args:    confidences: (n,) float64. right: (n,) bool.
    Returns: two of (n,) float64.
    """
    wrong = ~right[np.argsort(-confidences, kind="stable")]
    answered = np.arange(1, len(wrong) + 1)
    return answered / len(wrong), np.cumsum(wrong) / answered


def confusion_matrix(judged: Judgement) -> Figure:
    """Of each right label, which part is told as what."""
    classes = len(judged.labels)
    counts = np.zeros((classes, classes))
    np.add.at(counts, (judged.expected, judged.told), 1)
    parts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.5 + 0.4 * classes
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    axes.imshow(parts, cmap="Blues", vmin=0, vmax=1)
    ticks: dict[str, Any] = {"ticks": range(classes), "labels": judged.labels}
    axes.set_xticks(**ticks, rotation=90)
    axes.set_yticks(**ticks)
    axes.set(xlabel="told", ylabel="right")
    for row, column in np.argwhere(counts > 0):
        colour = "white" if parts[row, column] > 0.5 else "black"
        text = f"{counts[row, column]:.0f}"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
    return figure


def save(figure: Figure, file: Path) -> None:
    """Write a figure as PNG, the same bytes for the same figure."""
    FigureCanvasAgg(figure)
    figure.savefig(file, dpi=DPI, metadata={"Software": None})


def _means(values: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = np.bincount(places, weights=values, minlength=BINS)
    return sums / np.maximum(np.bincount(places, minlength=BINS), 1)
