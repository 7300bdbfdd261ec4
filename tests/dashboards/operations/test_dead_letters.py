from __future__ import annotations

from datetime import timedelta

from dashboards.operations.dead_letters import letter_table, letter_tile, standing_letters
from tests.dashboards.page_examples import NOW, report

QUESTIONS, ARTICLES = "support.questions.dead", "news.articles.dead"


def test_who_looked_last_knows_best() -> None:
    old = report(at=NOW - timedelta(hours=1), dead_letters_standing={QUESTIONS: 7, ARTICLES: 1})
    new = report(replica=1, dead_letters_standing={QUESTIONS: 2})
    assert standing_letters([new, old]) == {ARTICLES: 1, QUESTIONS: 2}


def test_none_may_stand_though_some_came() -> None:
    assert letter_tile({QUESTIONS: 0}, 2).note == "none stands, 2 came since the start"
    assert letter_tile({QUESTIONS: 0}, 0).note == "none stands"
    assert letter_table({QUESTIONS: 0}) == ""


def test_before_anybody_looked_no_count_is_told() -> None:
    assert letter_tile({}, 3).value == "–"


def test_very_many_are_at_most_so_many() -> None:
    assert letter_tile({QUESTIONS: 9_000, ARTICLES: 0}, 0).value == "9,000"
    assert letter_tile({QUESTIONS: 10_001}, 0).value == "≤ 10,001"
    assert "≤ 10,001" in letter_table({QUESTIONS: 10_001})
