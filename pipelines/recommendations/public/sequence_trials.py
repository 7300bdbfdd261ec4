"""A sequence model by a recipe, and how well it finds what followed, beside the item model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.measuring.bootstrap import Floats
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.public.baselines import Known
from pipelines.recommendations.public.baselines import ranks as places_of
from pipelines.recommendations.public.cases import Case
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.sequence.gate import DEPTH
from pipelines.recommendations.sequence.learn import fit_sequence_model
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.progress import Progress
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.profiles.trail import STEPS, trail_weights
from textwire.recommendations.ranking.following import Following

ALONE = "text alone"
# Of the sequence model's scores in those of both models; at 0 it has no say.
PARTS = tuple(round(0.1 * tenth, 1) for tenth in range(11))


@dataclass(frozen=True)
class Division:
    """What was known before a day, and the cases that followed."""

    log: ShopData
    known: Known
    cases: Sequence[Case]


@dataclass(frozen=True)
class Trial:
    """A sequence model's recipe."""

    way: str
    layers: int
    epochs: int

    @classmethod
    def of(cls, shape: str, way: str = ALONE) -> Trial:
        """Out of a shape such as `1x10`: layers and epochs."""
        layers, _, epochs = shape.partition("x")
        return cls(way, int(layers), int(epochs))

    def learned(
        self, log: ShopData, texts: TextVectors, usual: RecommendationSettings, progress: Progress
    ) -> Following:
        """The model that this recipe makes of a log."""
        alone = self.way == ALONE
        settings = replace(
            usual,
            sequence_layers=self.layers,
            sequence_epochs=self.epochs,
            fusion="mean" if alone else self.way,
        )
        shop = replace(log, vectors={}) if alone else log
        title = f"{self.way}, {self.layers} layers, {self.epochs} epochs"
        with progress.stage(title) as stage:
            model = fit_sequence_model(shop, shop.events, texts, settings, stage)
        assert model is not None  # noqa: S101 - users bought more than one thing
        return model


def scored(model: Following, division: Division) -> Vectors:
    """What follows from each case's history, (cases, items) float32, in sum 1 or 0."""
    known = division.known
    scores = np.zeros((len(division.cases), len(known.places)), dtype=np.float32)
    for row, case in zip(scores, division.cases, strict=True):
        taken = [str(event.item_id) for event in case.history if event.item_id in known.places]
        trail = list(dict.fromkeys(reversed(taken)))[:STEPS][::-1]
        for item_id, score in model.scores(trail, trail_weights(trail)).items():
            row[known.places[item_id]] += score
    shares: Vectors = scores / np.maximum(scores.sum(axis=1, keepdims=True), np.float32(1e-12))
    return shares


def figures(ranks: Sequence[int | None]) -> tuple[Floats, Floats]:
    """Hits and gains of the first ten, each (cases,) float64."""
    found = np.array([np.inf if rank is None else rank for rank in ranks])
    hits = (found <= DEPTH).astype(np.float64)
    return hits, hits / np.log2(1.0 + np.where(found <= DEPTH, found, 1.0))


def ranks_of(scores: Vectors, division: Division, *, anew: bool) -> list[int | None]:
    """Where what followed stands, of each case; None where it is not among the items.

    Popularity breaks ties. anew: whether what was bought is ranked again.
    """
    tied = scores + np.float32(1e-9) * division.known.popular
    return places_of(tied, division.known, division.cases, anew=anew)


def ndcg_of(scores: Vectors, division: Division) -> tuple[float, bool]:
    """The better NDCG@10 of both ways to deal with what was bought, and whether it is anew."""
    return max(
        (float(figures(ranks_of(scores, division, anew=anew))[1].mean()), anew)
        for anew in (False, True)
    )


def choose_part(sequence: Vectors, items: Vectors, division: Division) -> tuple[float, bool]:
    """The part of the sequence model's scores in those of both, by NDCG@10."""
    found = {part: ndcg_of(part * sequence + (1 - part) * items, division) for part in PARTS}
    best = max(PARTS, key=lambda part: found[part])
    return best, found[best][1]
