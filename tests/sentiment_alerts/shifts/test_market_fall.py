"""The chart of all companies together, in worlds where the truth is known."""

from __future__ import annotations

from benchmarks.quality.market_falls import Fell, World, alarms, heard_days
from tests.article_scorers import DAY
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment, TopicProbability
from textwire.sentiment_alerts.shifts.market_fall import MarketRules

RULES = MarketRules()


def said(*topics: str, company: str | None = None) -> ArticleSentiment:
    named = EntitySentiment(entity=company or "", label="neutral", score=0.0, probabilities={})
    return ArticleSentiment(
        article_id="a",
        published_at=DAY,
        title="t",
        label="neutral",
        score=0.0,
        probabilities={},
        entities=() if company is None else (named,),
        topics=tuple(TopicProbability(topic=topic, probability=0.9) for topic in topics),
        model="m",
    )


def test_a_crash_is_found_on_its_day_and_by_chance_alone_little_is() -> None:
    crash = [Fell(60.3, 0.3)]
    found = alarms(heard_days(World(0.05), 100, 3, crash, days=80), RULES)
    assert any(60.3 < at <= 62 for at in found), found
    by_chance = [alarms(heard_days(World(0.05), 60, seed, days=180), RULES) for seed in range(3)]
    assert sum(map(len, by_chance)) <= 3 * 180 * RULES.false_alarms_per_day


def test_dark_mornings_are_learned_and_told_of_to_nobody() -> None:
    assert alarms(heard_days(World(morning=0.1), 300, 0, days=120), RULES)[2:] == []


def test_a_greater_budget_asks_for_less() -> None:
    generous = MarketRules(false_alarms_per_day=0.2)
    assert generous.threshold < RULES.threshold


def test_to_which_charts_an_article_belongs() -> None:
    assert RULES.scopes(said()) == ["all"]
    assert RULES.scopes(said("markets", "legal")) == ["all", "market"]
    assert RULES.scopes(said("legal", "markets")) == ["all"]
    assert RULES.scopes(said("sport", "politics")) == []
    assert RULES.scopes(said("sport", company="Northmere Energy")) == ["all"]
