"""The chosen company or topic: its curves and its articles."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.markup import heading, nothing
from dashboards.sentiment_alerts.alert_words import alert_story, key_words
from dashboards.sentiment_alerts.articles import article_card
from dashboards.sentiment_alerts.news_status import topics_seen
from dashboards.sentiment_alerts.panels.carrying_words import carrying_words
from dashboards.sentiment_alerts.panels.curves import choosers, curves
from dashboards.sentiment_alerts.selection import (
    leave,
    selected,
    selected_story,
    selection_to_address,
)
from dashboards.sentiment_alerts.stories import about, story_counts
from dashboards.sentiment_alerts.view import View
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.reading import (
    read_alerts,
    read_articles,
    read_articles_of,
    read_articles_of_story,
    read_companies,
    read_desk,
    read_recent_articles,
    read_story,
)
from textwire.sentiment_alerts.results.records import StoredArticle, Story

NO_ARTICLE = "No article about this is kept. They are kept for 7 days."


def detail(view: View) -> None:
    """The chosen company or topic: its curves and its articles."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    alerts = read_alerts(store)
    choosers(
        [company.entity for company in read_companies(store)],
        topics_seen(read_recent_articles(store, view.settings.topics_from_articles), alerts),
    )
    company, topic, alert_id = selected()
    alert = next((one for one in alerts if one.id == alert_id), None)
    if alert is not None and (alert.entity, alert.topic) != (company, topic):
        alert = None
    story = story_looked_at(company, topic)
    curves(desk, [one for one in alerts if concerns(one, company, topic)], company, topic)
    with st.container(key="articles_head", horizontal=True, vertical_alignment="center"):
        st.html(articles_heading(alert, story, key_words(company, topic)))
        if alert is not None or story is not None:
            st.button("All articles", key="leave", on_click=leave, type="tertiary")
    if alert is not None:
        st.html(alert_story(alert, view.zone))
    listed = articles_of(view, company, topic, alert, story)
    if not listed:
        st.html(nothing(NO_ARTICLE))
    with st.container(key="articles", gap=None):
        for stored in listed:
            st.html(article_card(stored, view.zone))
            carrying_words(view, stored.sentiment.article_id)
    selection_to_address()


def story_looked_at(company: str | None, topic: str | None) -> Story | None:
    """The chosen story, if it tells of the company and the topic that are chosen."""
    story_id = selected_story()
    story = read_story(connections.results(), story_id) if story_id else None
    return next(iter(about([story] if story else [], company, topic)), None)


def articles_heading(alert: Alert | None, story: Story | None, chosen: str) -> str:
    """Whose articles are listed."""
    if story is not None:
        return heading("Articles of the story", story_counts(story))
    return heading("Articles of the alert" if alert else "Latest articles", chosen)


def articles_of(
    view: View, company: str | None, topic: str | None, alert: Alert | None, story: Story | None
) -> list[StoredArticle]:
    """The story's or the alert's own, or the newest about what is chosen."""
    store, most = connections.results(), view.settings.recent_articles
    if story is not None:
        return read_articles_of_story(store, story.id, most)
    if alert is not None:
        return read_articles(store, list(reversed(alert.article_ids)))
    if company or topic:
        return read_articles_of(store, company, topic, most)
    return read_recent_articles(store, most)


def concerns(alert: Alert, company: str | None, topic: str | None) -> bool:
    """Whether an alert is drawn beside these curves."""
    return (company is None or alert.entity == company) and (topic is None or alert.topic == topic)
