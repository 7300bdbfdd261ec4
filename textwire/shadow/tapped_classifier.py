"""A classifier whose answers are also told to somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textwire.models.engines.classifier import Classified, Classifier

Told = Callable[[Sequence[str], Classified], None]


class TappedClassifier:
    """Says what the classifier says, and tells it on; whoever is told neither waits nor raises."""

    def __init__(self, classifier: Classifier, told: Told) -> None:
        self._classifier, self._told = classifier, told
        self.name, self.labels, self.topics = classifier.name, classifier.labels, classifier.topics

    def classify(self, texts: Sequence[str]) -> Classified:
        """Probabilities for each text, as the classifier gives them."""
        said = self._classifier.classify(texts)
        self._told(texts, said)
        return said
