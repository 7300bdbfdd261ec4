"""What is remembered of a company or a topic: its keys, its open cells, its last surge."""

from __future__ import annotations

import msgspec

from textwire.sentiment_alerts.surges.baseline import Rate
from textwire.sentiment_alerts.surges.cell_tally import WHOLE, CellTally, Negative
from textwire.sentiment_alerts.surges.pooled_baseline import Kind


class SeriesState(msgspec.Struct, frozen=True, array_like=True):
    """Discounted articles and exposure of the cells before `at`; None until it was first seen."""

    kind: Kind
    first_seen: int
    at: int | None = None
    articles: float = 0.0
    exposure: float = 0.0
    all_exposure: float = 0.0  # the pooled baseline's before `at`, from which later ones follow


class SurgeEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """A surge: under way, or over since cell `ended`."""

    begun: int
    raised_ms: int
    since: int  # the first cell of the window in which it was raised
    whole: bool  # all of the company's articles, or those of `topic` alone
    topic: str | None
    base: tuple[float, float]  # the key's rate when it was raised: shape, exposure
    observed: int
    exposure: float  # seasons from `since` to `last`
    articles: tuple[Negative, ...]  # the first ones
    covered: int  # the last cell that was counted in
    last: int  # the last cell with an article
    quiet: int = 0
    ended: int | None = None
    times: int = 0  # how often it was reopened

    @property
    def under_way(self) -> bool:
        """Whether it goes on."""
        return self.ended is None

    @property
    def key(self) -> str:
        """The key that is counted."""
        return WHOLE if self.whole else self.topic or WHOLE

    @property
    def rate(self) -> Rate:
        """What was usual when it was raised."""
        return Rate(*self.base)


class EntitySeries(msgspec.Struct, frozen=True, kw_only=True):
    """A company with its topics, or a topic: its keys, what is not folded yet, its last surge."""

    name: str
    kind: Kind
    keys: dict[str, SeriesState] = {}
    cells: dict[int, CellTally] = {}
    surged: tuple[int, ...] = ()  # cells not folded yet at whose end it surged
    episode: SurgeEpisode | None = None
    number: int = 0  # of its episodes so far

    @property
    def is_active(self) -> bool:
        """Whether the end of a cell changes anything."""
        surging = self.episode is not None and self.episode.under_way
        return surging or bool(self.cells) or any(k.at is None for k in self.keys.values())
