from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from services.sentiment_alerts.notifications.notices import MOST_IN_DIGEST, digest_of, notice_of
from textwire.sentiment_alerts.messages import Alert, ToneFall


def test_an_alert_says_who_what_and_how_much(alert: Alert) -> None:
    notice = notice_of(replace(alert, severity="high"))

    assert notice.title == "[high] Northmere Energy (labour): surge of bad news opened"
    assert alert.digest in notice.body
    assert "negative articles where" in notice.body
    assert notice.tone == "failure"


def test_what_is_resolved_is_good_news(alert: Alert) -> None:
    notice = notice_of(replace(alert, state="resolved", transition="resolved"))

    assert notice.title.endswith("resolved")
    assert notice.tone == "success"


def test_a_day_is_told_gravest_first_in_the_alerts_own_sentences(alert: Alert) -> None:
    low = replace(alert, id="alert-1", severity="low", digest="Low.", state="resolved")
    high = replace(alert, id="alert-2", severity="high", digest="High.")

    notice = digest_of([low, high], date(2026, 3, 2))

    assert notice.title == "Textwire, 02 March 2026: 2 alerts, 1 not resolved"
    assert notice.body.index("High.") < notice.body.index("Low.")


def test_a_day_without_alerts_says_so() -> None:
    assert "no alert" in digest_of([], date(2026, 3, 2)).body


def test_of_a_day_of_very_many_the_gravest_are_told(alert: Alert) -> None:
    many = [replace(alert, id=f"alert-{n}") for n in range(MOST_IN_DIGEST + 7)]

    assert digest_of(many, date(2026, 3, 2)).body.endswith("And 7 more.")


def test_a_fall_of_tone_is_told_by_its_name_in_its_own_sentence(alert: Alert) -> None:
    digest = "The tone of Northmere Energy fell from +0.20 to -0.40, over 9 days with 31 articles."
    fell = ToneFall(before=0.2, after=-0.4, days=9, articles=31)
    notice = notice_of(replace(alert, kind="shift", topic=None, fall=fell, digest=digest))

    assert notice.title == f"[{alert.severity}] Northmere Energy: fall of tone opened"
    assert digest in notice.body
    assert "are usual" not in notice.body
