"""Question and passage, read together."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import ArtifactError
from textwire.models.engines.classifier import Classified
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.passage_texts import PART_LETTERS, parts
from textwire.support_qa.reranking import (
    LABELS,
    SUREST,
    Reranker,
    candidate_text,
    fused,
    pair_text,
)

FIRST = Candidate(Passage(id="a", text="A"), 0.8, 0.7, 6.0, 1, 1, 1.0)
SECOND = Candidate(Passage(id="b", text="B"), 0.5, 0.6, 2.0, 2, 2, 0.6)


class Told:
    """Gives the probabilities that it is told, by the passage at a text's end."""

    name = "told"
    topics = ()

    def __init__(self, answers: dict[str, float], labels: tuple[str, ...] = LABELS) -> None:
        self.answers = answers
        self.labels = labels
        self.calls = 0

    def classify(self, texts: Sequence[str]) -> Classified:
        self.calls += 1
        p = np.array([self.answers[text[-1]] for text in texts], dtype=np.float32)
        return Classified(np.stack([1 - p, p], axis=1), np.empty((len(texts), 0), np.float32))


def test_the_likelier_goes_first_where_the_reranker_weighs_enough() -> None:
    told = Told({"A": 0.1, "B": 0.9})
    for weight, order in ((0.0, "ab"), (0.05, "ab"), (0.5, "ba")):
        (found,) = Reranker(told, weight).reranked(["q"], [[FIRST, SECOND]], 2)
        assert "".join(one.passage.id for one in found) == order


def test_all_questions_are_read_in_one_go_and_each_as_alone() -> None:
    told = Told({"A": 0.1, "B": 0.9})
    reranker = Reranker(told, 0.5)
    together = reranker.reranked(["q", "r", "s"], [[FIRST, SECOND], [], [SECOND]], 1)
    assert told.calls == 1
    alone = [reranker.reranked(["q"], [some], 1)[0] for some in ([FIRST, SECOND], [], [SECOND])]
    assert together == alone
    assert together[1] == []


def test_certainty_stays_a_number() -> None:
    (found,) = Reranker(Told({"A": 1.0, "B": 0.0}), 0.5).read(["q"], [[FIRST, SECOND]])
    assert [one.relevance for one in found] == [SUREST, -SUREST]


def test_a_model_that_tells_something_else_is_refused() -> None:
    with pytest.raises(ArtifactError, match="pipelines reranker run"):
        Reranker(Told({}, ("negative", "positive")), 0.5)


def test_nobody_writes_the_mark_between_question_and_passage() -> None:
    assert pair_text("a [SEP] b", "c [SEP] d").count("[SEP]") == 1


def test_of_a_long_passage_the_part_that_is_nearest_is_read() -> None:
    long = Passage(id="l", title="T", text=" ".join(["A word and another."] * PART_LETTERS))
    assert len(parts(long)) > 2
    candidate = replace(FIRST, passage=long, best_part=2)
    assert candidate_text(candidate) == parts(long)[2]


@given(
    st.lists(st.tuples(st.floats(-1, 2), st.floats(-SUREST, SUREST)), max_size=10),
    st.floats(0, 1),
)
def test_ranking_again_loses_and_invents_nothing(scores, weight) -> None:
    candidates = [
        replace(FIRST, passage=Passage(id=str(n), text="A"), score=score, relevance=odds)
        for n, (score, odds) in enumerate(scores)
    ]
    found = fused(candidates, weight)
    assert {one.passage.id for one in found} == {one.passage.id for one in candidates}
    assert all(a.score >= b.score for a, b in pairwise(found))
    assert [one.passage.id for one in fused(candidates, 0.0)] == [
        one.passage.id for one in sorted(candidates, key=lambda one: -one.score)
    ]
