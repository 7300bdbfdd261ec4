"""After how long what was done counts half: fitted on a shop's log in training, and served so.

Clicks on news are old tomorrow, and a drill that was bought says something for years.
"""

from __future__ import annotations

from typing import NamedTuple

from textwire.errors import ArtifactError
from textwire.models.artifacts.manifest import Manifest
from textwire.recommendations.counts.popularity import HALF_LIFE_DAYS as POPULARITY_DAYS
from textwire.recommendations.profiles.fading import HALF_LIFE_DAYS as TASTE_DAYS

# As a manifest's settings name them; of a model that was made before any were fitted, the last.
FITTED_TASTE, FITTED_POPULARITY = "fitted_half_life_days", "fitted_popularity_half_life_days"
GIVEN_TASTE = "half_life_days"


class HalfLives(NamedTuple):
    """In days: of what a user did, in their profile; and of what all users did lately."""

    taste_days: float = TASTE_DAYS
    popularity_days: float = POPULARITY_DAYS

    def as_settings(self) -> dict[str, float]:
        """As they stand in a manifest."""
        return {FITTED_TASTE: self.taste_days, FITTED_POPULARITY: self.popularity_days}


def half_lives_of(manifest: Manifest) -> HalfLives:
    """Those that a model was trained with; the usual ones where it does not say.

    Raises: ArtifactError: it says something else than a time.
    """
    given = _days(manifest, GIVEN_TASTE, TASTE_DAYS)
    return HalfLives(
        _days(manifest, FITTED_TASTE, given), _days(manifest, FITTED_POPULARITY, POPULARITY_DAYS)
    )


def _days(manifest: Manifest, name: str, usual: float) -> float:
    days = manifest.settings.get(name)
    if days is None:
        return usual
    if isinstance(days, bool | str) or not days > 0:
        raise ArtifactError(
            f"The model {manifest.version} was trained with {name}={days!r}, which is no time in "
            "days. Make it anew with `pipelines recommendations run --force`."
        )
    return float(days)
