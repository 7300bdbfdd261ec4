"""The test part of a public set, judged by a model as it serves."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import f1_score

from pipelines.classify.evaluate import f1_of_texts
from pipelines.classify.public.report import Measured
from pipelines.classify.public.texts import PublicTexts
from pipelines.measuring.bootstrap import mean_interval
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.labeller import Labeller


def judge_test_part(artifact: Artifact, source: PublicTexts) -> Measured:
    """Figures over all classes of the test part, those too that nothing was learned of."""
    labeller, texts = Labeller(artifact, threads=2), source.test()
    told = [
        frozenset(name for name, _ in one.classes)
        for one in labeller.label_texts([text.text for text in texts])
    ]
    names = sorted({*labeller.classes, *(name for text in texts for name in text.classes)})
    given = np.array([[name in row for name in names] for row in told], dtype=np.bool_)
    right = np.array([[name in text.classes for name in names] for text in texts], dtype=np.bool_)
    occurring = right.any(axis=0)
    return Measured(
        name=source.name,
        learned=len(source.read().train),
        tested=len(texts),
        classes=int(occurring.sum()),
        micro_f1=float(f1_score(right, given, average="micro", zero_division=0.0)),
        macro_f1=float(
            f1_score(right[:, occurring], given[:, occurring], average="macro", zero_division=0.0)
        ),
        of_texts=str(mean_interval(f1_of_texts(given, right))),
    )
