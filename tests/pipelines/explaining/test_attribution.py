"""Words that carried what a model says, by captum on tiny models."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("captum")

from pipelines.explaining.attribution import Attribution
from pipelines.explaining.classes import explain_answering, explain_class
from pipelines.explaining.entities import explain_span
from pipelines.explaining.nearness import explain_nearness
from pipelines.explaining.tagger import TorchTagger
from tests.pipelines.explaining.tiny_readers import make_reranker, make_tagger
from tests.tiny_models import make_classifier
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.entity_recogniser import EntityRecogniser
from textwire.models.engines.entity_spans import Span
from textwire.models.engines.torch import TorchEncoder
from textwire.models.engines.torch_classifier import TorchClassifier

TEXT = "my card is lost"
PAIR = "my card is lost [SEP] block the card in the app"
Explain = Callable[[], Attribution]


@pytest.fixture(scope="module")
def classifier(tiny_classifier: Artifact) -> TorchClassifier:
    return TorchClassifier(tiny_classifier)


@pytest.fixture(scope="module")
def explained(
    classifier: TorchClassifier,
    tiny_base: Path,
    tiny_artifact: Artifact,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Explain]:
    """Whatever can be explained, of each kind of model."""
    folders = (tmp_path_factory.mktemp(name) for name in ("reranker", "tagger", "in-context"))
    reranker = TorchClassifier(make_reranker(tiny_base, next(folders)))
    tagger = TorchTagger(make_tagger(tiny_base, next(folders)))
    in_context = TorchClassifier(make_classifier(tiny_base, next(folders), (), "[SEP]"))
    encoder = TorchEncoder(tiny_artifact)
    classes = {
        name: partial(explain_class, classifier, TEXT, name)
        for name in (*classifier.labels, *classifier.topics)
    }
    return classes | {
        "in context": partial(explain_class, in_context, PAIR, "neutral"),
        "reranker": partial(explain_answering, reranker, PAIR),
        "span": partial(explain_span, tagger, TEXT, Span(3, 10, "account")),
        "encoder": partial(explain_nearness, encoder, TEXT, "where is my card"),
    }


def test_what_words_add_is_what_the_text_has_beyond_an_empty_one(
    explained: dict[str, Explain],
) -> None:
    for name, explain in explained.items():
        found = explain()
        added = sum(word.added for word in found.words)
        assert added == pytest.approx(found.score - found.empty + found.missed, abs=1e-4), name
        assert abs(found.missed) < 0.05 * max(1.0, abs(found.score - found.empty)), name


def test_each_word_is_told_once_in_the_order_of_the_text(classifier: TorchClassifier) -> None:
    found = explain_class(classifier, "lost, my  card!", classifier.labels[0])
    assert [word.word for word in found.words] == ["lost", ",", "my", "card", "!"]
    assert not found.is_cut


def test_what_stands_between_two_texts_is_no_word(explained: dict[str, Explain]) -> None:
    for name in ("reranker", "in context"):
        words = [word.word for word in explained[name]().words]
        assert words == ["my", "card", "is", "lost", "block", "the", "card", "in", "the", "app"]


def test_a_text_that_is_not_read_to_its_end_says_so(classifier: TorchClassifier) -> None:
    found = explain_class(classifier, "card " * 100, classifier.labels[0])
    assert found.is_cut
    assert len(found.words) < 100


def test_texts_are_as_near_as_by_the_vectors_that_serve(tiny_artifact: Artifact) -> None:
    encoder = TorchEncoder(tiny_artifact)
    one, other = encoder.encode([TEXT, "where is my card"])
    found = explain_nearness(encoder, TEXT, "where is my card")
    assert found.score == pytest.approx(float(one @ other), abs=1e-5)


def test_a_tagger_says_what_the_one_that_serves_says(tiny_base: Path, tmp_path: Path) -> None:
    artifact = make_tagger(tiny_base, tmp_path)
    [here] = TorchTagger(artifact).tag_texts([TEXT])
    [there] = EntityRecogniser(artifact, "fp32").tag_texts([TEXT])
    assert here.words == there.words
    assert here.logits == pytest.approx(there.logits, abs=1e-3)


def test_serving_is_not_disturbed_by_being_explained(classifier: TorchClassifier) -> None:
    before = classifier.classify([TEXT]).labels
    explain_class(classifier, TEXT, classifier.labels[0])
    assert (classifier.classify([TEXT]).labels == before).all()
