"""Which feeds are read: addresses, or a file of them, as lines or as OPML."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from textwire.errors import DataFileError
from textwire.urls import is_http_url, without_secrets

MOST_BYTES = 10 * 1024 * 1024
BEFORE_XML = b"\xef\xbb\xbf \r\n\t"
# What the documents begin with that hold articles: RSS, Atom, RSS 1.0.
FEEDS = ("rss", "feed", "rdf:RDF")


class Subscription(NamedTuple):
    """A feed. `source`: what its articles' source is called; empty: as the feed calls itself."""

    url: str
    source: str = ""


def subscriptions_of(sources: Iterable[str]) -> list[Subscription]:
    """The feeds of addresses and files, each address once.

    Raises: DataFileError: something is neither, or a file has no address in it.
    """
    found: dict[str, Subscription] = {}
    for source in sources:
        for one in _of(source):
            found.setdefault(one.url, one)
    return list(found.values())


def _of(source: str) -> list[Subscription]:
    if is_http_url(source):
        return [Subscription(source)]
    path = Path(source)
    if not path.is_file():
        raise DataFileError(
            f"{without_secrets(source)} is neither an http:// or https:// address nor a file of "
            "such addresses."
        )
    if path.stat().st_size > MOST_BYTES:
        raise DataFileError(f"{path} is larger than {MOST_BYTES:,} bytes: name a list of feeds.")
    content = path.read_bytes()
    opml = path.suffix.lower() == ".opml" or content.lstrip(BEFORE_XML).startswith(b"<")
    read = _opml(path, content) if opml else _lines(path, content)
    if not read:
        raise DataFileError(f"{path} holds no address of a feed.")
    return read


def _lines(path: Path, content: bytes) -> list[Subscription]:
    """An address a line, and after spaces what its source is called; `#` begins a remark."""
    read = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        url, _, name = line.strip().partition(" ")
        if not url or url.startswith("#"):
            continue
        if not is_http_url(url):
            raise DataFileError(
                f"{path}, line {number:,}: {without_secrets(url)} is no address of the web."
            )
        read.append(Subscription(url, name.strip()))
    return read


def _opml(path: Path, content: bytes) -> list[Subscription]:
    """Every outline that has an address; a document type is refused, and so are its entities."""
    read: list[Subscription] = []
    parser = expat.ParserCreate()

    def outline(name: str, of: dict[str, str]) -> None:
        if name in FEEDS:
            raise DataFileError(
                f"{path} is a feed itself, and a file has to list addresses of feeds. Name the "
                "address that it came from, or one that it is served at (`--allow-private` here)."
            )
        url = of.get("xmlUrl", "").strip()
        if name == "outline" and is_http_url(url):
            read.append(Subscription(url, of.get("title") or of.get("text") or ""))

    def refuse(*_: object) -> None:
        raise DataFileError(
            f"{path} defines a document type, which a list of feeds has no use for."
        )

    parser.StartElementHandler = outline
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content.lstrip(BEFORE_XML), True)
    except expat.ExpatError as error:
        raise DataFileError(f"{path} is no OPML: {error}.") from error
    return read
