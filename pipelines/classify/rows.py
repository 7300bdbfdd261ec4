"""Rows of labelled texts: one class in `label`, or several in `labels`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec

from pipelines.classify.data import ClassedText, ClassedTexts
from pipelines.training_data.data_files import Placed, read_placed
from pipelines.training_data.repeats import LabelledText, distinct_texts
from pipelines.training_data.splits import Split, split_by_text
from textwire.errors import DataError, RecordRejected
from textwire.wire.message import Message

LONGEST_NAME = 200
NAMED_PLACES = 5
# What others call the columns, read without regard to case, spaces and underscores.
COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "text": (
        ("sentence", "utterance", "query", "question", "message", "review", "文本", "texte"),
        ("content", "body", "title", "headline", "description", "comment"),
    ),
    "label": (("class", "category", "intent", "target", "标签"), ("topic", "tag", "sentiment")),
    "labels": (("classes", "categories", "intents", "tags", "topics"),),
    "split": (("set", "part", "partition", "fold"),),
}


class TextRow(Message, frozen=True):
    """A text as a file gives it, with its class in `label` or its classes in `labels`.

    In a table several stand apart by `|`; nothing in `labels` means that it has none of them.
    """

    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = COLUMNS

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200_000, pattern=r"\S")]
    label: str | int | None = None
    labels: list[str] | str | int | None = None
    split: Split | None = None


def read_classed_texts(
    path: Path, mapping: Sequence[str] = (), *, drop_repeats: bool = False
) -> ClassedTexts:
    """The texts of a file with their classes.

    Where the file does not say, texts are held out by their own hash; of a class that would have
    nothing to be learned from then, all are learned from.

    Raises: DataError: rows cannot be used, or the same text stands in both parts or with other
            classes. DataFileError: the file cannot be read.
    """
    placed = read_placed(path, TextRow, mapping, _checked)
    several = any(row.labels is not None for _, row in placed)
    if not several:
        _require_labels(placed)
    found = distinct_texts(_divided(placed), drop_repeats=drop_repeats)
    both = (*found.train, *found.held_out)
    classes = tuple(sorted({name for text in both for name in text.classes}))
    return ClassedTexts(
        classes, several, found.train, found.held_out, found.repeated + found.dropped
    ).checked()


def _divided(placed: Iterable[Placed[TextRow]]) -> list[LabelledText[ClassedText]]:
    divided = [_labelled(one) for one in placed]
    said = [one.row.split is not None for one in placed]
    learned = {name for one in divided if one.split == "train" for name in one.row.classes}
    return [
        one if is_said or one.row.classes <= learned else replace(one, split="train")
        for one, is_said in zip(divided, said, strict=True)
    ]


def _labelled(placed: Placed[TextRow]) -> LabelledText[ClassedText]:
    key = " ".join(placed.row.text.split()).casefold()
    text = ClassedText(placed.row.text, classes_of(placed.row))
    split = placed.row.split or split_by_text(key)
    return LabelledText(key, text.classes, split, placed.place, text)


def classes_of(row: TextRow) -> frozenset[str]:
    """The classes that a row names, without the blanks around them."""
    if row.label is not None:
        return frozenset([str(row.label).strip()])
    names = row.labels or ()
    said = names if isinstance(names, list | tuple) else str(names).split("|")
    return frozenset(name.strip() for name in said if name.strip())


def _checked(row: TextRow) -> TextRow:
    if row.label is not None and row.labels is not None:
        raise RecordRejected(
            "there is both a `label` and `labels`. Say by --map which column holds the classes, "
            "such as `--map labels=topics --map label=:`"
        )
    too_long = [name for name in classes_of(row) if len(name) > LONGEST_NAME]
    if too_long:
        raise RecordRejected(
            f"{too_long[0][:40]!r}... is no name of a class: it has {len(too_long[0])} letters, "
            f"and {LONGEST_NAME} at most are allowed. Is it another column?"
        )
    return row


def _require_labels(placed: Sequence[Placed[TextRow]]) -> None:
    without = [str(one.place) for one in placed if not any(classes_of(one.row))]
    if without:
        more = f" and {len(without) - NAMED_PLACES:,} more" if len(without) > NAMED_PLACES else ""
        raise DataError(
            f"These rows have no class, so nothing was learned: {'; '.join(without[:NAMED_PLACES])}"
            f"{more}. Name it in a column `label`, or several, or none, in `labels`."
        )
