"""The table of a comparison, with what it was made on; and its plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.comparing.summary import MethodSummary, chance_to_beat
from pipelines.measuring.report_page import machine

HEADING = (
    "| method | {metric} | ECE | numbers that learn | learned, MB | made in, s | memory, MB | "
    "served, MB | texts/s | better than {best} |\n|---|---|---|---|---|---|---|---|---|---|"
)
LEAST_OF_SLICE = 20
SIZE = (7.0, 4.0)


@dataclass(frozen=True)
class Conditions:
    """What all methods had alike."""

    command: str
    task: str
    base: str
    rows: str  # in words
    epochs: int
    seeds: tuple[int, ...]
    at_once: int = 1  # trials side by side


def write_report(folder: Path, conditions: Conditions, summaries: Sequence[MethodSummary]) -> Path:
    """The page and its plots in a folder; the page."""
    folder.mkdir(parents=True, exist_ok=True)
    done = [one for one in summaries if one.by_seed]
    stem = f"compare-{conditions.task}"
    pictures = draw(folder, stem, done) if done else []
    page = folder / f"{stem}.md"
    page.write_text(_page(conditions, summaries, done, pictures), encoding="utf-8")
    return page


def _page(
    conditions: Conditions,
    summaries: Sequence[MethodSummary],
    done: Sequence[MethodSummary],
    pictures: Sequence[Path],
) -> str:
    parts = [
        f"# Methods side by side: {conditions.task}",
        f"`{conditions.command}`, {datetime.now(UTC):%Y-%m-%d}, on {machine()}. Base model "
        f"{conditions.base}; {conditions.rows}; {conditions.epochs} epochs, the same rows, "
        f"{_seeds(conditions.seeds)}. Each method ran {_beside(conditions.at_once)}, in a process "
        "of its own, by its own rate of learning; what is measured is the int8 graph that serves.",
    ]
    if done:
        parts += [_table(done), _legend(done)]
    parts += [f"![{file.stem}]({file.name})" for file in pictures]
    failed = [f"- {one.method}: {one.failed}" for one in summaries if one.failed]
    if failed:
        parts += ["## Not measured", "\n".join(failed)]
    noisy = [one for one in done if one.under_noise]
    if noisy:
        parts += ["## Under noise", _noise_table(noisy)]
    if done:
        parts += ["## Where each is weak", _slices_table(done)]
    return "\n\n".join(parts) + "\n"


def _table(done: Sequence[MethodSummary]) -> str:
    best = max(done, key=lambda one: one.score.mean)
    rows = [
        f"| {_bold(one.method, one is best)} | {one.score} | {one.ece:.3f} | {one.trainable:,} | "
        f"{one.learned_mb:.2f} | {one.seconds:,.0f} | {one.peak_mb:,.0f} | {one.served_mb:.1f} | "
        f"{one.texts_per_s:,.0f} | {'' if one is best else f'{chance_to_beat(one, best):.0%}'} |"
        for one in sorted(done, key=lambda one: -one.score.mean)
    ]
    return "\n".join([HEADING.format(metric=done[0].metric, best=best.method), *rows])


def _legend(done: Sequence[MethodSummary]) -> str:
    spread = [
        f"{one.method} {min(one.by_seed):.3f} to {max(one.by_seed):.3f}"
        for one in done
        if len(one.by_seed) > 1
    ]
    return (
        f"In brackets: 95 % of the draws of a bootstrap over {len(done[0].row_scores):,} held-out "
        "rows. Made in: all stages, from reading to calibrating. Learned: at two bytes a number. "
        "Memory: the most that the process held while training and exporting. Texts/s: by two "
        "threads, in the best of three rounds. The last column: in how many draws of a paired "
        "bootstrap a method is better than the best one; less than 5 % is a difference that "
        "would be seen on other rows too."
        + (f" Metrics by seed: {'; '.join(spread)}." if spread else "")
    )


def _noise_table(noisy: Sequence[MethodSummary]) -> str:
    names = [name for name, _ in noisy[0].under_noise]
    lines = [f"| method | as it is | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for one in noisy:
        under = dict(one.under_noise)
        cells = " | ".join(f"{under[name]:.3f}" for name in names)
        lines.append(f"| {one.method} | {one.by_seed[0]:.3f} | {cells} |")
    return "\n".join(lines)


def _slices_table(done: Sequence[MethodSummary]) -> str:
    parts = [(name, count) for name, _, count in done[0].slices if count >= LEAST_OF_SLICE]
    lines = [
        f"| part of the rows | rows | {' | '.join(one.method for one in done)} |",
        "|---" * (len(done) + 2) + "|",
    ]
    for name, count in parts:
        scores = [{other: score for other, score, _ in one.slices} for one in done]
        cells = " | ".join(f"{score[name]:.3f}" if name in score else "" for score in scores)
        lines.append(f"| {name} | {count:,} | {cells} |")
    return "\n".join(lines)


def draw(folder: Path, stem: str, done: Sequence[MethodSummary]) -> list[Path]:
    """The metric with its interval, and the metric beside how much learns."""
    from matplotlib.figure import Figure

    from pipelines.registry.plots import BLUE, save

    ordered = sorted(done, key=lambda one: one.score.mean)
    bars = Figure(figsize=(SIZE[0], 1.0 + 0.35 * len(ordered)), layout="constrained")
    axes = bars.subplots()
    means = [one.score.mean for one in ordered]
    below = [one.score.mean - one.score.low for one in ordered]
    above = [one.score.high - one.score.mean for one in ordered]
    places = range(len(ordered))
    axes.errorbar(means, places, xerr=[below, above], fmt="o", color=BLUE, capsize=3)
    axes.set_yticks(places, labels=[one.method for one in ordered])
    axes.set_xlabel(f"{ordered[0].metric}, with 95 % of a bootstrap")
    axes.grid(axis="x", alpha=0.3)
    spent = Figure(figsize=SIZE, layout="constrained")
    axes = spent.subplots()
    for one in ordered:
        axes.scatter(
            max(one.trainable, 1), one.score.mean, s=10 + one.seconds, color=BLUE, alpha=0.5
        )
        place = (max(one.trainable, 1), one.score.mean)
        axes.annotate(one.method, place, xytext=(6, 6), textcoords="offset points")
    axes.set_xscale("log")
    axes.set(xlabel="numbers that learn (dots as large as the time it took)", ylabel=done[0].metric)
    files = [folder / f"{stem}-metric.png", folder / f"{stem}-cost.png"]
    for figure, file in zip((bars, spent), files, strict=True):
        save(figure, file)
    return files


def _beside(at_once: int) -> str:
    """How many trials shared the machine, which is what seconds and texts/s depend on."""
    return "alone" if at_once == 1 else f"beside up to {at_once - 1} others"


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(map(str, seeds))}"


def _bold(text: str, is_bold: bool) -> str:
    return f"**{text}**" if is_bold else text
