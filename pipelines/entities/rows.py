"""Texts with their entities: spans of letters in a table or JSON, or words with tags (CoNLL)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec

from pipelines.entities.conll import CONLL_ENDINGS, read_conll
from pipelines.entities.data import AnnotatedText, EntityData
from pipelines.training_data.data_files import Placed, read_placed
from pipelines.training_data.repeats import LabelledText, distinct_texts
from pipelines.training_data.splits import Split, split_by_text
from textwire.errors import RecordRejected
from textwire.models.engines.entity_spans import Span
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message

# What others call the columns (doccano, Label Studio, spaCy), read without regard to case.
COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "text": (("sentence", "content", "data", "title", "headline", "文本"),),
    "spans": (("entities", "label", "labels", "annotations", "ents"),),
    "split": (("set", "part", "partition", "fold"),),
}
KIND_NAMES = ("label", "kind", "type", "tag", "entity")
PARTS = 3


class SpanRow(Message, frozen=True):
    """A text as a file gives it, with `spans`: `[start, end, kind]` or objects of these.

    Letters are counted from 0, and `end` is the first one behind. In a table the cell holds JSON.
    """

    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = COLUMNS

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200_000, pattern=r"\S")]
    spans: Any = None
    split: Split | None = None


def read_annotated(
    path: Path, mapping: Sequence[str] = (), *, drop_repeats: bool = False
) -> EntityData:
    """The texts of a file with their entities; where it does not say, held out by their own hash.

    Raises: DataError: rows cannot be used, or the same text stands in both parts or with other
            entities. DataFileError: the file cannot be read.
    """
    if path.suffix.lower() in CONLL_ENDINGS:
        texts = [_labelled(place, text, None) for place, text in read_conll(path)]
    else:
        texts = [_of_row(placed) for placed in read_placed(path, SpanRow, mapping, _checked)]
    found = distinct_texts(texts, drop_repeats=drop_repeats)
    both = (*found.train, *found.held_out)
    kinds = tuple(sorted({span.kind for text in both for span in text.spans}))
    return EntityData(kinds, found.train, found.held_out, found.repeated + found.dropped).checked()


def spans_in(row: SpanRow) -> tuple[Span, ...]:
    """The spans of a row in their order, without blanks at their ends.

    Raises: RecordRejected: a span is none, stands outside of the text, or overlaps another.
    """
    spans = sorted(_span(said, row.text) for said in _listed(row.spans))
    for one, other in pairwise(spans):
        if other.start < one.end:
            raise RecordRejected(
                f"`spans`: {row.text[one.start : one.end]!r} and "
                f"{row.text[other.start : other.end]!r} overlap. Keep one of them"
            )
    return tuple(spans)


def _checked(row: SpanRow) -> SpanRow:
    spans_in(row)
    return row


def _of_row(placed: Placed[SpanRow]) -> LabelledText[AnnotatedText]:
    text = AnnotatedText(placed.row.text, spans_in(placed.row))
    return _labelled(placed.place, text, placed.row.split)


def _labelled(place: Any, text: AnnotatedText, split: Split | None) -> LabelledText[AnnotatedText]:
    # Of names the case matters, so it tells texts apart; blanks do not.
    key = " ".join(text.text.split())
    label = tuple((text.text[span.start : span.end], span.kind) for span in text.spans)
    return LabelledText(key, label, split or split_by_text(key.casefold()), place, text)


def _listed(said: Any) -> list[Any]:
    if said is None or said == "":
        return []
    if isinstance(said, str):
        try:
            said = msgspec.json.decode(said)
        except NOT_DECODABLE as error:
            raise RecordRejected(f"`spans`: {said[:80]!r} is not JSON: {error}") from None
    if not isinstance(said, list | tuple):
        raise RecordRejected(f"`spans`: {str(said)[:80]!r} is no list of spans")
    return list(said)


def _span(said: Any, text: str) -> Span:
    if isinstance(said, dict):
        kinds = [said[name] for name in KIND_NAMES if name in said]
        said = [said.get("start"), said.get("end"), kinds[0] if kinds else None]
    if not isinstance(said, list | tuple) or len(said) != PARTS:
        raise RecordRejected(f"`spans`: {str(said)[:80]!r} is no [start, end, kind]")
    start, end, kind = said
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(kind, str)):
        raise RecordRejected(f"`spans`: {said!r} is no [start, end, kind]")
    if not 0 <= start < end <= len(text) or not text[start:end].strip() or not kind.strip():
        raise RecordRejected(
            f"`spans`: {said!r} holds no letters of a text of {len(text)}, or has no kind. Letters "
            "are counted from 0, and `end` is the first one behind"
        )
    held = text[start:end]
    return Span(
        start + len(held) - len(held.lstrip()), end - len(held) + len(held.rstrip()), kind.strip()
    )
