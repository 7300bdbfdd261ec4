"""How many entities are found, and how many of what is found are right: exact spans and kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.entity_spans import Span


def measure_spans(
    told: Sequence[Iterable[Span]], right: Sequence[Iterable[Span]]
) -> dict[str, float]:
    """Precision, recall and F1 over all entities, and the mean F1 of kinds that occur.

    An entity counts if its first letter, its last one and its kind are right.

    Args:   told, right: of n texts.
    Source: conlleval, Tjong Kim Sang and De Meulder 2003, arXiv:cs/0306050.
    """
    kinds = sorted({span.kind for spans in right for span in spans})
    of_kinds = [measure_kind(told, right, kind)[2] for kind in kinds]
    precision, recall, f1 = measure_kind(told, right, None)
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "macro_f1": float(np.mean(of_kinds)) if of_kinds else 1.0,
    }


def measure_kind(
    told: Sequence[Iterable[Span]], right: Sequence[Iterable[Span]], kind: str | None
) -> tuple[float, float, float]:
    """Precision, recall and F1 of one kind; None: of all. 1 where none is and none is told."""
    hits = given = wanted = 0
    for found, true in zip(told, right, strict=True):
        one = {span for span in found if kind in (None, span.kind)}
        other = {span for span in true if kind in (None, span.kind)}
        hits += len(one & other)
        given += len(one)
        wanted += len(other)
    if not given and not wanted:
        return 1.0, 1.0, 1.0
    return hits / max(given, 1), hits / max(wanted, 1), 2 * hits / (given + wanted)


def f1_of_texts(
    told: Sequence[Iterable[Span]], right: Sequence[Iterable[Span]]
) -> NDArray[np.float64]:
    """The F1 of each text's entities, (n,) float64; 1 where there is none and none is told."""
    return np.array(
        [measure_kind([one], [other], None)[2] for one, other in zip(told, right, strict=True)]
    )
