from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.plotting import parted
from dashboards.sentiment_alerts.acting import act, still_under_way
from dashboards.sentiment_alerts.alert_words import (
    SEVERITY_WORDS,
    STATE_WORDS,
    alert_card,
    alert_story,
    alert_title,
    headlines_of,
    in_order,
    observed_words,
)
from dashboards.sentiment_alerts.articles import article_card
from dashboards.sentiment_alerts.charts import curve_chart
from dashboards.sentiment_alerts.event_time import Gathered
from dashboards.sentiment_alerts.watchlist import by_attention, matching, watched, watchlist_row
from tests.dashboards.page_examples import MARKUP, NOW, RecordingSender
from tests.dashboards.parsed_html import Parsed
from tests.dashboards.sentiment_alerts.examples import READ_UP_TO, alert, article, company
from textwire.errors import BrokerUnavailable
from textwire.sentiment_alerts.messages import (
    AlertAction,
    AlertChange,
    AlertState,
    Breadth,
    Severity,
    ToneFall,
)


@pytest.mark.parametrize(
    ("observed", "expected", "minutes", "words"),
    [
        (12, 0.8, 60, "12 negative articles in 60 min where 0.8 are usual"),
        (1, 1.0, 60, "1 negative article in 60 min where 1 is usual"),
        (1_200, 14.3, 360, "1,200 negative articles in 6 h where 14 are usual"),
        (5, 0.004, 90, "5 negative articles in 90 min where 0.004 are usual"),
    ],
)
def test_what_was_seen_stands_beside_what_is_usual(
    observed: int, expected: float, minutes: int, words: str
) -> None:
    start = READ_UP_TO - timedelta(minutes=minutes)
    assert observed_words(alert(observed=observed, expected=expected, window_start=start)) == words


def test_a_card_tells_times_in_the_readers_zone_and_the_counts_once() -> None:
    card = alert_card(alert(), ZoneInfo("Europe/Berlin"))
    assert "Wed 25 Feb, 17:00 to 18:00 CET" in card
    assert "would be usual" not in card
    assert "Orvelle customers&#39; data stolen" in card


def test_a_digest_of_another_make_is_shown_whole() -> None:
    assert headlines_of(alert(digest="Something “odd” happened")) == "Something “odd” happened"


def test_what_waits_for_a_person_comes_first_and_the_gravest_of_it() -> None:
    made = [
        alert(id="resolved", state="resolved"),
        alert(id="taken", state="acknowledged"),
        alert(id="low", severity="low"),
        alert(id="back", state="reopened", severity="medium"),
        alert(id="old", raised_at=READ_UP_TO - timedelta(hours=1)),
        alert(id="new"),
    ]
    assert [one.id for one in in_order(made)] == ["new", "old", "back", "low", "taken", "resolved"]


def test_every_state_and_severity_has_words() -> None:
    assert set(STATE_WORDS) == set(AlertState.__args__)  # type: ignore[attr-defined]
    assert set(SEVERITY_WORDS) == set(Severity.__args__)  # type: ignore[attr-defined]


def test_the_story_of_an_alert_says_who_did_what() -> None:
    changes = (
        AlertChange(at=READ_UP_TO, state="open"),
        AlertChange(at=NOW, state="acknowledged", by="Mira <desk>", note="calling them"),
    )
    story = alert_story(alert(changes=changes), UTC)
    assert story.count("<li>") == 2
    assert "<strong>Acknowledged</strong> by Mira &lt;desk&gt;" in story
    assert "calling them" in story


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_a_card_has_the_same_elements_whatever_is_told(
    entity: str, topic: str, digest: str
) -> None:
    plain_card = Parsed(alert_card(alert(digest="x"), UTC))
    assert Parsed(alert_card(alert(entity=entity, topic=topic, digest=digest), UTC)).tags == (
        plain_card.tags
    )


def test_an_action_is_under_way_until_the_alert_tells_of_it() -> None:
    sender = RecordingSender()
    sent = act(alert(), "acknowledge", "news desk", NOW, lambda: sender)
    [action] = sender.sent
    assert isinstance(action, AlertAction)
    assert (action.alert_id, action.action, action.by) == ("a1", "acknowledge", "news desk")
    grown = alert(observed=14, updated_at=READ_UP_TO + timedelta(minutes=1))
    assert still_under_way({"a1": sent}, {"a1": grown}) == {"a1": sent}
    assert still_under_way({"a1": sent}, {"a1": alert(state="acknowledged")}) == {}
    again = alert(changes=(AlertChange(at=NOW, state="open", by="news desk"),))
    assert still_under_way({"a1": sent}, {"a1": again}) == {}
    assert still_under_way({"a1": sent}, {}) == {}


def test_an_action_that_cannot_be_sent_says_why() -> None:
    def away() -> RecordingSender:
        raise BrokerUnavailable("Kafka does not answer.")

    assert act(alert(), "resolve", "news desk", NOW, away).problem == "Kafka does not answer."


def test_attention_goes_to_alerts_then_to_bad_news_then_to_what_is_fresh() -> None:
    companies = [
        company("Quiet", last_at=None),
        company("Stale", last_at=READ_UP_TO - timedelta(hours=30), last_score=-0.9),
        company("Fine", last_score=0.6),
        company("Bad", last_score=-0.7),
        company("Taken"),
        company("Alarming"),
    ]
    alerts = [
        alert(id="1", entity="Taken", state="acknowledged"),
        alert(id="2", entity="Alarming", severity="low"),
        alert(id="3", entity="Fine", state="resolved"),
        alert(id="4", entity=None),
    ]
    ranked = by_attention(watched(companies, alerts), READ_UP_TO)
    names = [row.company.entity for row in ranked]
    assert names == ["Alarming", "Taken", "Bad", "Fine", "Quiet", "Stale"]


