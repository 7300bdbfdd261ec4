"""A classifier that is listened to says what it said before."""

import numpy as np

from textwire.models.engines.classifier import Classified
from textwire.shadow.tapped_classifier import TappedClassifier


class Flat:
    name, labels, topics = "flat", ("no", "yes"), ()

    def classify(self, texts) -> Classified:
        return Classified(np.full((len(texts), 2), 0.5, np.float32), np.empty((len(texts), 0)))


def test_what_it_says_is_passed_on_and_told() -> None:
    told = []
    tapped = TappedClassifier(Flat(), lambda texts, said: told.append((list(texts), said)))
    said = tapped.classify(["a", "b"])
    assert (tapped.name, tapped.labels, tapped.topics) == ("flat", ("no", "yes"), ())
    assert told == [(["a", "b"], said)]
    assert said.labels.shape == (2, 2)
