from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sentiment_alerts.feeds.feed_server import item, rss
from textwire.sentiment_alerts.feeds.failures import FeedFailed
from textwire.sentiment_alerts.feeds.parsing import FeedDocument, parse_feed

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
 <title>Blog</title>
 <entry><id>urn:uuid:1</id><title type="html">Q&amp;amp;A</title>
  <link rel="alternate" href="https://blog.example/1"/><updated>2026-03-02T10:00:00Z</updated>
  <published>2026-03-02T09:00:00+01:00</published>
  <summary>Short.</summary>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The whole story.</p></div>
  </content>
  <source><title>First Wire</title></source>
 </entry></feed>"""


def titles(document: FeedDocument) -> list[str]:
    return [entry.title for entry in document.entries]


def test_rss_has_what_its_channel_and_items_say() -> None:
    document = parse_feed(
        rss(
            item(guid="a-1", link="https://w.example/1", description="More &amp; more"),
            channel="<title>Harbour Wire</title><language>en-gb</language><ttl>15</ttl>",
        ).encode()
    )

    (entry,) = document.entries
    assert (document.title, document.language, document.ttl_minutes) == (
        "Harbour Wire",
        "en-gb",
        15,
    )
    assert (entry.id, entry.link, entry.text) == ("a-1", "https://w.example/1", "More & more")


def test_atom_has_its_whole_content_its_own_source_and_its_first_date() -> None:
    (entry,) = parse_feed(ATOM.encode()).entries

    assert entry.id == "urn:uuid:1"
    assert entry.link == "https://blog.example/1"
    assert "The whole story." in entry.text
    assert entry.source == "First Wire"
    assert entry.date == "2026-03-02T09:00:00+01:00"


def test_a_json_feed_is_read_by_its_schema() -> None:
    body = msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Micro",
            "language": "de",
            "items": [
                {"id": 7, "url": "https://m.example/7", "content_text": "A post without a title."},
                {
                    "id": "8",
                    "title": "T",
                    "content_html": "<p>H</p>",
                    "date_published": "2026-03-02",
                },
            ],
        }
    )

    document = parse_feed(b"\xef\xbb\xbf" + body, "text/plain")

    assert [entry.id for entry in document.entries] == ["7", "8"]
    assert document.entries[1].text == "<p>H</p>"
    assert document.language == "de"


def test_cdata_is_text() -> None:
    body = rss(item("<![CDATA[Profit > forecast & <b>more</b>]]>"))

    assert "Profit > forecast &" in parse_feed(body.encode()).entries[0].title.replace("&gt;", ">")


def test_latin_1_that_calls_itself_utf_8_is_read() -> None:
    body = rss(item("Société Générale chute à Paris"))
    declared = body.replace('version="1.0"?>', 'version="1.0" encoding="utf-8"?>', 1)

    document = parse_feed(declared.encode("latin-1"), "text/xml; charset=utf-8")

    assert titles(document) == ["Société Générale chute à Paris"]
    assert document.malformed


def test_the_charset_of_the_answer_goes_before_that_of_the_document() -> None:
    body = rss(item("Ärger")).encode("cp1252")

    assert titles(parse_feed(body, 'application/rss+xml; charset="windows-1252"')) == ["Ärger"]


def test_what_is_malformed_is_read_as_far_as_it_goes() -> None:
    bad_entity = rss(item("AT&T falls"), item("Second &nbsp; one"))
    cut = rss(item("First"), item("Second"))[:-40]

    assert "AT&T falls" in titles(parse_feed(bad_entity.encode()))
    assert titles(parse_feed(cut.encode()))[0] == "First"


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>'])
def test_a_malformed_feed_says_what_is_wrong_and_where(declaration: str) -> None:
    body = f"{declaration}<rss version='2.0'><channel>\n<item>\n<title>Acme pays &pound;3m</title>"
    document = parse_feed(f"{body}</item></channel></rss>".encode())

    assert document.malformed == "undefined entity at line 3, column 18: &pound;"
    assert titles(document) == ["Acme pays £3m"]


@pytest.mark.parametrize("content_type", ["text/html", "text/plain; charset=utf-8", "", "nonsense"])
def test_a_feed_is_read_whatever_it_is_served_as(content_type: str) -> None:
    assert titles(parse_feed(rss(item()).encode(), content_type)) == ["Strike shuts port"]


def test_a_feed_without_entries_is_one() -> None:
    assert parse_feed(rss().encode()).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><body><p>Sign in</p></body></html>",
        b"plain words",
        b'{"error": "no such feed"}',
        b"{",
        b"\x00\x01\x02\xff" * 50,
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(FeedFailed):
        parse_feed(body)


def test_entities_that_grow_are_not_unfolded() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    body = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "lol">{bomb}]>' + rss(item("&a8;"))[21:]

    document = parse_feed(body.encode())

    assert all(len(title) < 10_000 for title in titles(document))


def test_no_file_is_read_for_an_entity() -> None:
    body = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

    document = parse_feed((body + rss(item("&x;"))[21:]).encode())

    assert all("root:" not in title for title in titles(document))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 200), st.text(max_size=30))
def test_whatever_bytes_come_a_document_or_a_failure_is_made_of_them(
    noise: bytes, at: int, content_type: str
) -> None:
    body = rss(item(guid="a-1")).encode()
    with suppress(FeedFailed):
        parse_feed(body[:at] + noise + body[at:], content_type)
