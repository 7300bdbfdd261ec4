from __future__ import annotations

import csv
import io
from datetime import timedelta

from dashboards.sentiment_alerts.event_time import Gathered
from dashboards.sentiment_alerts.exporting import (
    ALERT_COLUMNS,
    alerts_csv,
    audit_csv,
    curves_csv,
    stories_csv,
)
from tests.dashboards.sentiment_alerts.examples import READ_UP_TO, alert, story
from textwire.sentiment_alerts.results.records import Audited, Subject


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


def test_a_step_of_the_curves_is_a_row_with_whose_it_is() -> None:
    ends = READ_UP_TO + timedelta(minutes=10)
    steps = [
        Gathered(READ_UP_TO, ends, negative=2, positive=1, score=-0.41, expected=0.25),
        Gathered(ends, ends + timedelta(minutes=10)),
    ]
    first, second = rows(curves_csv(steps, Subject("=Orvelle", "cyber")))
    assert (first["entity"], first["topic"]) == ("'=Orvelle", "cyber")
    assert first["begins"] == READ_UP_TO.isoformat()
    told = [first[name] for name in ("negative", "neutral", "positive", "score", "usual_negative")]
    assert told == ["2", "0", "1", "-0.41", "0.25"]
    assert (second["negative"], second["score"], second["usual_negative"]) == ("0", "", "")
