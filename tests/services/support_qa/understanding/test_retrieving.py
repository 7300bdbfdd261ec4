from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.config import SupportQaSettings
from services.support_qa.knowledge.snapshot import RetrievalSnapshot
from services.support_qa.replying.replying import Found
from services.support_qa.understanding.retrieving import Retrieval
from services.support_qa.understanding.searching import Search
from services.support_qa.understanding.understanding import Understood
from tests.encoders import HashingEncoder
from tests.services.support_qa.snapshots import PASSAGES, knowledge
from textwire.support_qa.contradictions import Contradiction
from textwire.support_qa.dialogue_acts import Reading
from textwire.support_qa.messages import Passage, Question

ORDER, FREEZE, LOAN = "order a physical card", "freeze my lost card", "cost of a loan"
NEVER = 2.0


def asks(*texts: str) -> Understood:
    """A message that is searched by each of these texts."""
    return Understood(Reading("question", 1.0, {}), tuple(map(Search, texts)))


def asks_several(*parts: str) -> Understood:
    return Understood(Reading("two_questions", 1.0, {}), (), tuple((Search(p),) for p in parts))


def found(
    *messages: Understood,
    snapshot: RetrievalSnapshot | None = None,
    retrieval: Retrieval | None = None,
    least: float = 0.5,
    **filters: object,
) -> list[list[Found]]:
    questions = [
        Question(id=f"q{n}", session_id=f"s{n}", text="as it was written", **filters)
        for n, _ in enumerate(messages)
    ]
    return (retrieval or Retrieval(SupportQaSettings())).found(
        snapshot or knowledge().snapshot, None, questions, messages, [[] for _ in messages], least
    )


def first_ids(of_message: list[Found]) -> list[str]:
    return [one.candidates[0].passage.id for one in of_message]


def test_each_search_of_each_message_has_what_it_found_in_its_place() -> None:
    nothing, one, two = found(asks(), asks(ORDER), asks(LOAN, FREEZE))
    assert nothing == []
    assert first_ids(one) == ["card-order"]
    assert first_ids(two) == ["loan-cost", "card-freeze"]


def test_where_nothing_is_searched_nothing_is_encoded() -> None:
    encoders: list[HashingEncoder] = []

    def load(artifact: object) -> HashingEncoder:
        encoders.append(HashingEncoder("v1"))
        return encoders[-1]

    snapshot = knowledge(load=load).snapshot
    before = [len(encoder.encoded) for encoder in encoders]
    assert found(asks(), asks(), snapshot=snapshot) == [[], []]
    assert [len(encoder.encoded) for encoder in encoders] == before


def test_sentences_are_taken_only_of_what_is_sure_enough_to_answer_with() -> None:
    ((sure,),) = found(asks(ORDER))
    ((unsure,),) = found(asks(ORDER), least=NEVER)
    assert "Tap Card, then Order." in sure.sentences
    assert unsure.sentences == ()
    assert unsure.candidates == sure.candidates


def test_a_second_question_does_not_find_the_passage_of_the_first() -> None:
    (parts,) = found(asks_several(ORDER, ORDER))
    assert len(set(first_ids(parts))) == 2


def test_only_passages_that_the_question_allows_are_found() -> None:
    german = Passage(id="de", title="Karte", text="order a physical card", language="de")
    snapshot = knowledge((*PASSAGES, german)).snapshot
    ((anywhere,),) = found(asks(ORDER), snapshot=snapshot)
    assert "de" in {one.passage.id for one in anywhere.candidates}
    ((english,),) = found(asks(ORDER), snapshot=snapshot, language="en")
    assert "de" not in {one.passage.id for one in english.candidates}


def test_without_knowledge_nothing_is_found_and_nothing_is_sure() -> None:
    ((nothing,),) = found(asks(ORDER), snapshot=knowledge(()).snapshot)
    assert (list(nothing.candidates), nothing.confidence) == ([], 0.0)


def test_of_two_passages_that_contradict_the_newer_is_first_less_surely_and_it_is_told() -> None:
    told: list[Contradiction] = []
    asked = "Can I order a physical card?"
    old = Passage(id="old", question=asked, text="Yes, you can order a physical card.")
    new = Passage(id="new", question=asked, text="No, you cannot order a physical card.")
    alone = found(asks(asked), snapshot=knowledge((new,)).snapshot)
    both = found(
        asks(asked),
        snapshot=knowledge((old, new)).snapshot,
        retrieval=Retrieval(SupportQaSettings(), contradicted=told.append),
    )
    assert first_ids(both[0]) == ["new"]
    assert both[0][0].confidence < alone[0][0].confidence
    assert len(told) == 1


def test_its_stages_are_timed_in_their_order() -> None:
    stages: list[str] = []

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        stages.append(stage)
        yield

    found(asks(ORDER), retrieval=Retrieval(SupportQaSettings(), timed))
    assert stages == ["infer", "retrieve", "extract"]


MESSAGES = st.lists(
    st.builds(
        lambda texts: asks(*texts), st.lists(st.sampled_from([ORDER, FREEZE, LOAN]), max_size=3)
    ),
    max_size=4,
)
SNAPSHOT = knowledge().snapshot


@given(MESSAGES)
def test_what_is_found_for_a_message_does_not_hang_on_the_others(
    messages: list[Understood],
) -> None:
    together = found(*messages, snapshot=SNAPSHOT)
    alone = [found(message, snapshot=SNAPSHOT)[0] for message in messages]
    for batched, single in zip(together, alone, strict=True):
        assert first_ids(batched) == first_ids(single)
        assert [one.sentences for one in batched] == [one.sentences for one in single]
        assert [one.confidence for one in batched] == pytest.approx(
            [one.confidence for one in single], abs=1e-5
        )
