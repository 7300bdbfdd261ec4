"""Votes of a day: an article has one, and a voice has one at most."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.messages import Sentiment
from textwire.sentiment_alerts.shifts.market_day import MOST_VOICES, VOTE, MarketDay, Vote
from textwire.sentiment_alerts.surges.cell_tally import Negative

SCORES: dict[Sentiment, float] = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}
votes = st.lists(
    st.builds(
        lambda voice, shared, label: Vote(voice, VOTE // shared, label, SCORES[label]),
        st.sampled_from(["company:A", "company:B", "s1", "s2", "s3"]),
        st.integers(1, 10),
        st.sampled_from(sorted(SCORES)),
    ),
    max_size=30,
)


def heard(*said: Vote) -> MarketDay:
    day = MarketDay({}, [], {})
    for vote in said:
        day.add(vote)
    return day


def test_a_hundred_articles_on_one_company_are_one_vote() -> None:
    scandal = [Vote("company:A", VOTE, "negative", -0.9)] * 100
    tone = heard(*scandal, Vote("s1", VOTE, "positive", 0.9)).tone()
    assert tone.articles == 2
    assert tone.mean == pytest.approx(0)
    assert tone.negative == 1


def test_a_post_that_lists_twelve_symbols_is_one_vote() -> None:
    named = [Vote(f"company:{n}", VOTE // 12, "negative", -0.9) for n in range(12)]
    assert heard(*named).tone().articles == pytest.approx(1)


@given(votes, st.integers(0, 1000))
def test_the_order_of_articles_changes_nothing(said: list[Vote], seed: int) -> None:
    shuffled = Random(seed).sample(said, len(said))
    assert heard(*said).tone() == heard(*shuffled).tone()


@given(votes, votes)
def test_what_is_taken_out_is_as_if_it_had_never_come(said: list[Vote], taken: list[Vote]) -> None:
    day = heard(*said, *taken)
    for vote in taken:
        day.add(vote, -1)
    assert day.tone() == heard(*said).tone()


def test_more_voices_than_are_kept_are_a_sample_that_no_order_changes() -> None:
    said = [Vote(f"s{n}", VOTE, "negative", -0.5) for n in range(3 * MOST_VOICES)]
    day, other = heard(*said), heard(*reversed(said))
    assert day.tone().articles == MOST_VOICES
    assert sorted(day.voices) == sorted(other.voices)


def test_what_names_no_company_is_quoted_first_and_each_voice_once() -> None:
    day = heard()
    for n, voice in enumerate(("company:A", "company:A", "s2", "s1")):
        vote = Vote(voice, VOTE, "negative", -0.5)
        day.keep(vote, Negative(n, f"a{n}", (), voice, None, 0, ""))
    assert [one.article_id for one in day.tone().kept] == ["a2", "a3", "a0"]
