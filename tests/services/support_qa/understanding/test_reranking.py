"""The best passages are read once more, by a reranker that was made for the retriever in use."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from services.support_qa.understanding.reranking import RerankModel
from tests.services.support_qa.snapshots import answer_in, artifact, asked, service
from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.classifier import Classified
from textwire.support_qa.reranking import LABELS, TASK

ORDER = "how do i order a physical card"
# Sure where the reranker is.
CALIBRATION = Calibration(("relevance",), (1.0,), 0.0)
COUNTED = "textwire_support_batches_not_reranked_total"


class Likes:
    """Says that whatever holds some words answers, and nothing else does."""

    name = "likes"
    labels = LABELS
    topics = ()

    def __init__(self, words: str) -> None:
        self.words = words
        self.read: list[str] = []

    def classify(self, texts: Sequence[str]) -> Classified:
        self.read += texts
        answers = np.array([0.99 if self.words in t.partition("[SEP]")[2] else 0.01 for t in texts])
        labels = np.stack([1 - answers, answers], axis=1).astype(np.float32)
        return Classified(labels, np.empty((len(texts), 0), dtype=np.float32))


def reranker_artifact(retriever: str = "v1", **changed: object) -> Artifact:
    made = artifact("r1")
    manifest = msgspec.structs.replace(
        made.manifest,
        task=TASK,
        labels=LABELS,
        settings={"retriever": retriever},
        ranking={"relevance": 0.5},
        calibration=CALIBRATION,
        **changed,
    )
    return replace(made, manifest=manifest)


def model(likes: Likes, registry: CollectorRegistry | None = None, **changed: str) -> RerankModel:
    made = RerankModel(lambda _: likes, registry or CollectorRegistry())
    made.use(reranker_artifact(**changed))
    return made


def test_what_the_reranker_finds_best_is_answered_with_its_confidence() -> None:
    alone = answer_in(service().process([asked(ORDER)])[0])
    assert alone.sources[0].passage_id == "card-order"
    reranked = service(reranking=model(Likes("Freeze"))).process([asked(ORDER)])
    answer = answer_in(reranked[0])
    assert answer.outcome == "answered"
    assert answer.sources[0].passage_id == "card-freeze"
    assert answer.confidence == pytest.approx(0.99, abs=1e-3)


def test_what_no_passage_answers_is_not_answered_however_near_it_is() -> None:
    answer = answer_in(service(reranking=model(Likes("zebra"))).process([asked(ORDER)])[0])
    assert answer.outcome != "answered"


def test_no_more_passages_are_read_than_set_and_none_at_zero() -> None:
    likes = Likes("Freeze")
    service(reranking=model(likes), candidates=2, reranked=2).process([asked(ORDER)])
    assert len(likes.read) == 2
    assert all(text.startswith(f"{ORDER} [SEP] ") for text in likes.read)


def test_a_reranker_of_another_retriever_is_left_alone_and_told_of_once() -> None:
    registry = CollectorRegistry()
    likes = Likes("Freeze")
    qa = service(reranking=model(likes, registry, retriever="v0"))
    with capture_logs() as logs:
        answers = [answer_in(qa.process([asked(ORDER)])[0]) for _ in range(2)]
    assert [answer.sources[0].passage_id for answer in answers] == ["card-order"] * 2
    assert not likes.read
    assert [entry["event"] for entry in logs].count("not_reranked") == 1
    assert registry.get_sample_value(COUNTED) == 2


def test_without_a_model_nothing_is_reranked() -> None:
    waiting = RerankModel(lambda _: Likes("Freeze"), CollectorRegistry())
    answer = answer_in(service(reranking=waiting).process([asked(ORDER)])[0])
    assert answer.sources[0].passage_id == "card-order"


@pytest.mark.parametrize(
    "changed",
    [
        {"ranking": {}},
        {"thresholds": {}},
        {"calibration": None},
        {"calibration": Calibration(("charm",), (1.0,), 0.0)},
    ],
)
def test_what_cannot_rerank_is_refused_and_the_old_one_stays(changed: dict[str, object]) -> None:
    likes = Likes("Freeze")
    reranking = model(likes)
    made = reranker_artifact()
    broken = replace(made, manifest=msgspec.structs.replace(made.manifest, **changed))
    with pytest.raises(ArtifactError, match="pipelines"):
        reranking.use(broken)
    beside = reranking.beside("v1")
    assert beside is not None
    assert beside.version == "r1"


def test_a_threshold_of_ones_own_goes_before_the_models() -> None:
    made = RerankModel(lambda _: Likes("Freeze"), CollectorRegistry(), threshold=0.999)
    made.use(reranker_artifact())
    answer = answer_in(service(reranking=made).process([asked(ORDER)])[0])
    assert answer.outcome != "answered"
