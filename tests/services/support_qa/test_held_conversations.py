"""What customers said that went wrong once, held again with the models that travel with the code.

And what impatient customers say, to the sample bank and to a leisure centre whose knowledge no
model has learned (`impatient_customers/`).

In each file `turns` are sent one after the other; the rest is said of the answer to the last: its
outcome is one of `outcome`, the first source one of `passage`, of each list in `each_of` one is
among the sources; `not_answered`: no passage is given; `reason` and `forbid_reason`: of the
handoff; `handoffs`: how many the session leaves. `known_wrong`: why it does not end so today; once
it does, that is to be taken out.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest
from _pytest.mark.structures import ParameterSet

from services.support_qa.bot_words import read_words
from services.support_qa.config import SupportQaSettings
from services.support_qa.knowledge.snapshot import Knowledge
from services.support_qa.processor import SupportQa
from services.support_qa.understanding.act_reading import ActModel
from tests.services.support_qa.snapshots import answer_in, asked, handoff_in, stored
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.serving import load_classifier, load_encoder
from textwire.models.engines.tokenizing import whole_words
from textwire.models.shipped.champions import install_champion, shipped_champion
from textwire.results.memory import MemoryResults
from textwire.samples import samples_dir
from textwire.settings import ModelSettings
from textwire.support_qa.messages import Answer, Passage

FILE = Path(__file__).with_name("held_conversations.jsonl")
IMPATIENT = Path(__file__).with_name("impatient_customers")
LEISURE_CENTRE = IMPATIENT / "leisure_centre_knowledge.jsonl"
BANK = samples_dir() / "support_qa" / "knowledge.jsonl"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Conversation(msgspec.Struct, frozen=True):
    """What was said, and what is right about the last answer."""

    kind: str
    turns: list[str]
    outcome: list[str] = []
    passage: list[str] = []
    each_of: list[list[str]] = []
    not_answered: bool = False
    not_the_same_text: bool = False
    reason: str | None = None
    forbid_reason: str | None = None
    handoffs: int | None = None
    known_wrong: str = ""


def conversations(file: Path) -> list[Conversation]:
    return [msgspec.json.decode(line, type=Conversation) for line in file.read_bytes().splitlines()]


HELD = [
    (knowledge, held)
    for knowledge, file in (
        (BANK, FILE),
        (BANK, IMPATIENT / "bank.jsonl"),
        (LEISURE_CENTRE, IMPATIENT / "leisure_centre.jsonl"),
    )
    for held in conversations(file)
]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("champions")
    registry = Registry(str(folder / "models"), folder / "cache")
    for task in ("support-qa", "dialogue-acts"):
        shipped = shipped_champion(task)
        assert shipped is not None
        install_champion(shipped, registry, folder)
    return registry


@pytest.fixture(scope="module")
def known(registry: Registry) -> dict[Path, Knowledge]:
    return {file: read_knowledge(file, registry) for file in (BANK, LEISURE_CENTRE)}


@pytest.fixture(scope="module")
def acts(registry: Registry) -> ActModel:
    champion = registry.champion("dialogue-acts")
    return ActModel(champion, lambda a: load_classifier(a, ModelSettings()))


def read_knowledge(file: Path, registry: Registry) -> Knowledge:
    knowledge = Knowledge(
        registry.champion("support-qa"),
        lambda a: load_encoder(a, ModelSettings()),
        MemoryResults(),
        known_words=lambda artifact: whole_words(artifact.file("tokenizer.json")),
    )
    with file.open("rb") as lines:
        passages = [msgspec.json.decode(line, type=Passage) for line in lines]
    knowledge.apply({passage.id: passage for passage in passages})
    return knowledge


def marked(knowledge: Path, held: Conversation) -> ParameterSet:
    wrong = pytest.mark.xfail(reason=held.known_wrong, strict=True)
    return pytest.param(knowledge, held, marks=[wrong] if held.known_wrong else [])


@pytest.mark.parametrize(
    ("knowledge", "held"),
    [marked(*one) for one in HELD],
    ids=[f"{held.kind}: {held.turns[-1]}" for _, held in HELD],
)
def test_it_ends_as_it_should(
    knowledge: Path, held: Conversation, known: dict[Path, Knowledge], acts: ActModel
) -> None:
    store, read = MemoryResults(), Event()
    read.set()
    settings = SupportQaSettings()
    qa = SupportQa(known[knowledge], acts, read_words(), store, lambda: NOW, settings, read)
    answers, handoffs = [], 0
    for number, text in enumerate(held.turns):
        received = asked(text, id_=f"q{number}", offset=number)
        (result,) = qa.process([received])
        stored(store, received, result)
        answers.append(answer_in(result))
        handoffs += handoff_in(result) is not None
    judge(held, answers[-1])
    assert held.handoffs in (None, handoffs)
    if held.not_the_same_text:
        assert all(one.text != other.text for one, other in itertools.pairwise(answers))


def test_a_fact_at_the_end_of_a_long_passage_is_found(known: dict[Path, Knowledge]) -> None:
    index = known[BANK].snapshot.index
    filler = "Larkfield was founded by three friends who liked birds and wanted a quieter bank. "
    text = filler * 75 + "The aviary in the head office is open to visitors on Thursdays at noon."
    assert len(text) > 6_000
    changed = index.changed([Passage(id="long", title="Our history", text=text)])
    (found,) = changed.search(["when can visitors see the aviary in the head office"])
    assert found[0].passage.id == "long"


def judge(held: Conversation, answer: Answer) -> None:
    sources = [source.passage_id for source in answer.sources]
    assert not held.outcome or answer.outcome in held.outcome
    assert not (held.not_answered and answer.outcome == "answered")
    assert held.reason in (None, answer.handoff_reason)
    assert held.forbid_reason is None or answer.handoff_reason != held.forbid_reason
    if answer.outcome == "answered":
        assert not held.passage or sources[0] in held.passage
        assert all(set(wanted) & set(sources) for wanted in held.each_of)
