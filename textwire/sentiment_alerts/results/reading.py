"""What pages, services and the alert engine read of it."""

from __future__ import annotations

from collections.abc import Sequence

from textwire.results.reading import read_list, read_table, read_tables, read_value, read_values
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.keys import (
    ALERTS_KEY,
    AUDIT_KEY,
    COMPANIES_KEY,
    DESK_KEY,
    RECENT_KEY,
    STORIES_KEY,
    WATCHLIST_FILE_KEY,
    WATCHLIST_KEY,
    article_key,
    articles_key,
    cells_key,
    digest_key,
    explanation_key,
    story_articles_key,
    story_key,
    waiting_posts_key,
)
from textwire.sentiment_alerts.results.records import (
    Audited,
    Cell,
    Company,
    DeskStatus,
    Explanation,
    StoredArticle,
    Story,
    Subject,
    WaitingPost,
    subjects_of,
)
from textwire.sentiment_alerts.results.writing import KEPT_CELLS, KEPT_STORIES
from textwire.sentiment_alerts.watchlist import WatchedCompany


def last_digest(store: ResultStore, target: str) -> str | None:
    """The day of a target's last digest; None where there was none for long."""
    return read_value(store, digest_key(target), str)


def read_cells(store: ResultStore, entity: str | None, topic: str | None) -> list[Cell]:
    """A subject's cells of three days, oldest first; steps without an article have none."""
    found = read_table(store, cells_key(Subject(entity, topic)), Cell).values()
    cells = sorted(found, key=lambda cell: cell.start)
    return [cell for cell in cells if cells[-1].start - cell.start < KEPT_CELLS]


def read_cells_of(store: ResultStore, subjects: Sequence[Subject]) -> dict[Subject, list[Cell]]:
    """The cells of many subjects in one round trip, in no order; of three days and older ones."""
    names = {f"{place}": cells_key(subject) for place, subject in enumerate(subjects)}
    tables = read_tables(store, names, Cell)
    return {
        subject: list(tables.get(f"{place}", {}).values()) for place, subject in enumerate(subjects)
    }


def read_alerts(store: ResultStore) -> list[Alert]:
    """All alerts that are kept, the newest first."""
    alerts = read_table(store, ALERTS_KEY, Alert).values()
    return sorted(alerts, key=lambda alert: (alert.raised_at, alert.id), reverse=True)


def read_audit(store: ResultStore, count: int = 100) -> list[Audited]:
    """What people did last, the newest first."""
    return read_list(store, AUDIT_KEY, count, Audited)[::-1]


def read_companies(store: ResultStore) -> list[Company]:
    """Every company of the watchlist, by name."""
    companies = read_table(store, COMPANIES_KEY, Company)
    return [companies[name] for name in sorted(companies)]


def read_watched(store: ResultStore) -> dict[str, WatchedCompany]:
    """The companies that are watched, as they were defined, by name."""
    watched = read_table(store, WATCHLIST_KEY, WatchedCompany)
    return {name: watched[name] for name in sorted(watched)}


def read_watchlist_file(store: ResultStore) -> dict[str, WatchedCompany]:
    """What the file of companies said when all of it was watched, by name; empty: not known."""
    return read_table(store, WATCHLIST_FILE_KEY, WatchedCompany)


def read_desk(store: ResultStore) -> DeskStatus | None:
    """The alert engine's state; None before the first article."""
    return read_value(store, DESK_KEY, DeskStatus)


def read_articles(store: ResultStore, article_ids: Sequence[str]) -> list[StoredArticle]:
    """Those of these articles that are still kept, in the order asked for."""
    keys = {article_id: article_key(article_id) for article_id in article_ids}
    return list(read_values(store, keys, StoredArticle).values())


def read_recent_articles(store: ResultStore, count: int = 20) -> list[StoredArticle]:
    """The articles that came last, the newest first."""
    return _newest_first(store, RECENT_KEY, count)


def read_articles_of(
    store: ResultStore, entity: str | None, topic: str | None, count: int = 20
) -> list[StoredArticle]:
    """The last articles of a subject, the newest first."""
    subject = Subject(entity, topic)
    listed = _newest_first(store, articles_key(subject), count)
    return [one for one in listed if subject in subjects_of(one.sentiment)]  # others were corrected


def read_recent_stories(store: ResultStore, count: int = KEPT_STORIES) -> list[Story]:
    """The stories that were told last, the newest first."""
    ids = dict.fromkeys(read_list(store, STORIES_KEY, count, str)[::-1])
    return list(read_values(store, {id_: story_key(id_) for id_ in ids}, Story).values())


def read_story(store: ResultStore, story_id: str) -> Story | None:
    """One story; None where it is not kept any more."""
    return read_value(store, story_key(story_id), Story)


def read_articles_of_story(
    store: ResultStore, story_id: str, count: int = 20
) -> list[StoredArticle]:
    """The last articles of a story, the newest first, copies among them."""
    ids = dict.fromkeys(read_list(store, story_articles_key(story_id), count, str)[::-1])
    return read_articles(store, list(ids))


def read_explanation(store: ResultStore, article_id: str) -> Explanation | None:
    """The words that carried an article's labels; None where nobody asked lately."""
    return read_value(store, explanation_key(article_id), Explanation)


def read_waiting_posts(store: ResultStore, partition: int, target: str = "") -> list[WaitingPost]:
    """The posts of a partition of news.alerts that wait, in the order of their records."""
    waiting = read_table(store, waiting_posts_key(partition, target), WaitingPost).values()
    return sorted(waiting, key=lambda post: post.offset)


def _newest_first(store: ResultStore, name: str, count: int) -> list[StoredArticle]:
    return read_articles(store, read_list(store, name, count, str)[::-1])
