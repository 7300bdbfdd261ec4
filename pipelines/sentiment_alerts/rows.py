"""Rows of labelled articles, checked one by one and against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import msgspec

from pipelines.sentiment_alerts.column_names import LABELLED_COLUMNS
from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.training_data.data_files import Placed, read_placed
from pipelines.training_data.repeats import LabelledText, distinct_texts
from pipelines.training_data.splits import Split, split_by_text
from textwire.errors import RecordRejected, SettingsError
from textwire.sentiment_alerts.messages import SENTIMENTS, Body, Headline, Sentiment
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message

# Ours, and short forms that can mean nothing else. Numbers can: some count from 0, some from -1.
LABELS: dict[str, Sentiment] = {
    **{label: label for label in SENTIMENTS},
    "neg": "negative",
    "neu": "neutral",
    "pos": "positive",
}


class ArticleRow(Message, frozen=True):
    """An article as a file gives it.

    In a table topics stand apart by `|`, and entities are `Name=label|Other name=label`, or JSON.
    Without a label only what it says of its entities is known.
    """

    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = LABELLED_COLUMNS

    title: Headline
    label: str | int | None = None
    body: Body | None = None
    topics: list[str] | str | None = None
    entities: dict[str, str] | str = msgspec.field(default_factory=dict)
    split: Split | None = None
    copy_of: str | None = None


class Articles(NamedTuple):
    """Distinct articles in two parts, and how many rows repeated another."""

    train: list[LabelledArticle]
    held_out: list[LabelledArticle]
    repeated: int


@dataclass(frozen=True)
class ReadingArticles:
    """How a file of articles is read.

    topics        the only ones there are; None: any.
    mapping       `field=column`, for columns that are named otherwise than the fields.
    labels        the file's own names for ours.
    drop_repeats  go on without texts that stand in both parts, or with different labels.
    """

    topics: Sequence[str] | None = None
    mapping: tuple[str, ...] = ()
    labels: Mapping[str, Sentiment] = field(default_factory=dict)
    drop_repeats: bool = False


AS_OURS = ReadingArticles()


def read_articles(path: Path, reading: ReadingArticles = AS_OURS) -> Articles:
    """The articles of a file, without copies and rows that repeat another.

    Raises: DataError: rows cannot be used, or the same text stands there with different labels or
            in both parts. DataFileError: the file cannot be read.
    """

    def checked(row: ArticleRow) -> ArticleRow:
        _as_article(row, reading)
        return row

    rows = [
        _labelled(placed, _as_article(placed.row, reading))
        for placed in read_placed(path, ArticleRow, reading.mapping, checked)
        if not placed.row.copy_of
    ]
    found = distinct_texts(rows, drop_repeats=reading.drop_repeats)
    return Articles(found.train, found.held_out, found.repeated + found.dropped)


def read_label_names(options: Sequence[str]) -> dict[str, Sentiment]:
    """A file's own names for our labels, from `OURS=THEIRS`.

    Raises: SettingsError: an option has another form, or names no label of ours.
    """
    names: dict[str, Sentiment] = {}
    for option in options:
        ours, equals, theirs = (part.strip() for part in option.partition("="))
        if ours not in SENTIMENTS or not equals or not theirs:
            raise SettingsError(
                f"--label {option}: say which of {', '.join(SENTIMENTS)} a name of yours stands "
                "for, such as `--label positive=bullish`."
            )
        names[theirs.casefold()] = SENTIMENTS[SENTIMENTS.index(ours)]
    return names


def _labelled(
    placed: Placed[ArticleRow], article: LabelledArticle
) -> LabelledText[LabelledArticle]:
    key = (" ".join(article.title.split()).casefold(), (article.body or "").strip().casefold())
    split = placed.row.split or split_by_text("\n".join(key))
    label = (article.label, article.topics, tuple(sorted(article.entities.items())))
    return LabelledText(key, label, split, placed.place, article)


def _as_article(row: ArticleRow, reading: ReadingArticles) -> LabelledArticle:
    if not row.title.strip():
        raise RecordRejected("`title` is empty")
    about = _listed(row.topics or ())
    unknown = sorted(set(about) - set(reading.topics)) if reading.topics is not None else []
    if unknown:
        raise RecordRejected(
            f"`topics`: {unknown[0]!r} is none of those there are: "
            f"{', '.join(reading.topics or ())}"
        )
    entities = {
        name: _label(label, f"entities.{name}", reading)
        for name, label in _pairs(row.entities).items()
    }
    said = str("" if row.label is None else row.label).strip()
    if not said and not entities:
        raise RecordRejected("there is neither a `label` nor `entities` with theirs")
    return LabelledArticle(
        title=row.title,
        body=row.body,
        label=_label(said, "label", reading) if said else None,
        topics=frozenset(about) if said else None,
        entities=entities,
    )


def _label(said: str, field: str, reading: ReadingArticles) -> Sentiment:
    name = said.strip().casefold()
    label = reading.labels.get(name) or LABELS.get(name)
    if label is None:
        raise RecordRejected(
            f"`{field}`: {said!r} is none of {', '.join(SENTIMENTS)}. If it stands for one of "
            f"them, say which: `--label positive={said}`"
        )
    return label


def _listed(topics: Iterable[str] | str) -> list[str]:
    names = topics.split("|") if isinstance(topics, str) else topics
    return [name.strip() for name in names if name.strip()]


def _pairs(entities: Mapping[str, str] | str) -> dict[str, str]:
    if not isinstance(entities, str):
        return dict(entities)
    if entities.lstrip().startswith("{"):
        return _decoded_pairs(entities)
    pairs: list[Any] = [pair.rpartition("=") for pair in _listed(entities)]
    if any(not (name.strip() and equals) for name, equals, _ in pairs):
        raise RecordRejected(
            f"`entities`: {entities!r} does not read as `Name=label|Other name=label`"
        )
    return {name.strip(): label for name, _, label in pairs}


def _decoded_pairs(cell: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(cell, type=dict[str, str])
    except NOT_DECODABLE as error:
        raise RecordRejected(f"`entities`: {cell[:80]!r} is not JSON: {error}") from None
