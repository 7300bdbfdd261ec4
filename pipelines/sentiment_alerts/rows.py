"""Rows of labelled articles, checked one by one and against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipelines.data_files import Placed, read_placed
from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.splits import Split, split_by_text
from textwire.errors import DataError, RecordRejected
from textwire.sentiment_alerts.messages import SENTIMENTS, Body, Headline, Sentiment
from textwire.wire.message import Message

LABELS: dict[str, Sentiment] = {label: label for label in SENTIMENTS}


class ArticleRow(Message, frozen=True):
    """An article as a file gives it.

    In a table topics stand apart by `|`, and entities are `Name=label|Other name=label`.
    """

    title: Headline
    label: str
    body: Body | None = None
    topics: list[str] | str = ()  # type: ignore[assignment]
    entities: dict[str, str] | str = msgspec.field(default_factory=dict)
    split: Split | None = None
    copy_of: str | None = None


class Articles(NamedTuple):
    """Distinct articles in two parts, and how many rows repeated another."""

    train: list[LabelledArticle]
    held_out: list[LabelledArticle]
    repeated: int


class _Known(NamedTuple):
    article: LabelledArticle
    split: Split
    place: object


def read_articles(
    path: Path, topics: Sequence[str] | None = None, mapping: Sequence[str] = ()
) -> Articles:
    """The articles of a file, JSON Lines or CSV, without copies and rows that repeat another.

    Args:   topics: the only ones there are; None: any.
            mapping: `field=column`, for columns that are named otherwise than the fields.
    Raises: DataError: rows cannot be used, or the same text stands there with different labels or
            in both parts. DataFileError: the file cannot be read.
    """

    def checked(row: ArticleRow) -> ArticleRow:
        _as_article(row, topics)
        return row

    known: dict[tuple[str, str], _Known] = {}
    rows = [p for p in read_placed(path, ArticleRow, mapping, checked) if not p.row.copy_of]
    for placed in rows:
        _keep(known, placed, _as_article(placed.row, topics))
    parts = {
        split: [one.article for one in known.values() if one.split == split]
        for split in ("train", "held_out")
    }
    return Articles(parts["train"], parts["held_out"], len(rows) - len(known))


def _keep(
    known: dict[tuple[str, str], _Known], placed: Placed[ArticleRow], article: LabelledArticle
) -> None:
    key = (" ".join(article.title.split()).casefold(), (article.body or "").strip().casefold())
    split = placed.row.split or split_by_text("\n".join(key))
    other = known.setdefault(key, _Known(article, split, placed.place))
    if other.split != split:
        raise DataError(
            f"{placed.place} and {other.place} are the same text, one to be learned from and one "
            "held out: that would be no judgement. Put both into one part."
        )
    if (other.article.label, other.article.topics, other.article.entities) != (
        article.label,
        article.topics,
        article.entities,
    ):
        raise DataError(
            f"{placed.place} and {other.place} are the same text and are labelled differently. "
            "Decide for one of them."
        )


def _as_article(row: ArticleRow, topics: Sequence[str] | None) -> LabelledArticle:
    if not row.title.strip():
        raise RecordRejected("`title` is empty")
    about = _listed(row.topics)
    unknown = sorted(set(about) - set(topics)) if topics is not None else []
    if unknown:
        raise RecordRejected(
            f"`topics`: {unknown[0]!r} is none of those there are: {', '.join(topics or ())}"
        )
    return LabelledArticle(
        title=row.title,
        body=row.body,
        label=_label(row.label, "label"),
        topics=frozenset(about),
        entities={
            name: _label(label, f"entities.{name}") for name, label in _pairs(row.entities).items()
        },
    )


def _label(said: str, field: str) -> Sentiment:
    label = LABELS.get(said.strip().lower())
    if label is None:
        raise RecordRejected(f"`{field}`: {said!r} is none of {', '.join(SENTIMENTS)}")
    return label


def _listed(topics: Iterable[str] | str) -> list[str]:
    names = topics.split("|") if isinstance(topics, str) else topics
    return [name.strip() for name in names if name.strip()]


def _pairs(entities: Mapping[str, str] | str) -> dict[str, str]:
    if not isinstance(entities, str):
        return dict(entities)
    pairs: list[Any] = [pair.rpartition("=") for pair in _listed(entities)]
    if any(not (name.strip() and equals) for name, equals, _ in pairs):
        raise RecordRejected(
            f"`entities`: {entities!r} does not read as `Name=label|Other name=label`"
        )
    return {name.strip(): label for name, _, label in pairs}
