"""Histories to run over: dated articles of a file or a topic, and the surges known in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import msgspec

from textwire.errors import DataError, RecordRejected
from textwire.rows.bad_rows import BadRows, Place
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.moments import as_moment
from textwire.rows.row import BadRow, as_message
from textwire.sentiment_alerts.backtest import LabelledSurge
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.topics import NEWS_ARTICLES
from textwire.stream.decoding import Decoder
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.record import Record
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES

# A Monday: where the minutes of a file without dates begin to count.
FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)


class DatedArticle(Article, frozen=True, kw_only=True):
    """An article of a file: at a time, or so many minutes after the file's first day began."""

    minute: float | None = None


class SurgeRow(msgspec.Struct, kw_only=True):
    """A surge as a file has it: with times, or with minutes."""

    entity: str | None = None
    topic: str | None = None
    begins: str | float | None = msgspec.field(default=None, name="from")
    ends: str | float | None = msgspec.field(default=None, name="to")
    from_minute: float | None = None
    to_minute: float | None = None


def read_dated_articles(
    path: Path,
    mapping: Iterable[str] = (),
    first_day: datetime = FIRST_DAY,
    zone: tzinfo = UTC,
    *,
    skip_bad: bool,
) -> tuple[list[Article], BadRows]:
    """The articles of a file in the order of their time, and the rows that are none.

    Args:   mapping: `field=column`. first_day: from where `minute` counts. zone: of times without.
            skip_bad: pass over rows that cannot be used.
    Raises: DataFileError: the file or a row cannot be read. DataError: there is no article.
    """
    columns = Columns.parse(DatedArticle, mapping)
    bad = BadRows()
    articles: list[Article] = []
    for row in read_rows(path, columns):
        if isinstance(row, BadRow):
            bad.add(Place(path, row.line, row.where), row.reason)
            continue
        try:
            articles.append(_article(row.fields, f"row-{row.line}", first_day, zone))
        except RecordRejected as rejected:
            bad.add(Place(path, row.line, row.where), str(rejected))
    if not skip_bad:
        bad.refuse()
    if not articles:
        raise DataError(f"{path} holds no article that can be used.\n{bad}")
    return in_time(articles), bad


def articles_of(records: Iterable[Record]) -> Iterator[Article]:
    """The articles of a topic's records, those left out that cannot be read."""
    decoder = Decoder((NEWS_ARTICLES,), DEAD_LETTER_MAX_BYTES)
    for record in records:
        try:
            article: Article = decoder.decode(record).message
        except RecordRejected:
            continue
        if article.title.strip():
            yield article


def in_time(articles: Iterable[Article]) -> list[Article]:
    """In the order of their time."""
    return sorted(articles, key=lambda a: (a.published_at or FIRST_DAY, a.id or ""))


def between(
    articles: Iterable[Article], begins: datetime | None, ends: datetime | None
) -> list[Article]:
    """Those from a moment on, and before another; None where there is no bound."""
    return [
        one
        for one in articles
        if one.published_at is not None
        and (begins is None or one.published_at >= begins)
        and (ends is None or one.published_at < ends)
    ]


def read_surges(path: Path, first_day: datetime = FIRST_DAY) -> list[LabelledSurge]:
    """The surges of a file of JSON Lines.

    Raises: DataError: it cannot be read, or a surge has no time or is about nothing.
    """
    try:
        rows = msgspec.json.Decoder(SurgeRow).decode_lines(path.read_bytes())
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(f"The surges {path} cannot be read: {error}.") from error
    return [_surge(path, number, row, first_day) for number, row in enumerate(rows, start=1)]


def _article(fields: dict[str, Any], id_: str, first_day: datetime, zone: tzinfo) -> Article:
    if "published_at" in fields:
        fields = fields | {"published_at": as_moment(fields["published_at"], zone)}
    row = as_message({"id": id_} | fields, DatedArticle, strict=False)
    at = row.published_at
    if at is None and row.minute is not None:
        at = first_day + timedelta(minutes=row.minute)
    if at is None:
        raise RecordRejected(
            "it has no time; say which column holds it: `--map published_at=COLUMN`"
        )
    if not row.title.strip():
        raise RecordRejected("`title` is empty")
    return Article(
        id=row.id,
        title=row.title,
        body=row.body,
        source=row.source,
        url=row.url,
        language=row.language,
        published_at=at,
    )


def _surge(path: Path, number: int, row: SurgeRow, first_day: datetime) -> LabelledSurge:
    if row.entity is None and row.topic is None:
        raise DataError(f"{path}, line {number}: a surge needs an `entity` or a `topic`.")
    return LabelledSurge(
        entity=row.entity,
        topic=row.topic,
        begins=_moment(path, number, row.begins, row.from_minute, first_day),
        ends=_moment(path, number, row.ends, row.to_minute, first_day),
    )


def _moment(
    path: Path, number: int, at: str | float | None, minute: float | None, first_day: datetime
) -> datetime:
    if minute is not None:
        return first_day + timedelta(minutes=minute)
    try:
        return as_moment(at)
    except RecordRejected as error:
        raise DataError(f"{path}, line {number}: {error}. It needs `from` and `to`.") from error
