from __future__ import annotations

from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import NOW, AwayStore, RecordingSender, answer, edges
from textwire.results.memory import MemoryResults
from textwire.support_qa.analytics_results import answer_count_writes, judged_count_writes
from textwire.support_qa.messages import Question

PAGE = "support_qa/analytics_page.py"


def test_figures_of_the_last_day_are_shown(store: MemoryResults, open_page: OpenPage) -> None:
    question = Question(id="q", session_id="s", text="x", asked_at=NOW)
    given = answer(question)
    unsure = answer(
        question, outcome="handed_over", confidence=0.2, handoff_reason="low_confidence"
    )
    for one in (given, given, given, unsure):
        store.write(answer_count_writes(one))
    store.write(judged_count_writes(given, "helpful"))
    page = shown(open_page(edges(store, RecordingSender()), PAGE))
    assert "<strong>75 %</strong>" in page
    assert "<strong>100 %</strong>" in page
    assert "<strong>6.0 %</strong>" in page
    assert "of few: it says little yet" in page


def test_nothing_yet_is_said(store: MemoryResults, open_page: OpenPage) -> None:
    page = shown(open_page(edges(store, RecordingSender()), PAGE))
    assert "Nobody asked in this time." in page
    assert "No answer has got a thumb" in page


def test_redis_away_is_said(open_page: OpenPage) -> None:
    page = shown(open_page(edges(AwayStore(), RecordingSender()), PAGE))  # type: ignore[arg-type]
    assert "Nothing can be read right now." in page
