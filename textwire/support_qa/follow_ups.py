"""Reading a follow-up question with the questions that it leans on.

"And how long does that take?" holds nothing to search for, so it is searched together with what was
asked before, back to a question that stood alone. What each message did was read when it came.
"""

from __future__ import annotations

from collections.abc import Sequence

from textwire.support_qa.messages import Turn

# How far back a chain of follow-ups is followed.
LONGEST_CHAIN = 3
ASKING = frozenset({"question", "follow_up", "two_questions", "refuses_person", "complaint"})
LEANING = frozenset({"follow_up"})
QUESTIONS = frozenset({"question", "follow_up", "two_questions"})


def read_with_turns(text: str, before: Sequence[Turn]) -> str:
    """The text to search with for a follow-up: the questions that it leans on stand before it.

    Args: before: the session's turns, oldest first. What greets, thanks or answers is passed over.
    """
    chain = [text]
    for turn in reversed(before):
        if len(chain) > LONGEST_CHAIN:
            break
        if turn.role != "customer" or turn.refused or (turn.act or "question") not in ASKING:
            continue
        chain.insert(0, turn.text)
        if turn.act not in LEANING:
            break
    return "\n".join(chain)


def asked_before(before: Sequence[Turn]) -> str:
    """The last question of a conversation, with what it leans on; empty where nothing was asked."""
    for place in range(len(before) - 1, -1, -1):
        turn = before[place]
        if turn.role == "customer" and not turn.refused and turn.act in QUESTIONS:
            leans = turn.act in LEANING
            return read_with_turns(turn.text, before[:place]) if leans else turn.text
    return ""
