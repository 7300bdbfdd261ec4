"""Three parts by time: to learn from, to calibrate on, to be judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.impressions import Moment, find_moments
from pipelines.recommendations.settings import RecommendationSettings
from textwire.errors import DataError

# Of the train part, in time, is what the encoder and the item model are made of while the ranker
# learns: from the rest.
EARLIER_PART = 0.5


@dataclass(frozen=True)
class TimeSplit:
    """Moments by part, each in order of time."""

    train: Sequence[Moment]
    calibration: Sequence[Moment]
    test: Sequence[Moment]

    @property
    def first_of_ranker(self) -> Moment:
        """The first of the moments that the ranker learns from."""
        return self.train[int(EARLIER_PART * (len(self.train) - 1))]

    @property
    def of_ranker(self) -> list[Moment]:
        """The moments that the ranker learns from."""
        return [moment for moment in self.train if moment.place >= self.first_of_ranker.place]

    @property
    def before_ranker(self) -> list[Moment]:
        """Those whose visits were over before that."""
        return [moment for moment in self.train if moment.until < self.first_of_ranker.at]

    def checked(self) -> TimeSplit:
        """Itself, when something is liked in each part.

        Raises: DataError: nothing is, in one of them.
        """
        named = {"train": self.train, "calibration": self.calibration, "test": self.test}
        for name, moments in named.items():
            if not any(moment.liked for moment in moments):
                raise DataError(
                    f"In the {name} part of the time nothing was clicked or bought after something "
                    "else was known. Events are divided by time; give some over a longer time."
                )
        return self


def split_moments(data: ShopData, settings: RecommendationSettings) -> TimeSplit:
    """The moments of the data, by part.

    Raises: DataError: nothing was liked in one of the parts.
    """
    moments = find_moments(data, timedelta(minutes=settings.visit_gap_minutes))
    return split_by_time(data, moments, settings.train_part, settings.calibration_part)


def split_by_time(
    data: ShopData, moments: Sequence[Moment], train_part: float, calibration_part: float
) -> TimeSplit:
    """Divide at the times by which so many of the events had been.

    A moment whose visit goes on over a border is in no part: what it is judged by belongs to the
    next.

    Raises: DataError: nothing was liked in one of the parts.
    """
    times = [moment_of(event) for event in data.events]
    first = times[int(train_part * (len(times) - 1))]
    second = times[int((train_part + calibration_part) * (len(times) - 1))]
    return TimeSplit(
        train=[moment for moment in moments if moment.until < first],
        calibration=[m for m in moments if m.at >= first and m.until < second],
        test=[moment for moment in moments if moment.at >= second],
    ).checked()


def evenly(moments: Sequence[Moment], count: int) -> list[Moment]:
    """At most so many of them, spread over their time."""
    return list(moments[:: max(1, -(-len(moments) // count))])
