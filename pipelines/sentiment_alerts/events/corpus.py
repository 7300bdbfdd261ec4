"""Texts in which an event did or did not happen to a company, as the classifier reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.examples import texts_of_companies
from pipelines.sentiment_alerts.rows import ArticleRow
from pipelines.training_data.data_files import by_path, read_messages
from pipelines.training_data.splits import Split
from textwire.errors import DataError
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Body, Headline
from textwire.wire.message import Message

EVENTS, HEADLINE_EVENTS, HEADLINES = "events", "headline_events", "headlines"
LEAST_LEARNED = 10
NOBODY = Linker([])  # companies are named as the rows name them


class EventRow(Message, frozen=True):
    """A text, and for each company what happened to it; of a headline of ours, its title alone."""

    title: Headline
    events: dict[str, tuple[str, ...]]
    body: Body | None = None
    split: Split = "train"


@dataclass(frozen=True)
class EventText:
    """What is read of one company, and the kinds of events that happened to it.

    group  texts of one name, which must not be learned from and judged on at once.
    """

    read: str
    kinds: tuple[str, ...]
    group: str


@dataclass(frozen=True)
class EventCorpus:
    """Texts to learn from, news at large that teach beside them, and texts to be judged on.

    news  headlines of all kinds, nearly all of which tell of no event.
    """

    kinds: tuple[str, ...]
    train: Sequence[EventText]
    news: Sequence[EventText]
    held_out: Sequence[EventText]


def has_corpus(folder: Path) -> bool:
    """Whether a folder of samples has texts of events."""
    return (folder / f"{EVENTS}.jsonl").is_file()


def files_of(folder: Path) -> Mapping[str, Path]:
    """What is read of a folder of samples, by its path there."""
    return by_path(*(folder / f"{name}.jsonl" for name in (EVENTS, HEADLINE_EVENTS, HEADLINES)))


def read_corpus(folder: Path) -> EventCorpus:
    """The texts of `events`, and headlines; those not in `headline_events` tell of no event.

    Raises: DataError, DataFileError: files or rows are wrong.
    """
    rows = read_messages(folder / f"{EVENTS}.jsonl", EventRow)
    headlines = read_messages(folder / f"{HEADLINES}.jsonl", ArticleRow)
    labelled = read_messages(folder / f"{HEADLINE_EVENTS}.jsonl", EventRow)
    news = [*_labelled(labelled, headlines), *_uneventful(labelled, headlines)]
    train, held_out = (
        [text for row in rows if row.split == split for text in _texts(row)]
        for split in ("train", "held_out")
    )
    return EventCorpus(_kinds(train), train, news, held_out)


def _kinds(train: Iterable[EventText]) -> tuple[str, ...]:
    counts = Counter(kind for text in train for kind in text.kinds)
    few = [f"{kind} ({count})" for kind, count in counts.items() if count < LEAST_LEARNED]
    if few or not counts:
        raise DataError(
            f"Too few texts tell of {', '.join(few) or 'any event'}: at least {LEAST_LEARNED} of "
            "each kind are needed to learn from."
        )
    return tuple(sorted(counts))


def _texts(row: EventRow) -> Iterator[EventText]:
    group = next(iter(row.events), "").casefold()
    article = LabelledArticle(
        row.title, row.body, None, entities=dict.fromkeys(row.events, "neutral")
    )
    for company, said in texts_of_companies(article, NOBODY).items():
        yield EventText(said.read, row.events[company], group)


def _labelled(labelled: Sequence[EventRow], headlines: Sequence[ArticleRow]) -> Iterator[EventText]:
    """Headlines of ours that were labelled for events too; those held out stay so."""
    by_title = {row.title: row for row in headlines}
    for row in labelled:
        if row.title not in by_title:
            raise DataError(f"{HEADLINE_EVENTS}.jsonl labels no headline of ours: {row.title!r}.")
        if by_title[row.title].split == "train":
            yield from _texts(EventRow(row.title, row.events, by_title[row.title].body))


def _uneventful(
    labelled: Sequence[EventRow], headlines: Sequence[ArticleRow]
) -> Iterator[EventText]:
    """All other headlines, good, bad and ordinary: most news are far from any event."""
    known = {row.title for row in labelled}
    for row in headlines:
        if row.split == "train" and row.title not in known and isinstance(row.entities, dict):
            yield from _texts(EventRow(row.title, dict.fromkeys(row.entities, ()), row.body))
