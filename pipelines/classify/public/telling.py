"""The test part of a public set, told by a model as it serves."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.classify.data import ClassedText
from pipelines.classify.public.figures import Figures, figures_of
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.labeller import Labeller
from textwire.models.engines.onnx import Precision


def tell_all(artifact: Artifact, texts: Sequence[ClassedText], precision: Precision) -> Figures:
    """Figures over all classes of the test part, those too that nothing was learned of."""
    labeller = Labeller(artifact, precision, threads=2)
    told = labeller.label_texts([text.text for text in texts])
    return figures_of([frozenset(name for name, _ in one.classes) for one in told], texts)
