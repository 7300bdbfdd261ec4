"""Where the sample knowledge stands: in a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from textwire.errors import DataError

PACKAGE = Path(__file__).parent
# Where the sample passages come from: `textwire knowledge remove --source samples` takes them away.
SAMPLES_SOURCE = "samples"


def samples_dir() -> Path:
    """The folder `samples`; the checkout's goes first.

    Raises: DataError: it is in neither place.
    """
    places = (PACKAGE.parent / "samples", PACKAGE / "samples")
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise DataError(f"The samples are in neither {places[0]} nor {places[1]}: install anew.")
    return found
