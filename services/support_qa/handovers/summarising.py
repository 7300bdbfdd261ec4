"""What a customer wanted, in a few of their own sentences, for the colleague who takes over."""

from __future__ import annotations

from collections.abc import Sequence

from services.support_qa.replying.answering import shortened
from textwire.support_qa.follow_ups import ASKING
from textwire.support_qa.messages import Turn
from textwire.support_qa.splitting import SENTENCE

# What is read at a glance: where it began, and where it has come to.
MOST_SENTENCES = 3
SENTENCE_CHARACTERS = 240


def summarised(turns: Sequence[Turn]) -> str | None:
    """The customer's first request and their last ones, a sentence of each, in order.

    What greets, thanks or only asks for a person is passed over, unless that is all there is.
    """
    said = [turn for turn in turns if turn.role == "customer" and turn.text.strip()]
    asking = [turn for turn in said if _says_what_for(turn)] or said[-1:]
    sentences = list(dict.fromkeys(map(_key_sentence, asking)))
    if len(sentences) > MOST_SENTENCES:
        sentences = [sentences[0], *sentences[1 - MOST_SENTENCES :]]
    return " … ".join(sentences) or None


def _says_what_for(turn: Turn) -> bool:
    """Who asks for a person in a sentence among others says in the others what for."""
    wishes_more = turn.act == "wants_person" and len(_sentences(turn)) > 1
    return wishes_more or (turn.act or "question") in ASKING


def _key_sentence(turn: Turn) -> str:
    """The sentence that asks, or else the longest."""
    sentences = _sentences(turn)
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return shortened(max(asking or sentences, key=len), SENTENCE_CHARACTERS)


def _sentences(turn: Turn) -> list[str]:
    return SENTENCE.split(" ".join(turn.text.split()))
