from itertools import islice

import pytest

from benchmarks.driving import Sending
from benchmarks.news_world import (
    BURST,
    NewsWorld,
    article_id,
    invented_companies,
    patterns,
)
from textwire.samples import samples_dir
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.scoring.clauses import linked_text

COMPANIES = invented_companies()


@pytest.fixture
def world() -> NewsWorld:
    found = patterns(samples_dir() / "sentiment_alerts")
    negative = [pattern for pattern in found if pattern.told.label == "negative"]
    return NewsWorld(found, negative, [company.name for company in COMPANIES])


def as_articles(sendings: list[Sending]) -> list[Article]:
    return [sending.message for sending in sendings if isinstance(sending.message, Article)]


def test_a_burst_is_different_articles_about_one_company(world: NewsWorld):
    linker = Linker(COMPANIES)
    burst = as_articles(list(islice(world.bursts(), BURST)))
    named = [{m.entity for m in linker.mentions_in(linked_text(a.title, a.body))} for a in burst]
    assert all(names == {COMPANIES[0].name} for names in named)
    assert len({article.title for article in burst}) == BURST


def test_each_article_of_the_filling_is_about_another_company(world: NewsWorld):
    linker = Linker(COMPANIES)
    filling = as_articles(list(islice(world.filling(), 700)))
    first = [linker.mentions_in(linked_text(a.title, a.body))[0].entity for a in filling]
    assert first == [COMPANIES[number % len(COMPANIES)].name for number in range(700)]


def test_time_goes_forward_through_all_streams_and_ids_tell_it(world: NewsWorld):
    bursts, filling = world.bursts(), world.filling()
    sendings = [next(stream) for _ in range(5) for stream in (bursts, filling)]
    moments = [article.published_at for article in as_articles(sendings)]
    assert moments == sorted(set(moments))
    assert [sending.id for sending in sendings] == [article_id(at) for at in moments if at]
