"""What was written down of held-out rows when a version was made."""

from __future__ import annotations

import msgspec

from pipelines.registry.card import JUDGED_FILE
from textwire.models.artifact import Artifact
from textwire.undecodable import NOT_DECODABLE


class Judged(msgspec.Struct, frozen=True):
    """The figures of a version, and its score of each row by key."""

    metric: str
    score: float
    ece: float
    texts_per_s: float
    keys: tuple[str, ...]
    scores: tuple[float, ...]


def read_judged(artifact: Artifact) -> Judged | None:
    """None for a version that was made before rows were written down."""
    if JUDGED_FILE not in artifact.manifest.files:
        return None
    try:
        return msgspec.json.decode(artifact.file(JUDGED_FILE).read_bytes(), type=Judged)
    except NOT_DECODABLE:
        return None
