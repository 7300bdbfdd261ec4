"""What an artifact says of itself: `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
# Of features between -1 and 1, or of log odds: beyond this all is certain, and sums overflow.
Weight = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]
# Ours are 384 to 768 wide and read 256 tokens. More than these bounds no engine of ours could bear,
# so more is a slip or worse, and what would be made room for is asked for by a stranger.
Width = Annotated[int, msgspec.Meta(ge=1, le=16_384)]
Tokens = Annotated[int, msgspec.Meta(ge=4, le=8_192)]


class Calibration(msgspec.Struct, frozen=True):
    """Logistic regression: features of a result to the chance that it is right (Platt 1999)."""

    features: tuple[str, ...]
    weights: tuple[Weight, ...]
    intercept: Weight

    def __post_init__(self) -> None:
        if len(self.features) != len(self.weights):
            raise ValueError(
                f"a calibration of {len(self.features)} features has {len(self.weights)} weights"
            )


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything needed to serve the model and to know what made it."""

    task: str  # "support-qa", "sentiment", "recommendations"
    version: str  # the folder's name: time, and a hash of what it was made from
    fingerprint: str  # hash of data, base, settings and code: the same again is not made again
    created_at: datetime
    textwire_version: str
    base: str
    base_sha256: str = ""  # of its weights, where the model is put together with them again
    method: str
    data: dict[str, str]  # what was learned from: path in the data folder -> sha256
    settings: dict[str, str | int | float | bool | None]
    dimension: Width
    max_tokens: Tokens
    states: bool = False  # whether an encoder's graph gives the state of each token too
    pooled_until: str = ""  # the token behind which a classifier only looks; empty: none
    metrics: dict[str, float] = {}
    labels: tuple[str, ...] = ()  # of a classifier, in the order of its logits
    topics: tuple[str, ...] = ()  # of its second head, where it has one
    events: tuple[str, ...] = ()  # of its third, which reads states inside the transformer
    temperatures: dict[str, float] = {}  # head -> what its logits are divided by (Guo et al. 2017)
    features: tuple[str, ...] = ()  # of a ranker, in the order of its columns
    calibration: Calibration | None = None
    ranking: dict[str, Probability] = {}  # of a retriever, see `RankingWeights`; of a reranker
    # "answer": the least confidence to answer with; "tone": the least probability of one that
    # counts; "topic:<name>", "event:<name>": that of a topic or an event
    thresholds: dict[str, Probability] = {}
    files: dict[str, str] = {}  # file -> sha256
    licence: str = ""

    def __post_init__(self) -> None:
        """Take a time without a zone for UTC, as all of ours are."""
        if self.created_at.tzinfo is None:
            msgspec.structs.force_setattr(self, "created_at", self.created_at.replace(tzinfo=UTC))
