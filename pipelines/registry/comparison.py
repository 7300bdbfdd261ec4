"""Two versions side by side, by what they say of themselves."""

from __future__ import annotations

import numpy as np

from pipelines.measuring.bootstrap import mean_interval
from pipelines.registry.reading import Judged, read_judged
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.registry import Registry


def compare_versions(registry: Registry, task: str, first: str, other: str) -> str:
    """A page of text: what differs in the making, figures, and rows that both were judged on.

    Raises: ArtifactMissing, ArtifactCorrupt: one of them is not there, or says nothing of itself.
    """
    one, two = registry.manifest(task, first), registry.manifest(task, other)
    lines = [f"{one.task}: {one.version} beside {two.version}", "", *_made_otherwise(one, two), ""]
    names = [name for name in one.metrics if name in two.metrics]
    lines.append(f"{'':<28}{'first':>10}{'other':>10}{'gain':>12}")
    for name in names:
        a, b = one.metrics[name], two.metrics[name]
        lines.append(f"{name:<28}{a:>10.4g}{b:>10.4g}{a - b:>+12.4g}")
    return "\n".join(
        [
            *lines,
            "",
            _by_rows(*(read_judged(registry, task, version) for version in (first, other))),
        ]
    )


def _made_otherwise(one: Manifest, two: Manifest) -> list[str]:
    names = dict.fromkeys((*one.settings, *two.settings))
    settings = [
        f"{name}: {one.settings.get(name)} and {two.settings.get(name)}"
        for name in names
        if one.settings.get(name) != two.settings.get(name)
    ]
    data = "the same data" if one.data == two.data else "other data"
    return [f"Made from {data}.", *settings]


def _by_rows(one: Judged | None, two: Judged | None) -> str:
    if one is None or two is None:
        return "One of them was made before rows were written down, so rows cannot be compared."
    scores, others = (
        dict(zip(one.keys, one.scores, strict=True)),
        dict(zip(two.keys, two.scores, strict=True)),
    )
    shared = [key for key in scores if key in others]
    if not shared:
        return "They were judged on different rows."
    gains = np.array([scores[key] - others[key] for key in shared])
    interval = mean_interval(gains)
    better, worse = int((gains > 0).sum()), int((gains < 0).sum())
    return (
        f"On {len(shared):,} rows that both were judged on: {one.metric} {interval.mean:+.3f} "
        f"[{interval.low:+.3f}, {interval.high:+.3f}], better on {better:,}, worse on {worse:,}."
    )