@pytest.mark.parametrize("sought", ["orv", "ORV soft", " technology ", "", "software orv"])
def test_a_company_is_found_by_any_words_of_its_name_ticker_or_sector(sought: str) -> None:
    rows = watched([company("Orvelle Software")], [])
    assert matching(rows, sought) == rows
    assert matching(rows, f"{sought} bank") == []


def test_names_from_outside_stay_text_in_the_watchlist() -> None:
    row = watched([company(MARKUP, ticker=MARKUP, sector=MARKUP)], [alert(entity=MARKUP)])[0]
    shown = watchlist_row(row, [Gathered(READ_UP_TO, READ_UP_TO, negative=2)], chosen=True)
    assert "<script" not in shown
    assert "<b>" not in shown


def test_an_article_from_outside_stays_text() -> None:
    hostile = article(
        {"entity": MARKUP, "text": MARKUP}, title=MARKUP[::-1], source=MARKUP, copy_of=MARKUP,
        url="javascript:alert(1)",
    )  # fmt: skip
    shown = article_card(hostile, UTC)
    assert "<script" not in shown
    assert "<a " not in shown


def test_a_clause_is_quoted_unless_it_is_the_title() -> None:
    assert "<q>Orvelle&#39;s servers were open for weeks</q>" in article_card(article(), UTC)
    told = article({"text": "Orvelle customers' data stolen"})
    assert "<q>" not in article_card(told, UTC)


def test_a_copy_is_marked_as_not_counted() -> None:
    assert "Copy, not counted" in article_card(article(copy_of="n0"), UTC)
    assert "Copy" not in article_card(article(), UTC)


def steps(*negative: int) -> list[Gathered]:
    start = READ_UP_TO - timedelta(hours=len(negative))
    return [
        Gathered(start + timedelta(hours=n), start + timedelta(hours=n + 1), count, 1, 2, -0.1, 0.5)
        for n, count in enumerate(negative)
    ]


def test_the_curves_are_the_same_drawing_while_their_figures_change() -> None:
    before, after = (parted(curve_chart(steps(*counts), [])) for counts in ((1, 2), (3, 4, 5)))
    assert before[1] == after[1]


def test_the_stack_has_the_negative_ones_at_the_bottom_and_all_of_them() -> None:
    rows, _ = parted(curve_chart(steps(3, 0), [alert()]))
    stack = rows[rows["kind"].isin(["negative", "neutral", "positive"])]
    assert list(stack["low"]) == [0, 3, 4, 0, 0, 1]
    assert list(stack["high"]) == [3, 4, 6, 0, 1, 3]
    [band] = rows[rows["kind"] == "alert"].to_dict("records")
    assert band["at"] == alert().window_start
    assert "12 negative articles" in band["words"]


def test_an_alert_outside_of_the_span_has_no_band() -> None:
    old = alert(window_start=READ_UP_TO - DAYS, window_end=READ_UP_TO - DAYS + timedelta(hours=1))
    rows, _ = parted(curve_chart(steps(1), [old]))
    assert "alert" not in set(rows["kind"])


DAYS = timedelta(days=2)


def test_an_event_is_called_by_its_rule_and_a_silence_by_itself() -> None:
    event = alert(kind="event", rule="bankruptcy", topic=None, observed=1)
    assert alert_title(event) == "Orvelle Software · Bankruptcy"
    assert observed_words(event) == "1 article on an event"
    silence = alert(kind="silence", entity=None, topic=None, observed=0, expected=16)
    assert alert_title(silence) == "Silence"
    assert observed_words(silence) == "no article where 16 are usual"


def test_a_fall_of_the_market_says_how_broad_it_is() -> None:
    fell = ToneFall(before=-0.12, after=-0.31, days=3, articles=82)
    breadth = Breadth(usual=0.4, share=0.561, worst=("Orvelle Software",))
    market = alert(kind="market", entity=None, topic=None, fall=fell, breadth=breadth,
                   digest="The tone of the whole market fell. “Shares plummet”")  # fmt: skip
    assert alert_title(market) == "The whole market"
    assert observed_words(market) == (
        "tone fell from \N{MINUS SIGN}0.12 to \N{MINUS SIGN}0.31 over 3 days; "
        "56% of 82 companies and stories negative, 40% usual"
    )
    assert headlines_of(market) == "“Shares plummet”"


def test_a_fall_of_tone_says_from_what_to_what_it_fell() -> None:
    fell = ToneFall(before=0.213, after=-0.431, days=9, articles=31)
    digest = "The tone of Orvelle Software fell from +0.21 to -0.43, over 9 days. “Data stolen”"
    shift = alert(kind="shift", topic=None, fall=fell, digest=digest)
    words = "tone fell from +0.21 to \N{MINUS SIGN}0.43 over 9 days, 31 articles"
    assert alert_title(shift) == "Orvelle Software"
    assert observed_words(shift) == words
    assert headlines_of(shift) == "“Data stolen”"
    assert "so marked a fall: p = 3e-09" in alert_story(shift, UTC)
