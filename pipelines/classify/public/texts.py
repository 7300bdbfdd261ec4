"""Public texts with their classes, in the parts that others measure on."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipelines.classify.data import ClassedText, ClassedTexts
from pipelines.training_data.data_files import by_path
from textwire.errors import DataError
from textwire.undecodable import NOT_DECODABLE

REUTERS = tuple(f"reuters21578/reuters21578_part{part}.jsonl.gz" for part in (1, 2))
BANKING = ("banking77/train.csv", "banking77/test.csv")
# Of the training part, to calibrate and to choose thresholds on: the test part decides nothing.
HELD_OUT_ONE_OF = 10
# The few-shot setting of others: so many questions an intent are learned from, and others of the
# training part are held out (Zhang et al. 2021, arXiv:2109.06349: 1,540).
FEW_SHOT = "banking77-10"
SHOTS, HELD_OUT_OF_FEW = 10, 1_540


class Story(msgspec.Struct, frozen=True):
    """A row of Reuters-21578."""

    lewissplit: str
    topics_attr: str
    topics: list[str]
    title: str | None = None
    body: str | None = None


@dataclass(frozen=True)
class PublicTexts:
    """One of the sets, as a source to learn from, with its test part beside.

    rows, test_rows  how many are drawn by lot of each part; None: all.
    """

    name: str
    folder: Path
    rows: int | None = None
    test_rows: int | None = None

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder."""
        names = REUTERS if self.name == "reuters21578" else BANKING
        return by_path(*(self.folder / name for name in names))

    def read(self) -> ClassedTexts:
        """The training part: most of it to learn from, one text in ten held out.

        Raises: DataError: the set is not there.
        """
        rows = drawn(self._parts()[0], self.rows)
        train, held_out = few_of_each(rows) if self.name == FEW_SHOT else one_in_ten_apart(rows)
        known = {name for text in train for name in text.classes}
        several = self.name == "reuters21578"
        return ClassedTexts(
            tuple(sorted(known)),
            several,
            train,
            [text for text in (_within(one, known) for one in held_out) if text.classes],
        ).checked()

    def test(self) -> list[ClassedText]:
        """The test part, of which nothing is learned and nothing chosen."""
        return drawn(self._parts()[1], self.test_rows)

    def _parts(self) -> tuple[list[ClassedText], list[ClassedText]]:
        return mod_apte(self.folder) if self.name == "reuters21578" else banking77(self.folder)


def mod_apte(folder: Path) -> tuple[list[ClassedText], list[ClassedText]]:
    """7,770 stories to learn from and 3,019 to test on, of the 90 topics that occur in both parts.

    Source: the ModApte split; stories of none of the 90 are left out, as by Yang and Liu 1999 and
            Adhikari et al. 2019, arXiv:1904.08398.
    Raises: DataError: the set is not there.
    """
    parts: dict[str, list[ClassedText]] = {"TRAIN": [], "TEST": []}
    for story in _stories(folder):
        if story.topics_attr == "YES" and story.lewissplit in parts and story.topics:
            text = "\n".join(part for part in (story.title, story.body) if part) or "."
            parts[story.lewissplit].append(ClassedText(text, frozenset(story.topics)))
    in_both = frozenset.intersection(
        *(frozenset(name for text in part for name in text.classes) for part in parts.values())
    )
    train, test = (
        [text for text in (_within(one, in_both) for one in part) if text.classes]
        for part in parts.values()
    )
    return train, test


def banking77(folder: Path) -> tuple[list[ClassedText], list[ClassedText]]:
    """10,003 questions to learn from and 3,080 to test on, of 77 intents.

    Raises: DataError: the set is not there.
    """
    train, test = (_questions(folder / name) for name in BANKING)
    return train, test


def one_in_ten_apart(rows: Sequence[ClassedText]) -> tuple[list[ClassedText], list[ClassedText]]:
    """Most to learn from, and one in ten held out."""
    held_out = drawn(rows, len(rows) // HELD_OUT_ONE_OF)
    apart = {text.text for text in held_out}
    return [text for text in rows if text.text not in apart], held_out


def few_of_each(rows: Sequence[ClassedText]) -> tuple[list[ClassedText], list[ClassedText]]:
    """Ten of each class by lot to learn from, and some of the others held out."""
    by_class: dict[str, list[ClassedText]] = {}
    for row in {one.text: one for one in rows}.values():
        by_class.setdefault(next(iter(row.classes)), []).append(row)
    few = [row for of_class in by_class.values() for row in drawn(of_class, SHOTS)]
    learned = {row.text for row in few}
    return few, drawn([row for row in rows if row.text not in learned], HELD_OUT_OF_FEW)


def drawn(rows: Sequence[ClassedText], most: int | None) -> list[ClassedText]:
    """So many by lot, the same each time; None: all."""
    if most is None or len(rows) <= most:
        return list(rows)
    return random.Random(0).sample(list(rows), most)  # noqa: S311 - no secret


def _within(text: ClassedText, known: frozenset[str] | set[str]) -> ClassedText:
    return ClassedText(text.text, text.classes & known)


def _stories(folder: Path) -> Iterator[Story]:
    decoder = msgspec.json.Decoder(Story)
    for name in REUTERS:
        try:
            with gzip.open(folder / name) as lines:
                yield from [decoder.decode(line) for line in lines]
        except (OSError, *NOT_DECODABLE) as error:
            raise DataError(f"{folder / name} cannot be read as Reuters-21578: {error}.") from error


def _questions(file: Path) -> list[ClassedText]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return [
                ClassedText(row["text"], frozenset([row["category"]]))
                for row in csv.DictReader(lines)
            ]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read as banking77: {error!r}.") from error
