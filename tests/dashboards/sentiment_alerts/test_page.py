from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.connections import Edges
from tests.dashboards.conftest import OpenPage, in_address, shown
from tests.dashboards.page_examples import MARKUP, NOW, AwayStore, RecordingSender, edges
from tests.dashboards.sentiment_alerts.examples import alert, article, company, story, story_writes
from tests.dashboards.sentiment_alerts.news_world import World, news_world
from tests.dashboards.support_qa.test_page import AwaySender
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.messages import AlertAction, AlertChange, ExplanationRequest
from textwire.sentiment_alerts.results.records import (
    DeskStatus,
    Explanation,
    Reading,
    Subject,
    WordWeight,
)
from textwire.sentiment_alerts.results.writing import (
    alert_writes,
    article_writes,
    company_writes,
    desk_writes,
    explanation_writes,
    watched_writes,
)
from textwire.sentiment_alerts.watchlist import WatchedCompany

PAGE = "sentiment_alerts/page.py"


@pytest.fixture
def world(store: MemoryResults) -> World:
    """The first 25 hours: one planted surge."""
    return news_world(store, minutes=25 * 60)


def button(app: AppTest, label: str, place: int = 0) -> None:
    """Press the button with this label, as a person would."""
    [*found] = [one for one in app.button if one.label == label]
    found[place].click().run()


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def sent_by(sender: RecordingSender) -> list[AlertAction]:
    return [one for one in sender.sent if isinstance(one, AlertAction)]


def test_without_news_the_page_says_how_to_get_some(
    store: MemoryResults, open_page: OpenPage
) -> None:
    page = shown(open_page(edges(store), PAGE))
    assert "No article has been read yet." in page
    assert "textwire feed samples" in page


