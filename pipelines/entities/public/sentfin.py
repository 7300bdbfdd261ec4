"""SEntFiN's headlines with the spans of the entities that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipelines.entities.data import AnnotatedText, EntityData
from pipelines.training_data.data_files import by_path
from pipelines.training_data.splits import split_by_text
from textwire.errors import DataError
from textwire.models.engines.entity_spans import Span
from textwire.undecodable import NOT_DECODABLE

FILE = "sentfin/sentfin.jsonl"
KIND = "ENTITY"
# Of the training part, to calibrate and to choose the threshold on: the test part decides nothing.
HELD_OUT_ONE_OF = 10


class Headline(msgspec.Struct, frozen=True):
    """A row of the set."""

    title: str
    entities: dict[str, str]


@dataclass(frozen=True)
class SentfinSpans:
    """The set as a source to learn from, with its test part beside.

    The split, since none is fixed: a headline is of the test part if the sha256 of its title in
    small letters, white space as single blanks, says so in its first 32 bits, modulo 5 = 0.

    rows, test_rows  how many are taken of each part; None: all.
    """

    folder: Path
    rows: int | None = None
    test_rows: int | None = None

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read."""
        return by_path(self.folder / FILE)

    def read(self) -> EntityData:
        """The training part: most of it to learn from, one text in ten held out.

        Raises: DataError: the set is not there.
        """
        rows = self._part("train")[: self.rows]
        return EntityData(
            (KIND,),
            [text for at, text in enumerate(rows) if at % HELD_OUT_ONE_OF],
            rows[::HELD_OUT_ONE_OF],
        ).checked()

    def test(self) -> list[AnnotatedText]:
        """The test part, of which nothing is learned and nothing chosen."""
        return self._part("held_out")[: self.test_rows]

    def _part(self, part: str) -> list[AnnotatedText]:
        texts = {" ".join(text.text.split()).casefold(): text for text in self._texts()}
        return [text for key, text in texts.items() if split_by_text(key) == part]

    def _texts(self) -> Iterator[AnnotatedText]:
        decoder = msgspec.json.Decoder(Headline)
        try:
            with (self.folder / FILE).open("rb") as lines:
                headlines = [decoder.decode(line) for line in lines]
        except (OSError, *NOT_DECODABLE) as error:
            raise DataError(f"{self.folder / FILE} cannot be read as SEntFiN: {error}.") from error
        for headline in headlines:
            yield AnnotatedText(headline.title, spans_of_names(headline.title, headline.entities))


def spans_of_names(title: str, names: Mapping[str, str]) -> tuple[Span, ...]:
    """Where names stand in a title, as whole words, each wherever it occurs; longer ones first."""
    taken: list[Span] = []
    for name in sorted(names, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", title):
            start, end = match.span()
            if all(end <= span.start or start >= span.end for span in taken):
                taken.append(Span(start, end, KIND))
    return tuple(sorted(taken))
