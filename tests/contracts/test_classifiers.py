"""What every engine does that tells labels and topics."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.tiny_models import LABELS, TOPICS, make_classifier
from textwire.errors import ArtifactCorrupt, ArtifactMissing
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classified, Classifier
from textwire.models.engines.onnx_classifier import OnnxClassifier

TEXTS = [
    "my card is lost",
    "how can i pay the fee for my new account ?",
    "parcel late",
    "why did the bank charge me twice , and when is the money in my account ?",
    "close it",
    "interest",
    "where is my order , it is not in the shop and not with you , can you return it ?",
]
# How far a probability may lie from that of the text alone. int8 scales activations by batch.
TOLERANCE = {"int8": 0.03, "fp32": 1e-5, "torch": 1e-5}


def torch_classifier(artifact: Artifact) -> Classifier:
    from textwire.models.engines.torch_classifier import TorchClassifier

    return TorchClassifier(artifact)


ENGINES: dict[str, Callable[[Artifact], Classifier]] = {
    "int8": lambda artifact: OnnxClassifier(artifact, "int8"),
    "fp32": lambda artifact: OnnxClassifier(artifact, "fp32"),
    "torch": torch_classifier,
}


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def classifier(engine: str, tiny_classifier: Artifact) -> Classifier:
    return ENGINES[engine](tiny_classifier)


def alone(classifier: Classifier, texts: list[str]) -> Classified:
    each = [classifier.classify([text]) for text in texts]
    return Classified(
        np.vstack([one.labels for one in each]), np.vstack([one.topics for one in each])
    )


def largest_gap(one: Classified, other: Classified) -> float:
    return float(
        max(np.abs(one.labels - other.labels).max(), np.abs(one.topics - other.topics).max())
    )


def test_labels_sum_to_one_and_each_topic_stands_for_itself(classifier: Classifier) -> None:
    found = classifier.classify(TEXTS)
    assert found.labels.shape == (len(TEXTS), len(classifier.labels))
    assert found.topics.shape == (len(TEXTS), len(classifier.topics))
    assert found.labels.dtype == found.topics.dtype == np.float32
    np.testing.assert_allclose(found.labels.sum(axis=1), 1.0, atol=1e-5)
    assert ((found.topics >= 0) & (found.topics <= 1)).all()
    assert (classifier.labels, classifier.topics) == (LABELS, TOPICS)


def test_a_batch_gives_what_single_texts_give(classifier: Classifier, engine: str) -> None:
    batch, single = classifier.classify(TEXTS * 8), alone(classifier, TEXTS * 8)
    assert largest_gap(batch, single) <= TOLERANCE[engine]
    top_two = np.sort(single.labels, axis=1)[:, -2:]
    clear = top_two[:, 1] - top_two[:, 0] > 2 * TOLERANCE[engine]
    assert clear.sum() > len(TEXTS)
    assert (batch.labels.argmax(1) == single.labels.argmax(1))[clear].all()


def test_the_order_of_texts_is_kept(classifier: Classifier, engine: str) -> None:
    forth, back = classifier.classify(TEXTS), classifier.classify(TEXTS[::-1])
    turned = Classified(back.labels[::-1], back.topics[::-1])
    assert largest_gap(forth, turned) <= TOLERANCE[engine]
    assert np.ptp(forth.topics, axis=0).max() > 2 * TOLERANCE[engine]


def test_no_text_gives_no_rows(classifier: Classifier) -> None:
    found = classifier.classify([])
    assert found.labels.shape == (0, len(classifier.labels))
    assert found.topics.shape == (0, len(classifier.topics))


def test_an_empty_text_and_odd_characters_have_probabilities(classifier: Classifier) -> None:
    found = classifier.classify(["", " ", "\x00", "信用卡", "🙂", "card"])
    np.testing.assert_allclose(found.labels.sum(axis=1), 1.0, atol=1e-5)


def test_a_very_long_text_is_cut_at_the_limit(classifier: Classifier) -> None:
    found = classifier.classify(["card " * 100 + "fee", "card " * 5_000 + "loan"])
    np.testing.assert_allclose(*found.labels, atol=0.02)


def test_all_engines_agree(tiny_classifier: Artifact) -> None:
    found = {name: make(tiny_classifier).classify(TEXTS) for name, make in ENGINES.items()}
    for name in ENGINES:
        assert largest_gap(found[name], found["torch"]) <= TOLERANCE[name], name


def test_names_tell_versions_and_precisions_apart(tiny_classifier: Artifact) -> None:
    names = {make(tiny_classifier).name for make in ENGINES.values()}
    assert len(names) == len(ENGINES)
    assert all(name.startswith("sentiment/v1/") for name in names)


def test_a_temperature_makes_less_sure_and_changes_no_label(
    engine: str, tiny_classifier: Artifact
) -> None:
    cold, warm = (
        ENGINES[engine](with_manifest(tiny_classifier, temperatures={"labels": t, "topics": t}))
        for t in (1.0, 4.0)
    )
    sure, unsure = cold.classify(TEXTS), warm.classify(TEXTS)
    assert (sure.labels.argmax(1) == unsure.labels.argmax(1)).all()
    assert (unsure.labels.max(1) < sure.labels.max(1)).all()
    assert (np.abs(unsure.topics - 0.5) <= np.abs(sure.topics - 0.5)).all()


def test_a_model_without_topics_tells_labels_alone(
    engine: str, tiny_base: Path, tmp_path: Path
) -> None:
    classifier = ENGINES[engine](make_classifier(tiny_base, tmp_path, topics=()))
    found = classifier.classify(TEXTS)
    assert classifier.topics == ()
    assert found.topics.shape == (len(TEXTS), 0)
    np.testing.assert_allclose(found.labels.sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": ()},
        {"labels": ("negative", "positive")},
        {"topics": ("earnings",)},
        {"topics": ()},
        {"temperatures": {"labels": 0.0}},
    ],
)
def test_a_manifest_that_does_not_fit_the_model_is_refused(
    engine: str, tiny_classifier: Artifact, wrong: dict[str, object]
) -> None:
    with pytest.raises(ArtifactCorrupt, match=str(tiny_classifier.path)):
        ENGINES[engine](with_manifest(tiny_classifier, **wrong))


def test_an_encoder_is_no_classifier(engine: str, tiny_artifact: Artifact) -> None:
    with pytest.raises((ArtifactCorrupt, ArtifactMissing)):
        ENGINES[engine](with_manifest(tiny_artifact, labels=LABELS))


def with_manifest(artifact: Artifact, **fields: object) -> Artifact:
    return Artifact(artifact.path, msgspec.structs.replace(artifact.manifest, **fields))


def test_engines_that_pool_until_a_token_agree_and_still_see_what_follows(
    tiny_base: Path, tmp_path: Path
) -> None:
    artifact = make_classifier(tiny_base, tmp_path, TOPICS, pooled_until="[SEP]")
    texts = ["my card", "my card [SEP] pay the fee", "my card [SEP] close the account now"]
    found = [made(artifact).classify(texts) for made in ENGINES.values()]
    assert largest_gap(found[1], found[2]) < 1e-4  # fp32 and torch
    assert largest_gap(found[0], found[2]) < 0.06
    assert np.abs(found[2].labels[1] - found[2].labels[2]).max() > 1e-4


def test_what_stands_behind_the_token_is_not_pooled() -> None:
    import torch

    from textwire.models.engines.torch import mask_until

    ids = torch.tensor([[2, 5, 6, 3, 7, 3], [2, 5, 3, 0, 0, 0]])
    mask = (ids > 0).long()
    assert mask_until(ids, mask, token=3).tolist() == [[1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0]]
