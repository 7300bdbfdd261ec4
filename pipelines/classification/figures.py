"""What a classifier's manifest says of how good it is, and of how near int8 is to the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Protocol

import msgspec

from pipelines.artifacts.drafting import named
from pipelines.measuring.agreement import LabelAgreement, compare_labels
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads


class Judged(Protocol):
    """What a model makes of the half that is reported, calibrated on the other half."""

    @property
    def heads(self) -> Heads:
        """At the temperatures that were fitted."""
        ...

    @property
    def logits(self) -> tuple[Vectors, Vectors]:
        """Of labels (n, labels) and of topics (n, topics), float32."""
        ...

    @property
    def found(self) -> Classified:
        """What the heads make of these logits."""
        ...

    @property
    def metrics(self) -> Mapping[str, float]:
        """How good that is."""
        ...


def compare_engines(trained: Judged, served: Judged) -> LabelAgreement:
    """How near the int8 graph's labels are to the model's, both at the temperature that serves."""
    expected = served.heads.classified(*trained.logits)
    return compare_labels(expected.labels, served.found.labels)


def with_figures(
    manifest: Manifest, before: Judged, trained: Judged, served: Judged, agreement: LabelAgreement
) -> Manifest:
    """The manifest with all figures and the temperatures that serve.

    Args: before: as it began. trained: at fp32. served: at int8, whose figures bear no prefix.
    """
    return msgspec.structs.replace(
        manifest,
        metrics=dict(served.metrics)
        | named("base_", before.metrics)
        | named("fp32_", trained.metrics)
        | named("int8_", asdict(agreement)),
        temperatures={
            "labels": served.heads.label_temperature,
            "topics": served.heads.topic_temperature,
        },
    )
