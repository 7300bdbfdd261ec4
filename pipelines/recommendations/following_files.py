"""What an artifact keeps of what follows: an item model, and a sequence model where one serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from textwire.recommendations.ranking.following import Following
from textwire.recommendations.ranking.item_model import ITEM_MODEL_FILE, ItemModel
from textwire.recommendations.ranking.mixed_model import SEQUENCE_PART, MixedModel
from textwire.recommendations.ranking.sequence_model import SEQUENCE_FILE, SequenceModel


def write_following(last: Following, fit_items: Callable[[], ItemModel], folder: Path) -> None:
    """Write those files; see `files_of`."""
    for name, content in files_of(last, fit_items):
        (folder / name).write_bytes(content)


def settings_of(last: Following) -> dict[str, float]:
    """What a manifest says of it, by name: of a mixture how much of it is the sequence model."""
    return {SEQUENCE_PART: last.part} if isinstance(last, MixedModel) else {}


def files_of(last: Following, fit_items: Callable[[], ItemModel]) -> Iterator[tuple[str, bytes]]:
    """What an artifact holds of what follows, by name; an item model in any case.

    Args: last: of the whole log. fit_items: the item model of the same, where `last` has none.
    """
    items: ItemModel
    sequence: SequenceModel | None
    if isinstance(last, MixedModel):
        items, sequence = last.items, last.sequence
    else:
        items = last if isinstance(last, ItemModel) else fit_items()
        sequence = last if isinstance(last, SequenceModel) else None
    yield ITEM_MODEL_FILE, items.to_bytes()
    if sequence is not None:
        yield SEQUENCE_FILE, sequence.to_bytes()
