from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.feeds.entries import (
    EntryReading,
    ReadEntries,
    absolute_link,
    as_articles,
    content_hash,
    entry_id,
)
from textwire.sentiment_alerts.feeds.parsing import FeedDocument, FeedEntry

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URL = "https://wire.example/rss"


def read(*entries: FeedEntry, reading: EntryReading | None = None, **feed: str) -> ReadEntries:
    document = FeedDocument(entries=entries, **feed)
    return as_articles(document, URL, "", NOW, reading or EntryReading())


def test_html_is_cleaned_and_what_is_named_goes_along() -> None:
    (article,) = read(
        FeedEntry(
            id="a-1",
            link="https://wire.example/1",
            title="AT&amp;amp;T <b>falls</b>",
            text="<p>Down 3 %.</p><p>More</p><script>track()</script>",
            date="Mon, 02 Mar 2026 09:30:00 GMT",
        ),
        title="Harbour Wire",
        language="en",
    ).articles

    assert (article.title, article.body) == ("AT&T falls", "Down 3 %. More")
    assert (article.source, article.language) == ("Harbour Wire", "en")
    assert article.url == "https://wire.example/1"
    assert article.published_at == NOW - timedelta(hours=2, minutes=30)


def test_ids_are_the_same_whenever_a_feed_is_read_and_differ_between_entries() -> None:
    guid = FeedEntry(id="17", link="https://wire.example/17", title="A")
    changed = FeedEntry(id="17", link="https://wire.example/new", title="B")
    link = FeedEntry(link="https://wire.example/17", title="A")
    words = FeedEntry(title="A", date="Mon, 02 Mar 2026 09:30:00 GMT")

    assert entry_id(guid, URL) == entry_id(changed, URL)
    assert entry_id(words, URL) == entry_id(words, URL)
    assert len({entry_id(one, URL) for one in (guid, link, words, FeedEntry(title="B"))}) == 4


def test_a_number_is_one_feeds_own_and_an_address_is_everybodys() -> None:
    number, address = FeedEntry(id="17"), FeedEntry(id="https://wire.example/17")

    assert entry_id(number, URL) != entry_id(number, "https://other.example/rss")
    assert entry_id(address, URL) == entry_id(address, "https://wire.example/markets")


def test_a_post_without_a_title_begins_with_its_words_and_one_without_words_is_counted() -> None:
    text = "A post " + "with many words " * 30
    found = read(FeedEntry(id="1", text=text), FeedEntry(id="2", title=" <img src='x'> "))

    (article,) = found.articles
    assert article.title == text[:200].rpartition(" ")[0]
    assert article.body == text.strip()
    assert found.empty == 1


def test_a_date_ahead_is_now_and_counted_and_no_date_is_counted() -> None:
    found = read(
        FeedEntry(id="1", title="A", date="2026-03-03"),
        FeedEntry(id="2", title="B", date="2026-03-02T12:04:00Z"),
        FeedEntry(id="3", title="C"),
    )

    assert {one.title: one.published_at for one in found.articles} == {
        "A": NOW, "B": NOW + timedelta(minutes=4), "C": None,
    }  # fmt: skip
    assert (found.dated_ahead, found.undated) == (1, 1)


def test_times_without_a_zone_are_of_the_zone_that_is_given() -> None:
    reading = EntryReading(ZoneInfo("Asia/Tokyo"))

    (article,) = read(FeedEntry(title="A", date="2026-03-02 09:00:00"), reading=reading).articles

    assert article.published_at == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def test_articles_come_oldest_first_and_of_two_under_one_id_the_first() -> None:
    found = read(
        FeedEntry(id="2", title="New", date="2026-03-02T11:00:00Z"),
        FeedEntry(id="1", title="Corrected", date="2026-03-02T10:00:00Z"),
        FeedEntry(id="1", title="Wrong", date="2026-03-02T10:00:00Z"),
    )

    assert [one.title for one in found.articles] == ["Corrected", "New"]


def test_what_is_too_long_or_no_address_is_left_out() -> None:
    (article,) = read(
        FeedEntry(title="t" * 3000, text="b" * 300_000, link="javascript:alert(1)"),
        title="s" * 900,
        language="x" * 40,
    ).articles

    assert (len(article.title), len(article.body or "")) == (2_000, 200_000)
    assert (article.url, article.language) == (None, None)
    assert len(article.source or "") == 500


def test_what_is_said_is_hashed_and_nothing_else() -> None:
    one, other = (
        read(FeedEntry(id="1", title="A", text="B", date=date)).articles[0]
        for date in ("2026-03-01", "2026-03-02")
    )

    assert content_hash(one) == content_hash(other)
    assert content_hash(one) != content_hash(read(FeedEntry(id="1", title="A")).articles[0])


def test_a_link_without_its_site_is_the_feeds_sites() -> None:
    (article,) = read(FeedEntry(link="/news/1", title="A")).articles
    assert article.url == "https://wire.example/news/1"
    assert absolute_link("../2?a=b", "https://me:secret@wire.example/x/rss") == (
        "https://wire.example/2?a=b"
    )


def test_the_same_relative_link_of_two_sites_is_two_articles() -> None:
    entry = FeedEntry(link="/news/1", title="A")
    assert entry_id(entry, URL) != entry_id(entry, "https://other.example/rss")
    whole = FeedEntry(link="https://wire.example/news/1", title="A")
    assert entry_id(entry, URL) == entry_id(whole, URL)


@given(st.text(), st.text())
def test_whatever_a_feed_links_to_is_read(link: str, address: str) -> None:
    assert isinstance(absolute_link(link, address), str)
