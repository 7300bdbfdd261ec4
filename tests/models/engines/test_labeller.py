"""Names of classes for texts."""

from pathlib import Path

import pytest

from tests.tiny_models import make_classifier
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.labeller import Labeller


def test_a_text_is_told_alone_as_among_others(tiny_classifier: Artifact) -> None:
    labeller = Labeller(tiny_classifier, "fp32")
    texts = ["my card is lost", "pay the fee", "where is the parcel and the order"]
    together = [one.classes[0][0] for one in labeller.label_texts(texts)]
    assert together == [labeller.label_texts([text])[0].classes[0][0] for text in texts]
    assert labeller.label_texts([]) == []


def test_letters_that_the_vocabulary_lacks_are_said_instead_of_scored(
    tiny_classifier: Artifact,
) -> None:
    read, unread = Labeller(tiny_classifier).label_texts(["my card", "银行卡丢了"])
    assert (read.readable, unread.readable) == (True, False)
    assert unread.classes == ()


def test_a_class_without_a_threshold_is_no_model(tiny_base: Path, tmp_path: Path) -> None:
    artifact = make_classifier(tiny_base, tmp_path, ("earnings",))
    artifact.manifest.thresholds.clear()
    with pytest.raises(ArtifactCorrupt, match="lacks the threshold"):
        Labeller(artifact)
