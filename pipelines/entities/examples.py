"""Annotated texts as the tagger is given them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.entities.data import AnnotatedText
from textwire.models.engines.entity_spans import spans_of, tag_words
from textwire.models.engines.tokenizing import TokenReader, WordRow


@dataclass(frozen=True)
class TaggedRow:
    """A text's tokens, and the tags of its words, (words,) int64."""

    row: WordRow
    tagged: NDArray[np.int64]


def tagged_rows(
    texts: Sequence[AnnotatedText], tags: Sequence[str], reader: TokenReader, most_tokens: int
) -> list[TaggedRow]:
    """An example for each text that has words, cut after so many tokens."""
    rows = [_cut(row, most_tokens) for row in reader.read_words([text.text for text in texts])]
    return [
        TaggedRow(row, tag_words(row.words, text.spans, tags))
        for row, text in zip(rows, texts, strict=True)
        if row.words
    ]


def unreachable(
    texts: Sequence[AnnotatedText], tags: Sequence[str], reader: TokenReader
) -> tuple[int, int]:
    """How many entities no tags of words can say, such as half a word, and how many there are."""
    rows = reader.read_words([text.text for text in texts])
    reached = [
        set(spans_of(row.words, tag_words(row.words, text.spans, tags), tags))
        for row, text in zip(rows, texts, strict=True)
    ]
    lost = [
        span not in spans for text, spans in zip(texts, reached, strict=True) for span in text.spans
    ]
    return sum(lost), len(lost)


def _cut(row: WordRow, most_tokens: int) -> WordRow:
    words = sum(first < most_tokens for first in row.firsts)
    return WordRow(row.ids[:most_tokens], row.firsts[:words], row.ends[:words], row.words[:words])
