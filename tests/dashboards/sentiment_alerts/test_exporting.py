from __future__ import annotations

import csv
import io

from dashboards.sentiment_alerts.exporting import ALERT_COLUMNS, alerts_csv, audit_csv, stories_csv
from tests.dashboards.sentiment_alerts.examples import READ_UP_TO, alert, story
from textwire.sentiment_alerts.results import Audited


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_alert_is_a_row_with_what_it_says() -> None:
    (row,) = rows(alerts_csv([alert(digest="Stolen, “all”\nof it")]))
    assert tuple(row) == ALERT_COLUMNS
    assert (row["entity"], row["observed"], row["rule"]) == ("Orvelle Software", "12", "")
    assert row["digest"] == "Stolen, “all”\nof it"


def test_what_others_wrote_is_no_formula() -> None:
    (row,) = rows(alerts_csv([alert(digest="=HYPERLINK(1)")]))
    assert row["digest"] == "'=HYPERLINK(1)"


def test_who_did_what_is_a_row() -> None:
    audited = Audited(
        alert_id="a1", entity="Orvelle Software", topic=None, at=READ_UP_TO, by="ana",
        action="resolve", before="open", after="resolved",
    )  # fmt: skip
    (row,) = rows(audit_csv([audited]))
    assert (row["by"], row["action"], row["after"]) == ("ana", "resolve", "resolved")


def test_a_story_is_a_row_with_its_sources_and_mean_score() -> None:
    told = story(READ_UP_TO, articles=2, sources=("Wire", "Post"), companies={"Norvik": -1.6})
    (row,) = rows(stories_csv([told]))
    assert (row["sources"], row["companies"], row["score"]) == ("Wire|Post", "Norvik", "-0.8")
