"""The files of what follows: of an item model, and of a sequence model where one serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textwire.recommendations.ranking.following import Following
from textwire.recommendations.ranking.item_model import ITEM_MODEL_FILE, ItemModel
from textwire.recommendations.ranking.mixed_model import MixedModel
from textwire.recommendations.ranking.sequence_model import SEQUENCE_FILE, SequenceModel


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
