from __future__ import annotations

from pathlib import Path

import pytest

from textwire.errors import DataFileError
from textwire.sentiment_alerts.feeds.subscriptions import Subscription, subscriptions_of

OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="Markets">
<outline type="rss" text="Wire" title="Harbour Wire" xmlUrl="https://a.example/rss"/>
<outline type="rss" text="Blog" xmlUrl="https://b.example/feed?x=1&amp;y=2"/>
<outline text="no feed"/></outline></body></opml>"""


def test_addresses_and_files_of_them_are_feeds_each_once(tmp_path: Path) -> None:
    lines = tmp_path / "feeds.txt"
    lines.write_text("\ufeff# ours\nhttps://a.example/rss Harbour Wire\n\nhttps://b.example/rss\n")

    found = subscriptions_of(["https://c.example/rss", str(lines), "https://a.example/rss"])

    assert found == [
        Subscription("https://c.example/rss"),
        Subscription("https://a.example/rss", "Harbour Wire"),
        Subscription("https://b.example/rss"),
    ]


def test_opml_is_read_by_its_name_or_its_content(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML)
    (tmp_path / "feeds.xml").write_text(OPML)

    for name in ("feeds.opml", "feeds.xml"):
        assert subscriptions_of([str(tmp_path / name)]) == [
            Subscription("https://a.example/rss", "Harbour Wire"),
            Subscription("https://b.example/feed?x=1&y=2", "Blog"),
        ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no address"),
        ("ftp://a.example/rss", "line 1"),
        ("<opml><body>", "no OPML"),
        ('\n<?xml version="1.0"?><rss version="2.0"><channel><item><title>Cut', "a feed itself"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "a feed itself"),
        ('<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "document type"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "feeds").write_text(content)

    with pytest.raises(DataFileError, match=told):
        subscriptions_of([str(tmp_path / "feeds")])


def test_what_is_neither_an_address_nor_a_file_is_refused() -> None:
    with pytest.raises(DataFileError, match="neither"):
        subscriptions_of(["wire.example/rss"])
