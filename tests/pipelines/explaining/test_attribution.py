"""Words that carried a prediction, by captum on a tiny model."""

import pytest

pytest.importorskip("captum")

from pipelines.explaining.attribution import explain_class
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.torch_classifier import TorchClassifier

TEXT = "my card is lost"


@pytest.fixture(scope="module")
def classifier(tiny_classifier: Artifact) -> TorchClassifier:
    return TorchClassifier(tiny_classifier)


def test_what_words_add_is_what_the_text_has_beyond_an_empty_one(
    classifier: TorchClassifier,
) -> None:
    for class_name in (*classifier.labels, *classifier.topics):
        found = explain_class(classifier, TEXT, class_name)
        added = sum(word.added for word in found.words)
        assert added == pytest.approx(found.logit - found.empty + found.missed, abs=1e-4)
        assert abs(found.missed) < 0.05 * max(1.0, abs(found.logit - found.empty))


def test_each_word_is_told_once_in_the_order_of_the_text(classifier: TorchClassifier) -> None:
    found = explain_class(classifier, "lost, my  card!", classifier.labels[0])
    assert [word.word for word in found.words] == ["lost", ",", "my", "card", "!"]


def test_serving_is_not_disturbed_by_being_explained(classifier: TorchClassifier) -> None:
    before = classifier.classify([TEXT]).labels
    explain_class(classifier, TEXT, classifier.labels[0])
    assert (classifier.classify([TEXT]).labels == before).all()
