from __future__ import annotations

from datetime import timedelta
from typing import get_args

from dashboards.connections import Edges
from dashboards.operations.panels import OUTCOME_WORDS
from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import (
    MARKUP,
    NOW,
    AwayStore,
    RecordingSender,
    busy_quarter_hour,
    converse,
    edges,
    refusal,
    report,
)
from tests.dashboards.recommendations.shop_world import shop_world
from tests.dashboards.sentiment_alerts.news_world import news_world
from textwire.observing.reports import report_writes
from textwire.results.memory import MemoryResults
from textwire.support_qa.messages import AnswerOutcome, Question
from textwire.support_qa.results import answer_writes

PAGE = "operations/page.py"


def test_without_reports_the_page_says_how_to_start(
    store: MemoryResults, open_page: OpenPage
) -> None:
    page = shown(open_page(edges(store), PAGE))
    assert "No service has reported yet." in page
    assert "textwire up" in page
    assert "Nobody has asked anything yet." in page


def test_each_replica_has_its_line_and_its_health(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(report_writes(report()))
    store.write(report_writes(report(replica=1, ready=False, reason="loading the model")))
    store.write(report_writes(report(replica=2, at=NOW - timedelta(seconds=90))))
    page = shown(open_page(edges(store), PAGE))
    assert [f"replica {n}" in page for n in range(4)] == [True, True, True, False]
    assert "loading the model" in page
    assert "last report 1 min ago" in page
    assert "1 of 3 ready" in page


def test_what_a_replica_does_without_and_two_of_one_number_are_shown(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(report_writes(report(host="node-a", warnings="champion: version 7 was refused")))
    store.write(report_writes(report(host="node-b")))
    page = shown(open_page(edges(store), PAGE))
    assert "Degraded" in page
    assert "champion: version 7 was refused" in page
    assert "process 4711 on node-a</small>" in page
    assert "process 4711 on node-b</small>" in page
    assert "replica 0 of support-qa is several processes" in page
    assert "All ready, 1 degraded" in page


def test_where_all_is_well_nothing_is_the_matter(store: MemoryResults, open_page: OpenPage) -> None:
    store.write(report_writes(report()))
    assert "tw-troubles" not in shown(open_page(edges(store), PAGE))


def test_the_figures_are_those_of_the_reports(store: MemoryResults, open_page: OpenPage) -> None:
    standing = {"support.questions.dead": 2, "support.knowledge.dead": 0}
    store.write(report_writes(report(dead_letters_standing=standing, retries=7)))
    store.write(report_writes(report(replica=1, records_per_s=1.6, dead_letters_standing=standing)))
    converse(store, "a")
    converse(store, "b", outcome="handed_over")
    page = shown(open_page(edges(store), PAGE))
    for figure in ("20 /s", "16 ms", "p99 is 41 ms", "50 %", "472 MB", "support-qa-20260301-9f3c"):
        assert figure in page, figure
    assert ">2</strong><small>read them: textwire dead list" in page
    assert "<td>support.questions.dead</td>" in page
    assert "support.knowledge.dead" not in page
    assert ">7</strong>" in page


def test_after_a_restart_the_letters_that_stand_are_told(
    store: MemoryResults, open_page: OpenPage
) -> None:
    standing = {"support.questions.dead": 12_345}
    store.write(report_writes(report(dead_letters=0, dead_letters_standing=standing)))
    page = shown(open_page(edges(store), PAGE))
    assert ">≤ 12,345</strong><small>read them: textwire dead list" in page


def test_the_last_minutes_are_drawn(store: MemoryResults, open_page: OpenPage) -> None:
    busy_quarter_hour(store, NOW, every_s=10)
    app = open_page(edges(store), PAGE)
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 5


def test_recent_answers_show_their_text_as_it_is(store: MemoryResults, open_page: OpenPage) -> None:
    converse(store, "q", text=MARKUP, model=MARKUP)
    store.write(report_writes(report(model=MARKUP, reason=MARKUP, ready=False, service=MARKUP)))
    store.write(report_writes(report(warnings=MARKUP, host=MARKUP)))
    page = shown(open_page(edges(store), PAGE))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_what_was_refused_is_counted_and_shown_without_a_confidence(
    store: MemoryResults, open_page: OpenPage
) -> None:
    question = Question(id="q1", session_id="s1", text="too long", asked_at=NOW)
    store.write(answer_writes(question, refusal(question)))
    page = shown(open_page(edges(store), PAGE))
    assert "Refused" in page
    assert "Please send a shorter one." in page
    assert "Not sure" not in page


def test_every_outcome_has_words() -> None:
    assert set(OUTCOME_WORDS) == set(get_args(AnswerOutcome))


def test_redis_away_is_said_once_and_the_page_returns(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(report_writes(report()))
    stores: list[object] = [AwayStore()]
    app = open_page(Edges(lambda: stores[-1], RecordingSender, lambda: NOW), PAGE)  # type: ignore[arg-type,return-value]
    assert shown(app).count("Nothing can be read right now.") == 1
    stores.append(store)
    app.run()
    assert "Nothing can be read" not in shown(app)
    assert "replica 0" in shown(app)


def test_three_services_have_a_legend_and_charts_of_their_own(
    store: MemoryResults, open_page: OpenPage
) -> None:
    for ago_s in range(60, -1, -5):
        for service in ("support-qa", "sentiment-alerts", "recommendations"):
            at = NOW - timedelta(seconds=ago_s)
            store.write(report_writes(report(service=service, at=at)))
    app = open_page(edges(store), PAGE)
    assert shown(app).count("<li><i") >= 3
    assert len(app.get("vega_lite_chart")) == 3 + 2 * 3


def test_what_has_no_partition_and_no_stage_takes_no_room_among_the_charts(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(report_writes(report()))
    store.write(report_writes(report(service="gateway", lag={}, stages=())))
    app = open_page(edges(store), PAGE)
    page = shown(app)
    assert "gateway" in page
    assert "No record came in the last minute." not in page
    assert "No replica owns a partition at the moment." not in page
    assert len(app.get("vega_lite_chart")) == 2


def test_each_application_has_its_newest_results(store: MemoryResults, open_page: OpenPage) -> None:
    news_world(store, minutes=25 * 60)
    [user, *_] = shop_world(store)
    page = shown(open_page(edges(store), PAGE))
    assert "Orvelle Software · Cyber" in page
    assert "Copies" in page
    assert f"<td>{user}</td>" in page
    assert "Nobody has asked anything yet." in page


def test_applications_without_results_say_how_to_get_some(
    store: MemoryResults, open_page: OpenPage
) -> None:
    page = shown(open_page(edges(store), PAGE))
    assert "No article has been read yet." in page
    assert "No shopper has done anything yet." in page
