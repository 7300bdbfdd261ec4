"""Texts that a file holds more than once: what that spoils is named, or left out on demand."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pipelines.training_data.splits import Split
from textwire.errors import DataError
from textwire.rows.bad_rows import Place

T = TypeVar("T")
NAMED = 20  # a page of a terminal


@dataclass(frozen=True)
class LabelledText(Generic[T]):
    """A row as far as repeats go.

    key    what makes it the same text as another.
    label  what is to be told of it, or None where two of one text may differ in that.
    """

    key: Hashable
    label: Hashable
    split: Split
    place: Place
    row: T


@dataclass
class Distinct(Generic[T]):
    """Each text once.

    repeated  rows that say what another of the same part says.
    dropped   rows that spoiled something, and were left out on demand.
    """

    train: list[T] = field(default_factory=list)
    held_out: list[T] = field(default_factory=list)
    repeated: int = 0
    dropped: int = 0


def distinct_texts(texts: Iterable[LabelledText[T]], *, drop_repeats: bool) -> Distinct[T]:
    """Each text once, in its part.

    Args:   drop_repeats: of a text that is in both parts keep what is held out; of one with
            different labels nothing, since nobody knows which one is right.
    Raises: DataError: texts stand in both parts or have different labels; all are named.
    """
    groups: dict[Hashable, list[LabelledText[T]]] = {}
    for text in texts:
        groups.setdefault(text.key, []).append(text)
    in_both = [group for group in groups.values() if len({one.split for one in group}) > 1]
    unlike = [group for group in groups.values() if len({one.label for one in group}) > 1]
    if (in_both or unlike) and not drop_repeats:
        raise DataError(_told(in_both, unlike))
    found: Distinct[T] = Distinct()
    for group in groups.values():
        if len({one.label for one in group}) > 1:
            found.dropped += len(group)
            continue
        held_out = [one for one in group if one.split == "held_out"]
        kept = held_out or group
        found.dropped += len(group) - len(kept)
        found.repeated += len(kept) - 1
        (found.held_out if held_out else found.train).append(kept[0].row)
    return found


def _told(in_both: list[list[LabelledText[T]]], unlike: list[list[LabelledText[T]]]) -> str:
    told = []
    if in_both:
        told.append(
            f"{_texts(in_both)} both to be learned from and held out: that would be no judgement. "
            f"Put each into one part.\n{_places(in_both)}"
        )
    if unlike:
        told.append(
            f"{_texts(unlike)} in the file more than once and labelled differently. Decide for one "
            f"of them.\n{_places(unlike)}"
        )
    return "\n".join([*told, "Or go on without them: --drop-repeats."])


def _texts(groups: list[list[LabelledText[T]]]) -> str:
    return "1 text is" if len(groups) == 1 else f"{len(groups):,} texts are"


def _places(groups: list[list[LabelledText[T]]]) -> str:
    lines = []
    for group in groups[:NAMED]:
        first, *others = group
        names = [str(first.place), *(one.place.within for one in others)]
        lines.append("  " + "; ".join(names[:6]) + ("; ..." if len(names) > 6 else ""))
    more = len(groups) - NAMED
    return "\n".join([*lines, *([f"  and {more:,} more"] if more > 0 else [])])
