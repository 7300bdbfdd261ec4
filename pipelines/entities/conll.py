"""Files of the CoNLL form: a word and its tag on each line, a blank line between sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.entities.data import AnnotatedText
from textwire.errors import DataError, DataFileError
from textwire.models.engines.entity_spans import BEGINS, GOES_ON, OUTSIDE, spans_of
from textwire.rows.bad_rows import BadRows, Place

CONLL_ENDINGS = frozenset({".conll", ".bio", ".iob", ".iob2"})
DOCUMENT = "-DOCSTART-"
# BIOES and BILOU say where an entity ends, or that it is of one word, which follows from BIO.
_AS_BIO = {"S-": BEGINS, "U-": BEGINS, "E-": GOES_ON, "L-": GOES_ON}
CHINESE = ("\u3400", "\u9fff")


def read_conll(path: Path) -> list[tuple[Place, AnnotatedText]]:
    """The sentences of a file; words stand apart by a blank, Chinese letters by nothing.

    Columns are parted by blanks or tabs; the first is the word, the last its tag, by BIO in either
    form, BIOES or BILOU.

    Raises: DataFileError: the file cannot be read. DataError: a line has no tag.
    """
    bad = BadRows()
    found: list[tuple[Place, AnnotatedText]] = []
    words: list[str] = []
    tags: list[str] = []
    began = 0
    for number, line in _lines(path):
        columns = line.split()
        if columns and columns[0] != DOCUMENT:
            tag = as_bio(columns[-1])
            if len(columns) == 1 or tag is None:
                bad.add(Place(path, number), f"{line.strip()[:80]!r} is no word with a BIO tag")
                continue
            began = began or number
            words.append(columns[0])
            tags.append(tag)
        elif words:
            found.append((Place(path, began), as_text(words, tags)))
            words, tags, began = [], [], 0
    if bad.count:
        raise DataError(f"Lines cannot be used, so nothing was learned:\n{bad}\nMend them.")
    return found


def as_bio(tag: str) -> str | None:
    """A tag of BIO for one of BIO, BIOES or BILOU; None for what is none."""
    if tag == OUTSIDE:
        return tag
    tag = _AS_BIO.get(tag[:2], tag[:2]) + tag[2:]
    return tag if tag[:2] in (BEGINS, GOES_ON) and tag[2:] else None


def as_text(words: list[str], tags: list[str]) -> AnnotatedText:
    """A sentence of words as a text with spans."""
    text = ""
    places: list[tuple[int, int]] = []
    for word in words:
        between = " " if text and not (_is_chinese(text[-1]) and _is_chinese(word[0])) else ""
        start = len(text) + len(between)
        text += between + word
        places.append((start, len(text)))
    names = tuple(dict.fromkeys([OUTSIDE, *tags]))
    spans = spans_of(places, [names.index(tag) for tag in tags], names)
    return AnnotatedText(text, tuple(spans))


def _is_chinese(letter: str) -> bool:
    return CHINESE[0] <= letter <= CHINESE[1]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from enumerate(lines, start=1)
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path} cannot be read: {error}.") from error
    yield 0, ""  # a file need not end with a blank line
