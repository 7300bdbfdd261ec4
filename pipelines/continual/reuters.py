"""Three periods of Reuters-21578, each with topics of its own.

The collection's 9,446 stories of one topic, in order of time, are cut into thirds: 26 February to
18 March 1987, to 3 April, to 20 October. In each third a desk begins to follow three more topics
and labels stories of these alone, the first ones to learn from and the later ones to be judged on.
A story is told among all nine.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from pipelines.continual.learner import Period
from pipelines.continual.periods import Parts
from textwire.errors import DataError
from textwire.undecodable import NOT_DECODABLE

FILES = tuple(f"reuters21578/reuters21578_part{part}.jsonl.gz" for part in (1, 2))
TOPICS = (
    ("earn", "acq", "crude"),
    ("trade", "money-fx", "sugar"),
    ("interest", "ship", "money-supply"),
)
NAMES = ("from 26 February 1987", "from 18 March 1987", "from 3 April 1987")
LABELS = tuple(topic for topics in TOPICS for topic in topics)
TRAIN_PART = 0.6  # of a topic's stories in its period, as far as there are so many


class Story(msgspec.Struct, frozen=True):
    """A row of the collection."""

    published_at: str
    title: str | None
    body: str | None
    topics: list[str]


def reuters_periods(folder: Path, train_texts: int, test_texts: int) -> list[Parts]:
    """The periods.

    Args:   folder: of public data sets. train_texts, test_texts: of each topic, at most.
    Raises: DataError: the collection is not there.
    """
    stories = sorted(_read(folder), key=lambda story: story.published_at)
    third = len(stories) // 3
    return [
        _parts(name, stories[at * third : (at + 1) * third], topics, (train_texts, test_texts))
        for at, (name, topics) in enumerate(zip(NAMES, TOPICS, strict=True))
    ]


def _read(folder: Path) -> Iterator[Story]:
    decoder = msgspec.json.Decoder(Story)
    for name in FILES:
        try:
            with gzip.open(folder / name) as lines:
                stories = [decoder.decode(line) for line in lines]
        except (OSError, *NOT_DECODABLE) as error:
            raise DataError(f"{folder / name} cannot be read as Reuters-21578: {error}.") from error
        yield from (story for story in stories if len(story.topics) == 1 and story.title)


def _parts(
    name: str, stories: list[Story], topics: tuple[str, ...], most: tuple[int, int]
) -> Parts:
    train: list[tuple[str, int]] = []
    test: list[tuple[str, int]] = []
    for topic in topics:
        of_topic = [
            (f"{story.title}\n{story.body or ''}", LABELS.index(topic))
            for story in stories
            if story.topics == [topic]
        ]
        learned = min(most[0], round(TRAIN_PART * len(of_topic)))
        train += of_topic[:learned]
        test += of_topic[learned : learned + most[1]]
    return Parts(_period(name, train), _period(name, test))


def _period(name: str, rows: list[tuple[str, int]]) -> Period:
    return Period(name, [text for text, _ in rows], np.array([label for _, label in rows]))