def test_the_page_tells_how_far_the_news_is_and_that_it_is_old(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    page = shown(open_page(edges(store), PAGE))
    assert "Tue 24 Feb 2026, 01:00 UTC" in page
    assert "5 d 11 h behind the clock" in page
    assert "1</strong><small>1 raised so far" in page
    now = world.watermark + timedelta(minutes=15)
    assert "behind the clock" not in shown(open_page(edges(store, now=now), PAGE))


def test_who_needs_attention_stands_first_and_is_shown(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    app = open_page(edges(store), PAGE)
    [raised] = world.alerts
    picks = [label for label in labels(app) if label.startswith("Look at ")]
    assert picks[0] == f"Look at {raised.entity}"
    assert in_address(app, "company") == raised.entity
    assert len(app.get("vega_lite_chart")) == 2  # the heat map, and the curves


def test_another_company_is_looked_at_with_one_click(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    app = open_page(edges(store), PAGE)
    button(app, "Look at Calthorn Chemicals")
    assert in_address(app, "company") == "Calthorn Chemicals"
    title = next(
        stored.sentiment.title
        for stored in reversed(world.articles)
        if any(one.entity == "Calthorn Chemicals" for one in stored.sentiment.entities)
    )
    assert title.split("'")[0] in shown(app)


def test_a_link_opens_what_it_names(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    app = open_page(edges(store), PAGE, company="Calthorn Chemicals", topic="labour")
    chosen = [app.selectbox(key=name).value for name in ("company", "topic")]
    assert chosen == ["Calthorn Chemicals", "labour"]
    assert "Calthorn Chemicals · Labour" in shown(app)


def test_a_link_to_what_nobody_knows_shows_it_as_text(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    page = shown(open_page(edges(store), PAGE, company=MARKUP))
    assert "<script" not in page
    assert "No article about this is kept" in page


def test_a_search_leaves_what_matches(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    app = open_page(edges(store), PAGE)
    app.text_input[0].set_value("calth").run()
    assert [label for label in labels(app) if label.startswith("Look at ")] == [
        "Look at Calthorn Chemicals"
    ]
    app.text_input[0].set_value("nobody").run()
    assert "No company matches" in shown(app)


def test_of_thousands_the_first_are_shown_and_the_page_says_so(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    many: Iterable[int] = range(3_000)
    store.write(write for n in many for write in company_writes(company(f"Company {n:04d}")))
    app = open_page(edges(store), PAGE)
    assert "18 of 3,030 companies: search for the others." in shown(app)
    assert len([label for label in labels(app) if label.startswith("Look at ")]) == 18


def test_acknowledging_is_sent_once_shown_at_once_and_stays_until_the_desk_has_it(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    button(app, "Acknowledge")
    app.run()
    [action] = sent_by(sender)
    [raised] = world.alerts
    assert (action.alert_id, action.action, action.by) == (raised.id, "acknowledge", "news desk")
    assert "Sent: acknowledge" in shown(app)
    assert next(one for one in app.button if one.label == "Acknowledge").disabled
    change = AlertChange(at=NOW, state="acknowledged", by="news desk")
    store.write(
        alert_writes(
            msgspec.structs.replace(raised, state="acknowledged", changes=(*raised.changes, change))
        )
    )
    app.run()
    assert "Sent: acknowledge" not in shown(app)
    assert "No alert is open." in shown(app)
    app.segmented_control[0].set_value("In hand").run()
    assert "Acknowledged" in shown(app)
    assert "Acknowledge" not in labels(app)


@pytest.mark.parametrize(("label", "hours"), [("1 hour", 1), ("4 hours", 4)])
def test_a_snooze_lasts_by_the_articles_clock(
    store: MemoryResults, open_page: OpenPage, world: World, label: str, hours: int
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    app.menu_button[0].click(label).run()
    [action] = sent_by(sender)
    assert action.until == world.watermark + timedelta(hours=hours)


def test_a_resolved_alert_can_be_reopened(store: MemoryResults, open_page: OpenPage) -> None:
    store.write(desk_writes(DeskStatus(watermark=NOW, step_minutes=10, window_minutes=60)))
    store.write(alert_writes(alert(state="resolved")))
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    app.segmented_control[0].set_value("All").run()
    button(app, "Re-open")
    assert [action.action for action in sent_by(sender)] == ["reopen"]


def test_an_action_that_nobody_takes_up_is_said(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    clock, sender = [NOW], RecordingSender()
    app = open_page(Edges(lambda: store, lambda: sender, lambda: clock[0]), PAGE)
    button(app, "Resolve")
    assert "Not taken up" not in shown(app)
    clock[0] = NOW + timedelta(seconds=16)
    app.run()
    assert "Not taken up within 15 s." in shown(app)


def test_kafka_away_is_said_and_the_alert_can_be_acted_on_again(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    senders: list[object] = [AwaySender()]
    app = open_page(Edges(lambda: store, lambda: senders[-1], lambda: NOW), PAGE)  # type: ignore[arg-type,return-value]
    button(app, "Acknowledge")
    assert "It could not be sent." in shown(app)
    recording = RecordingSender()
    senders.append(recording)
    button(app, "Acknowledge")
    assert len(recording.sent) == 1
    assert "It could not be sent." not in shown(app)


def test_an_alert_opens_on_its_articles_and_its_story(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    app = open_page(edges(store), PAGE)
    [raised] = world.alerts
    button(app, "Articles")
    assert in_address(app, "alert") == raised.id
    page = shown(app)
    assert "Articles of the alert" in page
    assert page.count("<article") == len(raised.article_ids)
    assert "p = 3e-09" in page
    button(app, "All articles")
    assert "alert" not in app.query_params
    assert "Latest articles" in shown(app)


def test_markup_from_the_news_shows_as_the_plain_text_it_is(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(desk_writes(DeskStatus(watermark=NOW, step_minutes=10, window_minutes=60)))
    store.write(company_writes(company(MARKUP, ticker=MARKUP, sector=MARKUP)))
    store.write(alert_writes(alert(entity=MARKUP, topic=MARKUP, digest=MARKUP)))
    hostile = article({"entity": MARKUP, "text": MARKUP}, title=MARKUP, source=MARKUP, url=MARKUP)
    store.write(article_writes(hostile, [Subject(MARKUP)]))
    page = shown(open_page(edges(store), PAGE))
    assert "<script" not in page
    assert "<b>b</b>" not in page
    assert "&lt;script&gt;" in page


def test_redis_away_is_said_once_and_the_choice_survives(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    stores: list[object] = [store]
    app = open_page(Edges(lambda: stores[-1], RecordingSender, lambda: NOW), PAGE)  # type: ignore[arg-type,return-value]
    button(app, "Look at Calthorn Chemicals")
    stores.append(AwayStore())
    app.run()
    assert shown(app).count("Nothing can be read right now.") == 1
    stores.append(store)
    app.run()
    assert "Nothing can be read" not in shown(app)
    assert app.selectbox(key="company").value == "Calthorn Chemicals"


@pytest.mark.usefixtures("world")
def test_a_company_is_watched_by_a_form(store: MemoryResults, open_page: OpenPage) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    app.text_input(key="watch_name").set_value("Quay Street")
    next(one for one in app.button if one.label == "Watch").click().run()
    assert [one.name for one in sender.sent if isinstance(one, WatchedCompany)] == ["Quay Street"]
    assert "Quay Street is watched from now on." in shown(app)


def test_alerts_of_one_incident_are_one_card_and_are_acted_upon_together(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    for id_, entity in (("i1", "Orvelle Software"), ("i2", "Calthorn Chemicals")):
        raised = alert(id=id_, entity=entity, incident_id="incident-1", raised_at=world.watermark)
        store.write(alert_writes(raised))
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    assert "One incident with 1 more alert" in shown(app)
    assert labels(app).count("Acknowledge") == 2
    app.button(key="acknowledge_i1").click().run()
    assert {one.alert_id for one in sent_by(sender)} == {"i1", "i2"}


def test_an_incident_stands_in_the_inbox_of_its_alert_that_presses_most_and_in_no_other(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    for id_, entity, state in (("i1", "Orvelle Software", "resolved"), ("i2", "Quay", "open")):
        raised = alert(
            id=id_, entity=entity, incident_id="incident-1", raised_at=world.watermark, state=state
        )
        store.write(alert_writes(raised))
    app = open_page(edges(store), PAGE)
    counts = {name.split()[0]: int(name.split()[-1]) for name in inbox_names(app)}
    assert counts["All"] == counts["Open"] + counts["In"] + counts["Resolved"]
    app.segmented_control[0].set_value("Resolved").run()
    assert "One incident with 1 more alert" not in shown(app)


def inbox_names(app: AppTest) -> list[str]:
    return [option.content for option in app.segmented_control[0].proto.options]


def test_a_story_is_listed_once_and_its_articles_are_shown(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    told = story(world.watermark, articles=2, sources=("Wire", "Post"))
    store.write(story_writes(told, [world.articles[0].sentiment.article_id]))
    app = open_page(edges(store), PAGE)
    assert "2 articles · 2 sources" in shown(app)
    button(app, f"Read {told.title}")
    assert in_address(app, "story") == told.id
    assert "Articles of the story" in shown(app)
    assert world.articles[0].sentiment.title.split("'")[0] in shown(app)


def test_what_was_told_once_is_no_story(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    store.write(story_writes(story(world.watermark, articles=1), []))
    assert "No event of the last day" in shown(open_page(edges(store), PAGE))


def test_the_words_that_carried_an_article_are_asked_for_and_shown(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    button(app, "Which words?")
    [asked] = [one for one in sender.sent if isinstance(one, ExplanationRequest)]
    assert "without each of its words" in shown(app)
    reading = Reading(
        entity=None,
        label="negative",
        probability=0.9,
        words=(WordWeight("Dock", 0.0), WordWeight("<shut>", 0.41), WordWeight("calm", -0.2)),
    )
    explanation = Explanation(article_id=asked.article_id, model="m-1", readings=(reading,))
    store.write(explanation_writes(explanation))
    page = shown(app.run())
    assert "The article: negative 90 %" in page
    assert "&lt;shut&gt;<small>+0.41" in page
    assert "tw-against" in page


def test_a_watched_company_can_be_written_anew_and_let_go(
    store: MemoryResults, open_page: OpenPage, world: World
) -> None:
    company = WatchedCompany(name="Quay Street", ticker="QYST", aliases=("Quay", "QS"))
    store.write(watched_writes({}, [company]))
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    app.selectbox(key="watch_which").set_value("Quay Street").run()
    assert app.text_input(key="watch_aliases_Quay Street").value == "Quay, QS"
    app.text_input(key="watch_not_Quay Street").set_value("Quay Street station")
    button(app, "Save")
    assert [one for one in sender.sent if isinstance(one, WatchedCompany)] == [
        WatchedCompany(
            name="Quay Street", ticker="QYST", aliases=("Quay", "QS"), not_=("Quay Street station",)
        )
    ]
    button(app, "Watch no more")
    assert sender.deleted == ["Quay Street"]
    assert "Quay Street is watched no more." in shown(app)
