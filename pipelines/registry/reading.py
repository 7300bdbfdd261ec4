"""What was written down of held-out rows when a version was made."""

from __future__ import annotations

import msgspec

from pipelines.registry.card import JUDGED_FILE
from textwire.models.artifacts.registry import Registry
from textwire.undecodable import NOT_DECODABLE


class Judged(msgspec.Struct, frozen=True):
    """The figures of a version, and its score of each row by key."""

    metric: str
    score: float
    ece: float
    texts_per_s: float
    keys: tuple[str, ...]
    scores: tuple[float, ...]


def read_judged(registry: Registry, task: str, version: str) -> Judged | None:
    """None for a version that was made before rows were written down."""
    content = registry.small_file(task, version, JUDGED_FILE)
    if content is None:
        return None
    try:
        return msgspec.json.decode(content, type=Judged)
    except NOT_DECODABLE:
        return None
