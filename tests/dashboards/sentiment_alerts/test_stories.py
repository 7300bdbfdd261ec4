from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.sentiment_alerts.stories import RECENT, about, story_counts, story_row, told_most
from textwire.sentiment_alerts.results.records import Story

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def story(id_: str = "s1", articles: int = 2, hours_ago: float = 1.0, **more: object) -> Story:
    ends = NOON - timedelta(hours=hours_ago)
    return Story(
        id=id_, title=f"Story {id_}", begins=ends, ends=ends, articles=articles, **more
    )  # fmt: skip


def test_what_is_told_most_stands_first_then_what_is_copied_most_then_the_newest() -> None:
    stories = [
        story("new", 2, 1),
        story("old", 2, 5),
        story("copied", 2, 5, copies=3),
        story("most", 9, 20),
    ]
    assert [one.id for one in told_most(stories, NOON)] == ["most", "copied", "new", "old"]


def test_what_came_once_or_long_ago_is_no_story_of_the_day() -> None:
    stories = [story("once", 1), story("copied", 1, copies=1), story("past", 5, 24)]
    assert [one.id for one in told_most(stories, NOON)] == ["copied"]


STORIES = st.lists(
    st.builds(
        story,
        st.uuids().map(str),
        st.integers(0, 5),
        st.floats(0, 48),
        copies=st.integers(0, 3),
        companies=st.dictionaries(st.sampled_from("AB"), st.floats(-1, 1)),
        topics=st.dictionaries(st.sampled_from("tu"), st.integers(1, 3)),
    ),
    max_size=8,
)


@given(STORIES, st.sampled_from([None, "A"]), st.sampled_from([None, "t"]))
def test_only_stories_of_the_day_that_tell_of_what_is_chosen_are_left(
    stories: list[Story], company: str | None, topic: str | None
) -> None:
    left = about(told_most(stories, NOON), company, topic)
    for one in stories:
        fits = company in (None, *one.companies) and topic in (None, *one.topics)
        several = one.articles + one.copies > 1
        assert (one in left) == (fits and several and one.ends > NOON - RECENT)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (story(articles=1), "1 article"),
        (story(articles=4, copies=2, sources=("a", "b", "c")), "4 articles, 2 copies · 3 sources"),
        (story(articles=1, copies=1, sources=("a",)), "1 article, 1 copy · 1 source"),
    ],
)
def test_counts_are_told_in_words(told: Story, words: str) -> None:
    assert story_counts(told) == words


def test_a_row_names_a_few_companies_and_counts_the_others() -> None:
    companies = dict.fromkeys(["Northmere", "Calthorn", "Larkfield", "Ostrava", "Brindle"], 0.0)
    row = story_row(story(companies=companies), UTC, chosen=False)
    assert "Northmere, Calthorn, Larkfield and 2 more" in row


def test_a_hostile_headline_is_text() -> None:
    hostile = story(companies={"<b>": 0.0})
    assert "<b>" not in story_row(hostile, UTC, chosen=True)
