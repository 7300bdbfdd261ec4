"""The sentences of a passage that answer a question."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import islice

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.support_qa.messages import Turn
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.passage_lists import as_it_stands, told_together
from textwire.support_qa.passage_texts import sentences as sentences_of

# More than this is read by nobody; the whole passage stands behind the answer. What is said
# together, as the steps of a list, counts once.
MOST_SENTENCES = 3
# Sentences that are this much farther from the question than the nearest one answer it no more.
CLOSE = 0.2
# What is no longer than an answer may be is said whole: without "Tell us when you order", "Yes. Do
# not cancel with your old provider" is half an answer, and nobody is spared anything.
WHOLE_SENTENCES = MOST_SENTENCES
# What begins so goes on from the sentence before it, and says nothing without it.
GOES_ON = re.compile(
    r"(?:it|its|they|them|their|this|that|these|those|then|there|afterwards|otherwise|but|however|"
    r"both|neither|if so|if not|in (?:that|this) case|also|so|and|or|he|she|until then|"
    r"dies|diese[rs]?|dann|sonst|aber|er|sie|es|danach)\b",
    re.IGNORECASE,
)


def extracted(
    candidates: Sequence[Candidate],
    vectors: Vectors,
    asked: Sequence[str],
    before: Sequence[Sequence[Turn]],
    encoder: Encoder,
) -> list[tuple[str, ...]]:
    """The sentences of each passage that answer its question, and not the same text again.

    Who asks again is told what of the passage was not said yet: nothing, once all of it was. Who
    asks something else about it is told the one sentence that is nearest.

    Args: candidates: n, with vectors: (n, d) float32, of what was searched, asked: the customer's
          words, and before: the turns before them.
          encoder: of sentences; the one that the questions were encoded with.
    """
    sentences = [sentences_of(candidate.passage.text) for candidate in candidates]
    embedded = iter(encoder.encode([one for some in sentences for one in some]))
    answers = []
    for one, some, vector, text, turns in zip(
        candidates, sentences, vectors, asked, before, strict=True
    ):
        cosines = np.array([each @ vector for each in islice(embedded, len(some))])
        places = _not_again(one.passage.text, some, cosines, text, turns)
        answers.append(tuple(some[place] for place in places))
    return answers


def _not_again(
    passage: str, sentences: Sequence[str], cosines: Vectors, asked: str, before: Sequence[Turn]
) -> list[int]:
    together = told_together(passage, sentences)
    chosen = answering_sentences(sentences, cosines, together=together)
    if not _is_said(as_it_stands(passage, [sentences[place] for place in chosen]), before):
        return chosen
    said = {place for place, sentence in enumerate(sentences) if _is_said(sentence, before)}
    if new := answering_sentences(sentences, cosines, said, together):
        return new
    was_asked = any(t.role == "customer" and _plain(t.text) == _plain(asked) for t in before)
    return [] if was_asked or len(sentences) == 1 else [int(np.argmax(cosines))]


def _is_said(text: str, before: Sequence[Turn]) -> bool:
    return any(turn.role == "bot" and text in turn.text for turn in before)


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip("?!. ")


def answering_sentences(
    sentences: Sequence[str],
    cosines: Vectors,
    said: Set[int] = frozenset(),
    together: Sequence[Set[int]] | None = None,
) -> list[int]:
    """The places of the sentences to answer with, in the passage's order.

    Args: sentences: of one passage. cosines: (n,) float32, between each and the question.
          said: places of those that were said before, and are not said again.
          together: for each the places of those that are said with it; None: each by itself.
    """
    groups = [frozenset(g) for g in together or [{place} for place in range(len(sentences))]]
    left = [place for place in range(len(sentences)) if place not in said]
    if len({groups[place] for place in left}) <= WHOLE_SENTENCES:
        return left
    nearest = sorted(left, key=lambda place: -float(cosines[place]))
    least = float(cosines[nearest[0]]) - CLOSE
    chosen: set[int] = set()
    for place in nearest:
        needed = _with_what_it_leans_on(place, sentences, groups) - said
        told = {groups[one] for one in chosen | needed}
        if float(cosines[place]) < least or len(told) > MOST_SENTENCES:
            break
        chosen |= needed
    return sorted(chosen or groups[nearest[0]] - said)


def _with_what_it_leans_on(
    place: int, sentences: Sequence[str], groups: Sequence[frozenset[int]]
) -> set[int]:
    places = set(groups[place])
    while place > 0 and GOES_ON.match(sentences[place]):
        place -= 1
        places |= groups[place]
    return places
