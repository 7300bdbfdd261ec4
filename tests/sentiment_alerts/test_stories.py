from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.copies.near_duplicates import sketch_of
from textwire.sentiment_alerts.event_time import as_ms
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment, Sentiment
from textwire.sentiment_alerts.results.reading import (
    read_articles_of_story,
    read_recent_stories,
    read_story,
)
from textwire.sentiment_alerts.results.records import Story
from textwire.sentiment_alerts.stories import (
    KEPT_SOURCES,
    KEPT_WORDS,
    STORIES_OF_WORD,
    Frequency,
    RecentStories,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCORES: dict[Sentiment, float] = {"negative": -0.9, "neutral": 0.0, "positive": 0.9}
ONE_EVENT = (
    "Dockers' strike shuts Norvik container port",
    "Norvik port at a standstill as dockers strike over pay",
    "Container ships queue off Norvik port after dockers walk out",
)
OTHERS = (
    "Solvanta raises dividend after record year",
    "Regulator fines Orvelle over leaked passwords",
    "Heavy rain delays harvest of barley in Halden",
)


def article(
    title: str,
    number: int = 0,
    *,
    hours: float = 0,
    source: str | None = None,
    tones: Mapping[str, Sentiment] | None = None,
) -> ArticleSentiment:
    """An article, as it was scored."""
    entities = tuple(
        EntitySentiment(entity=name, label=tone, score=SCORES[tone], probabilities={})
        for name, tone in (tones or {}).items()
    )
    return ArticleSentiment(
        article_id=f"a{number}",
        published_at=NOON + timedelta(hours=hours),
        title=title,
        label="negative",
        score=-0.9,
        probabilities={},
        entities=entities,
        topics=(),
        model="m",
        source=source,
    )


class Gathered:
    """Stories over articles in batches."""

    def __init__(self) -> None:
        self.store = MemoryResults()
        self.articles = Frequency()

    def take(self, *batch: ArticleSentiment) -> list[str]:
        """Their stories' ids."""
        sketches = [sketch_of(one.title) for one in batch]
        stories, ids = RecentStories(self.store, sketches), []
        for one, sketch in zip(batch, sketches, strict=True):
            at_ms = as_ms(one.published_at)
            ids.append(stories.take(one, sketch, at_ms, self.articles))
            self.articles = self.articles.one_more(at_ms)
        self.store.write(stories.writes())
        return ids

    def story(self, id_: str) -> Story:
        """One that is kept."""
        story = read_story(self.store, id_)
        assert story is not None
        return story


def test_wordings_of_one_event_are_one_story() -> None:
    ids = Gathered().take(*(article(title, n) for n, title in enumerate(ONE_EVENT)))
    assert len(set(ids)) == 1


def test_other_events_are_stories_of_their_own() -> None:
    ids = Gathered().take(*(article(title, n) for n, title in enumerate((*ONE_EVENT, *OTHERS))))
    assert len(set(ids)) == 1 + len(OTHERS)


@pytest.mark.parametrize(("hours", "is_one"), [(47, True), (49, False)])
def test_a_story_of_which_nothing_came_for_two_days_is_over(hours: float, is_one: bool) -> None:
    one, other = Gathered().take(article(ONE_EVENT[0]), article(ONE_EVENT[1], 1, hours=hours))
    assert (one == other) == is_one


def test_a_story_goes_on_for_a_week_at_most() -> None:
    gathered = Gathered()
    ids = [gathered.take(article(ONE_EVENT[0], n, hours=40 * n))[0] for n in range(6)]
    assert ids[0] == ids[4] != ids[5]


def test_good_and_bad_news_of_a_company_are_two_stories() -> None:
    first = article("Solvanta quarterly profit beats forecasts", 0, tones={"Solvanta": "positive"})
    title = "Solvanta quarterly profit misses forecasts"
    one, other = Gathered().take(first, article(title, 1, tones={"Solvanta": "negative"}))
    assert one != other


def test_two_companies_that_are_named_again_make_no_story() -> None:
    tones: dict[str, Sentiment] = {"Solvanta": "neutral", "Orvelle": "neutral"}
    first = article("Solvanta outsells Orvelle in Halden", 0, tones=tones)
    other = article("Orvelle and Solvanta raided by cartel office", 1, tones=tones)
    assert len(set(Gathered().take(first, other))) == 2


def test_one_word_in_common_makes_no_story() -> None:
    one, other = Gathered().take(article("Norvik"), article("Norvik", 1))
    assert one != other


def test_a_story_knows_its_sources_companies_and_what_was_said() -> None:
    gathered = Gathered()
    (id_, *_) = gathered.take(
        article(ONE_EVENT[0], 0, source="Wire", tones={"Norvik Ports": "negative"}),
        article(ONE_EVENT[1], 1, source="Post", tones={"Norvik Ports": "negative"}),
        article(ONE_EVENT[2], 2, source="Wire", hours=1, tones={"Norvik Ports": "neutral"}),
    )
    story = gathered.story(id_)
    assert (story.title, story.articles, story.sources) == (ONE_EVENT[0], 3, ("Wire", "Post"))
    assert story.companies == pytest.approx({"Norvik Ports": -1.8})
    assert (story.begins, story.ends) == (NOON, NOON + timedelta(hours=1))


def test_a_copy_adds_its_source_and_no_article() -> None:
    gathered = Gathered()
    (id_,) = gathered.take(article(ONE_EVENT[0], 0, source="Wire"))
    stories = RecentStories(gathered.store, [])
    stories.take_copy(id_, article(ONE_EVENT[0], 1, source="Post"))
    gathered.store.write(stories.writes())
    story = gathered.story(id_)
    assert (story.articles, story.copies, story.sources) == (1, 1, ("Wire", "Post"))


def test_what_is_remembered_of_a_story_is_bounded() -> None:
    gathered = Gathered()
    titles = [f"{ONE_EVENT[0]} {chr(97 + n % 26)}{chr(97 + n // 26)}word" for n in range(60)]
    ids = gathered.take(*(article(t, n, source=f"s{n}") for n, t in enumerate(titles)))
    story = gathered.story(ids[0])
    assert story.articles == 60
    assert len(story.words) <= KEPT_WORDS
    assert len(story.sources) == KEPT_SOURCES


def test_a_word_knows_its_last_stories_only() -> None:
    gathered = Gathered()
    for n in range(2 * STORIES_OF_WORD):
        gathered.take(article(f"Norvik {chr(97 + n)}xyz", n))
    ids = gathered.take(article("Norvik axyz", 99))
    assert len(read_recent_stories(gathered.store)) == 2 * STORIES_OF_WORD + 1
    assert ids


def test_pages_read_the_newest_stories_first() -> None:
    gathered = Gathered()
    first, second, again = gathered.take(
        article(ONE_EVENT[0], 0), article(OTHERS[0], 1), article(ONE_EVENT[1], 2)
    )
    assert [story.id for story in read_recent_stories(gathered.store)] == [first, second]
    assert again == first
    assert read_articles_of_story(gathered.store, first) == []  # the articles were never stored


@given(
    st.lists(st.sampled_from([*ONE_EVENT, *OTHERS]), min_size=1, max_size=12),
    st.lists(st.integers(1, 11), max_size=4),
)
def test_stories_do_not_depend_on_batches(titles: Sequence[str], cuts: Sequence[int]) -> None:
    articles = [article(title, n, hours=n) for n, title in enumerate(titles)]
    at_once = Gathered().take(*articles)
    places = [0, *sorted({cut for cut in cuts if cut < len(titles)}), len(titles)]
    in_batches = Gathered()
    taken = [id_ for a, b in pairwise(places) for id_ in in_batches.take(*articles[a:b])]
    assert taken == at_once


def test_the_memory_of_words_fades() -> None:
    seen = Frequency().one_more(0)
    month_ms = 30 * 24 * 3_600_000
    assert seen.at(month_ms) == pytest.approx(0.5)
    assert seen.one_more(month_ms).at(month_ms) == pytest.approx(1.5)
