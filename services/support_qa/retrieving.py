"""From questions, read in their conversations, to candidates."""

from __future__ import annotations

from collections.abc import Sequence

from services.support_qa.conversations import asked_before
from textwire.messages import Question, Turn
from textwire.search.follow_ups import read_with_turns
from textwire.search.passages import Candidate, PassageIndex


def retrieve_candidates(
    index: PassageIndex,
    questions: Sequence[Question],
    conversations: Sequence[Sequence[Turn]],
    candidates: int,
    turns: int,
) -> list[list[Candidate]]:
    """The best passages for each question, best first.

    Args: conversations: the turns before each question.
          candidates: how many passages, at most. turns: how many turns a follow-up is read with.
    """
    texts = [
        read_with_turns(question.text, asked_before(before, turns))
        for question, before in zip(questions, conversations, strict=True)
    ]
    return index.search(texts, candidates)
