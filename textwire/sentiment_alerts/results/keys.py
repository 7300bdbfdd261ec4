"""Where all stands that sentiment alerts leave in the store."""

from __future__ import annotations

from textwire.results.keys import key
from textwire.sentiment_alerts.results.records import Subject

ALERTS_KEY = key("news", "alerts")
AUDIT_KEY = key("news", "audit")
COMPANIES_KEY = key("news", "companies")
DESK_KEY = key("news", "desk")
DESK_STATE_KEY = key("news", "engine")
RECENT_KEY = key("news", "recent")
STORIES_KEY = key("news", "stories")
WATCHLIST_KEY = key("news", "watchlist")
WATCHLIST_FILE_KEY = key("news", "watchlist-file")


def article_key(article_id: str) -> str:
    """Where an article stands."""
    return key("news", "article", article_id)


def explanation_key(article_id: str) -> str:
    """Where it stands which words carried an article's labels."""
    return key("news", "explanation", article_id)


def articles_key(subject: Subject) -> str:
    """Where the ids of a subject's articles stand."""
    return key("news", "articles", subject.entity or "", subject.topic or "")


def cells_key(subject: Subject) -> str:
    """Where a subject's cells stand."""
    return key("news", "cells", subject.entity or "", subject.topic or "")


def owner_key(alert_id: str) -> str:
    """Where it stands whose alert this is: there as long as the alert can be acted upon."""
    return key("news", "alert-owner", alert_id)


def waiting_posts_key(partition: int, target: str = "") -> str:
    """Where the posts of a partition of news.alerts stand that wait; for the webhook, or others."""
    of_target = (target,) if target else ()
    return key("news", "waiting-posts", str(partition), *of_target)


def digest_key(target: str) -> str:
    """Where it stands when a target had its last digest of a day."""
    return key("news", "digest-sent", target)


def feed_state_key(url: str) -> str:
    """Where it stands how far a feed was read."""
    return key("news", "feed", url)


def entity_state_key(kind: str, name: str) -> str:
    """Where all stands that is known of a company or a topic."""
    return key("news", "series", kind, name)


def seen_key(article_id: str) -> str:
    """Where an article stands that others may be copies of."""
    return key("news", "seen", article_id)


def band_key(number: int, digest: str) -> str:
    """Where the ids of articles stand that have one key of their sketches in common."""
    return key("news", "band", str(number), digest)


def word_key(stem: str) -> str:
    """Where it stands in which stories a word stood."""
    return key("news", "word", stem)


def story_key(story_id: str) -> str:
    """Where a story stands."""
    return key("news", "story", story_id)


def story_articles_key(story_id: str) -> str:
    """Where the ids of a story's articles stand."""
    return key("news", "story-articles", story_id)
