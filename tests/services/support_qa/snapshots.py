"""A support snapshot of a few passages, for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from services.support_qa.bot_words import read_words
from services.support_qa.config import SupportQaSettings
from services.support_qa.knowledge.snapshot import Knowledge
from services.support_qa.language_model.answering import AnswerWording
from services.support_qa.processor import SupportQa
from services.support_qa.understanding.act_reading import ReadsActs
from services.support_qa.understanding.reranking import RerankModel
from tests.encoders import HashingEncoder
from tests.manifests import some_manifest
from tests.services.support_qa.acts import ByBeginning
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.encoder import Encoder
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.results.writes import Fence
from textwire.stream.processor import Received, Result
from textwire.support_qa.contradictions import Contradiction
from textwire.support_qa.messages import Answer, Handoff, Passage, Question
from textwire.support_qa.topics import SUPPORT_QUESTIONS
from textwire.wire.record import Partition, Record

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PASSAGES = (
    Passage(
        id="card-order",
        question="How do I order a physical card?",
        text="Tap Card, then Order. Delivery takes 4 to 7 working days.",
        url="https://larkfield.example/help/card-order",
    ),
    Passage(
        id="card-freeze",
        question="How do I freeze my lost card?",
        text="Tap Card, then Freeze. It works at once.",
    ),
    Passage(id="loan-cost", title="Cost of a loan", text="A loan costs from 5.4 % a year."),
)
# Sure from a cosine of 0.3 on.
CALIBRATION = Calibration(("cosine",), (20.0,), -6.0)


def artifact(
    version: str = "v1", calibration: Calibration | None = CALIBRATION, **thresholds: float
) -> Artifact:
    """A model as far as its manifest."""
    manifest = some_manifest(
        "support-qa",
        version=version,
        calibration=calibration,
        thresholds=thresholds or {"answer": 0.5},
    )
    return Artifact(Path(version), manifest)


def load_hashing(model: Artifact) -> Encoder:
    return HashingEncoder(model.manifest.version)


def knowledge(
    passages: Sequence[Passage] = PASSAGES,
    vectors: ResultStore | None = None,
    load: Callable[[Artifact], Encoder] = load_hashing,
    threshold: float | None = None,
) -> Knowledge:
    made = Knowledge(artifact(), load, vectors or MemoryResults(), threshold=threshold)
    made.apply({passage.id: passage for passage in passages})
    return made


def service(
    store: ResultStore | None = None,
    snapshot: Knowledge | None = None,
    acts: ReadsActs | None = None,
    reranking: RerankModel | None = None,
    wording: AnswerWording | None = None,
    clock: Callable[[], datetime] = lambda: AT,
    contradicted: Callable[[Contradiction], None] = lambda _: None,
    told_of: Callable[[Answer], None] = lambda _: None,
    **settings: object,
) -> SupportQa:
    read = Event()
    read.set()
    return SupportQa(
        snapshot or knowledge(),
        acts or ByBeginning(),
        read_words(),
        store or MemoryResults(),
        clock=clock,
        settings=SupportQaSettings(**settings),
        knowledge_read=read,
        contradicted=contradicted,
        told_of=told_of,
        reranking=reranking,
        wording=wording,
    )


def asked(text: str, session: str = "s", id_: str = "q1", offset: int = 0) -> Received:
    """A question as the loop hands it over."""
    record = Record(Partition(SUPPORT_QUESTIONS.name, 0), offset, session.encode(), b"")
    return Received(Question(id=id_, session_id=session, text=text, asked_at=AT), record)


def stored(store: ResultStore, received: Received, result: Result) -> None:
    """Do what the loop does with the writes."""
    fence = Fence("support-qa", SUPPORT_QUESTIONS.name, 0)
    store.apply(fence, [(received.record.place, result.writes)])


def answer_in(result: Result) -> Answer:
    return next(out.message for out in result.messages if isinstance(out.message, Answer))


def handoff_in(result: Result) -> Handoff | None:
    return next((o.message for o in result.messages if isinstance(o.message, Handoff)), None)
