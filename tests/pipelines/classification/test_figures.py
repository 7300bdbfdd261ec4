"""What a manifest says of a classifier that was judged as it began, trained and as it serves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipelines.classification.figures import compare_engines, with_figures
from tests.manifests import some_manifest
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads

NO_TOPICS = np.zeros((3, 0), dtype=np.float32)


@dataclass
class Judged:
    labels: Vectors  # (3, 2) logits
    temperature: float = 1.0
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def heads(self) -> Heads:
        return Heads(("good", "bad"), (), self.temperature, 1.0)

    @property
    def logits(self) -> tuple[Vectors, Vectors]:
        return self.labels, NO_TOPICS

    @property
    def found(self) -> Classified:
        return self.heads.classified(*self.logits)


def logits(*rows: tuple[float, float]) -> Vectors:
    return np.array(rows, dtype=np.float32)


def test_engines_are_compared_at_the_temperature_that_serves():
    trained = Judged(logits((2.0, 0.0), (0.0, 2.0), (1.0, 0.0)), temperature=0.1)
    served = Judged(logits((2.0, 0.0), (0.0, 2.0), (0.0, 1.0)), temperature=2.0)
    agreement = compare_engines(trained, served)
    assert np.isclose(agreement.same_label, 2 / 3)
    at_two = 1 / (1 + np.exp(-0.5))
    assert np.isclose(agreement.max_gap, 2 * at_two - 1, atol=1e-6)


def test_a_manifest_says_how_it_began_how_it_was_trained_and_how_it_serves():
    before, trained, served = (
        Judged(logits((1.0, 0.0), (1.0, 0.0), (1.0, 0.0)), 1.5, {"accuracy": accuracy})
        for accuracy in (0.5, 0.9, 0.8)
    )
    agreement = compare_engines(trained, served)
    made = with_figures(some_manifest("sentiment"), before, trained, served, agreement)
    figures = {name: made.metrics[f"{name}accuracy"] for name in ("base_", "fp32_", "")}
    assert figures == {"base_": 0.5, "fp32_": 0.9, "": 0.8}
    assert made.metrics["int8_same_label"] == 1.0
    assert made.temperatures == {"labels": 1.5, "topics": 1.0}
