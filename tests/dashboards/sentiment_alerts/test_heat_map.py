from __future__ import annotations

from datetime import timedelta

from dashboards.sentiment_alerts.heat_map import heat_chart, heat_rows
from tests.dashboards.sentiment_alerts.examples import READ_UP_TO
from textwire.sentiment_alerts.results.records import Cell, Subject

DAY = timedelta(hours=24)
CYBER = Subject("Orvelle Software", "cyber")


def cell(hours_ago: float, **counts: float) -> Cell:
    """A cell that began so long ago."""
    return Cell(start=READ_UP_TO - timedelta(hours=hours_ago), **counts)


def test_articles_of_a_day_are_added_up() -> None:
    cells = [cell(1, negative=2, score_sum=-1.5), cell(5, positive=1, score_sum=0.9)]
    (row,) = heat_rows({CYBER: cells}, READ_UP_TO, DAY).to_dict("records")
    assert row == {
        "company": "Orvelle Software", "topic": "Cyber", "negative": 2, "articles": 3,
        "score": -0.2,
    }  # fmt: skip


def test_what_is_older_than_a_day_is_in_no_field() -> None:
    assert heat_rows({CYBER: [cell(25, negative=4)]}, READ_UP_TO, DAY).empty


def test_companies_stand_in_the_order_given() -> None:
    cells = {Subject(name, "cyber"): [cell(1, negative=1)] for name in ("B", "A")}
    chart = heat_chart(heat_rows(cells, READ_UP_TO, DAY), ["B", "C", "A"]).to_dict()
    assert chart["layer"][0]["encoding"]["y"]["sort"] == ["B", "A"]


def test_one_article_is_not_as_dark_as_can_be() -> None:
    rows = heat_rows({CYBER: [cell(1, negative=1)]}, READ_UP_TO, DAY)
    colour = heat_chart(rows, ["Orvelle Software"]).to_dict()["layer"][0]["encoding"]["color"]
    assert colour["scale"]["domain"][1] > 1
