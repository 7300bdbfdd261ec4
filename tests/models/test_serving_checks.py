"""A model whose graph gives something else than its manifest says is refused when it is loaded."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.models.graphs import (
    artifact_of,
    constant_graph,
    heads_graph,
    short_sighted_graph,
    unpooled_graph,
)
from tests.tiny_models import LABELS, TOPICS, WIDTH
from textwire.errors import ArtifactCorrupt
from textwire.models.engines.serving import check_vectors, load_classifier, load_encoder
from textwire.settings import ModelSettings

SETTINGS = ModelSettings(precision="fp32")
UNIT = [1.0] + [0.0] * (WIDTH - 1)
NAN = float("nan")

BAD_ENCODERS = {
    "another width": (constant_graph(UNIT[:-1], shape=("texts", WIDTH - 1)), "vectors"),
    "another width that only a run shows": (
        constant_graph(UNIT[:-1], shape=("texts", "width")),
        "cannot be run",
    ),
    "one number for all columns": (constant_graph([0.5], shape=("texts", "width")), "length 2.83"),
    "not of unit length": (constant_graph([2.0, *UNIT[1:]]), "length 2 to 2, not 1"),
    "nothing at all": (constant_graph([0.0] * WIDTH), "length 0 to 0, not 1"),
    "not a number": (constant_graph([NAN, *UNIT[1:]]), "not numbers"),
    "infinite": (constant_graph([float("inf"), *UNIT[1:]]), "not numbers"),
    "another output": (constant_graph(UNIT, output="embeddings"), "gives {'embeddings'"),
    "another input": (constant_graph(UNIT, ("ids", "attention_mask")), "takes attention_mask, ids"),
    "a row for each token": (unpooled_graph(), r"\['texts', 1, 32\]"),
}
SOUND = {"label_logits": [0.0, 1.0, 2.0], "topic_logits": [0.0, 0.0]}
BAD_HEADS = {
    "another number of labels": SOUND | {"label_logits": [0.0, 1.0]},
    "another number of topics": SOUND | {"topic_logits": [0.0]},
    "no topics": {"label_logits": [0.0, 1.0, 2.0]},
    "labels that are no numbers": SOUND | {"label_logits": [0.0, NAN, 2.0]},
    "topics that are no numbers": SOUND | {"topic_logits": [0.0, NAN]},
    "another output": SOUND | {"logits": [0.0]},
}


def test_an_encoder_that_gives_what_its_manifest_says_is_served(tmp_path: Path) -> None:
    encoder = load_encoder(artifact_of(constant_graph(UNIT), tmp_path), SETTINGS)
    assert encoder.encode(["warm", "cold"]).tolist() == [UNIT, UNIT]


@pytest.mark.parametrize(("graph", "told"), BAD_ENCODERS.values(), ids=BAD_ENCODERS)
def test_an_encoder_that_gives_something_else_is_refused(
    tmp_path: Path, graph: bytes, told: str
) -> None:
    with pytest.raises(ArtifactCorrupt, match=told):
        load_encoder(artifact_of(graph, tmp_path), SETTINGS)


def test_a_classifier_that_gives_what_its_manifest_says_is_served(tmp_path: Path) -> None:
    made = artifact_of(heads_graph(SOUND), tmp_path, labels=LABELS, topics=TOPICS)
    served = load_classifier(made, SETTINGS).classify(["warm"])
    assert (served.labels.shape, served.topics.shape) == ((1, 3), (1, 2))


@pytest.mark.parametrize("heads", BAD_HEADS.values(), ids=BAD_HEADS)
def test_a_classifier_that_gives_something_else_is_refused(
    tmp_path: Path, heads: Mapping[str, list[float]]
) -> None:
    made = artifact_of(heads_graph(heads), tmp_path, labels=LABELS, topics=TOPICS)
    with pytest.raises(ArtifactCorrupt, match="gives"):
        load_classifier(made, SETTINGS)


@pytest.mark.parametrize(
    "said",
    [
        {"labels": (), "topics": ()},
        {"labels": ("good", "good", "bad")},
        {"topics": ("legal", "legal")},
        {"temperatures": {"labels": 0.0}},
    ],
    ids=str,
)
def test_a_manifest_that_describes_no_classifier_is_refused(
    tmp_path: Path, said: Mapping[str, object]
) -> None:
    told = {"labels": LABELS, "topics": TOPICS} | said
    with pytest.raises(ArtifactCorrupt, match="does not describe a classifier"):
        load_classifier(artifact_of(heads_graph(SOUND), tmp_path, **told), SETTINGS)


def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path) -> None:
    made = artifact_of(constant_graph(UNIT), tmp_path)
    for content in (b"", b"{}", b'{"model": null}', b"\xff"):
        made.file("tokenizer.json").write_bytes(content)
        with pytest.raises(ArtifactCorrupt, match=r"tokenizer\.json is no tokenizer"):
            load_encoder(made, SETTINGS)


def test_a_model_that_reads_less_than_its_manifest_says_is_refused(tmp_path: Path) -> None:
    """A text as long as the manifest allows is read before any user's is."""
    made = artifact_of(short_sighted_graph(), tmp_path, max_tokens=200)
    with pytest.raises(ArtifactCorrupt, match="cannot be run"):
        load_encoder(made, SETTINGS)
    load_encoder(artifact_of(short_sighted_graph(), tmp_path, max_tokens=100), SETTINGS)


def test_vectors_of_lengths_that_rounding_explains_are_taken(tmp_path: Path) -> None:
    made = artifact_of(constant_graph(UNIT), tmp_path)
    vectors = np.array([UNIT, UNIT], dtype=np.float32) * np.float32(1.001)
    check_vectors(vectors, 2, made)
    with pytest.raises(ArtifactCorrupt, match="shape"):
        check_vectors(vectors, 3, made)
