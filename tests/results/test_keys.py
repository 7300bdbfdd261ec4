"""Names of keys: readable, bounded, and never the same for two things."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from textwire.results.keys import LONGEST_WORD_BYTES, key
from textwire.results.redis import fence_key
from textwire.results.writes import Fence
from textwire.sentiment_alerts.results.keys import articles_key, cells_key
from textwire.sentiment_alerts.results.records import Subject
from textwire.stream.loop.outbox import outbox_key
from textwire.support_qa.results import answer_key

# Surrogates too: they stand in strings that were never valid text.
ANYTHING = st.text(st.characters(exclude_categories=())) | st.text(":%.%3A\x00", max_size=8)
WORDS = st.lists(ANYTHING, min_size=1, max_size=4)


@given(WORDS, WORDS)
def test_different_words_have_different_keys(one: list[str], other: list[str]) -> None:
    assume(one != other)
    assert key(*one) != key(*other)


@given(WORDS)
def test_the_words_can_be_read_from_their_key(words: list[str]) -> None:
    assume(all(len(word) < 60 for word in words))
    read = [unquote(part, errors="surrogatepass") for part in key(*words).split(":")]
    assert read == words


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S")), max_size=200))
def test_an_id_without_special_characters_stays_as_it_is(word: str) -> None:
    assume(":" not in word and "%" not in word)
    assert key("support", "session", word) == f"support:session:{word}"


@given(ANYTHING.map(lambda text: 400 * text), ANYTHING)
def test_keys_are_bounded_and_long_words_differ_by_their_ends(word: str, end: str) -> None:
    name = key("recs", "profile", word + end)
    assert len(name.encode()) <= len("recs:profile:") + LONGEST_WORD_BYTES
    assert (name == key("recs", "profile", word)) == (not end)


@pytest.mark.parametrize("character", ["\x00", "\n", "\u200b", "\ud800", ":", "%"])
def test_what_cannot_be_seen_is_escaped(character: str) -> None:
    assert key("a", character).isascii()
    assert key("a", character).isprintable()


def test_sessions_and_questions_are_not_run_together() -> None:
    assert answer_key("ops", "1:7") != answer_key("ops:1", "7")


def test_companies_and_topics_are_not_run_together() -> None:
    for named in (cells_key, articles_key):
        assert named(Subject("a|b", "")) != named(Subject("a", "b|"))
        assert named(Subject("a:b")) != named(Subject("a", "b"))


def test_groups_and_topics_are_not_run_together() -> None:
    for named in (fence_key, outbox_key):
        assert named(Fence("a:b", "c", 0)) != named(Fence("a", "b:c", 0))
