"""Spans of letters, tags of words, and the likeliest row of tags."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textwire.models.engines.entity_spans import (
    Span,
    likeliest_tags,
    may_follow,
    spans_of,
    tag_words,
    tags_of,
)

TAGS = tags_of(("ORG", "PER"))
WORDS = [(0, 4), (5, 8), (8, 9), (10, 15), (16, 20)]


def columns(*tags: str) -> list[int]:
    return [TAGS.index(tag) for tag in tags]


@given(st.lists(st.sampled_from(["", "ORG", "PER"]), min_size=5, max_size=5), st.data())
def test_spans_of_whole_words_survive_their_tags(kinds: list[str], data: st.DataObject) -> None:
    spans, place = [], 0
    while place < len(WORDS):
        length = data.draw(st.integers(1, len(WORDS) - place))
        if kinds[place]:
            start, end = WORDS[place][0], WORDS[place + length - 1][1]
            spans.append(Span(start, end, kinds[place]))
        place += length
    assert spans_of(WORDS, tag_words(WORDS, spans, TAGS), TAGS) == spans


def test_a_span_of_half_a_word_is_widened_to_it() -> None:
    tagged = tag_words(WORDS, [Span(6, 8, "ORG")], TAGS)
    assert spans_of(WORDS, tagged, TAGS) == [Span(5, 8, "ORG")]


def test_what_goes_on_without_a_beginning_begins_as_conlleval_reads_it() -> None:
    tagged = columns("I-ORG", "I-ORG", "I-PER", "O", "I-PER")
    assert spans_of(WORDS, tagged, TAGS) == [
        Span(0, 8, "ORG"),
        Span(8, 9, "PER"),
        Span(16, 20, "PER"),
    ]


def test_two_of_a_kind_beside_each_other_stay_two() -> None:
    tagged = columns("B-ORG", "B-ORG", "I-ORG", "O", "O")
    assert spans_of(WORDS, tagged, TAGS) == [Span(0, 4, "ORG"), Span(5, 9, "ORG")]


@given(st.integers(0, 10_000), st.integers(0, 4))
def test_the_row_is_the_likeliest_of_all_that_are_allowed(seed: int, words: int) -> None:
    logs = np.random.default_rng(seed).normal(size=(words, len(TAGS))).astype(np.float32)
    following = may_follow(TAGS)
    found = likeliest_tags(logs, following)

    def allowed(row: tuple[int, ...]) -> bool:
        return all(following[one, other] for one, other in zip((0, *row), row, strict=False))

    rows = [row for row in product(range(len(TAGS)), repeat=words) if allowed(row)]
    best = max(sum(logs[at, tag] for at, tag in enumerate(row)) for row in rows)
    assert allowed(tuple(found))
    assert np.isclose(sum(logs[at, tag] for at, tag in enumerate(found)), best, atol=1e-4)
