"""Which version of a model was served last, kept where all replicas find it after a restart.

It stands in the result store: a registry may be read-only, and a container's folders are new after
each start. It is a hint and no more; without it the older versions are tried, the newest first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from time import monotonic

import msgspec
import structlog

import textwire
from textwire.errors import Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.names import is_plain
from textwire.results.keys import key
from textwire.results.store import ResultStore
from textwire.results.writes import SetField
from textwire.settings import ModelSettings
from textwire.undecodable import NOT_DECODABLE

KEY = key("models", "last-good")
# The store may have been wiped since.
KEPT_EVERY_S = 60.0

log = structlog.get_logger(__name__)


class LastGood(msgspec.Struct, frozen=True):
    """A version, and what was loaded under that name, by what."""

    version: str
    digest: str


class LastGoodMemory:
    """Remembers one task's."""

    def __init__(
        self,
        store: ResultStore,
        task: str,
        settings: ModelSettings,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._task = task
        self._loaded_by = f"{textwire.__version__} {settings.engine} {settings.precision}"
        self._clock = clock
        self._kept: LastGood | None = None
        self._kept_at_s = 0.0

    def of(self, artifact: Artifact) -> LastGood:
        """An artifact as it is remembered; what is loaded by another engine is another."""
        described = msgspec.json.encode(artifact.manifest) + self._loaded_by.encode()
        return LastGood(artifact.manifest.version, hashlib.sha256(described).hexdigest())

    def recall(self) -> LastGood | None:
        """What was remembered last; None where nothing was, or the store is away."""
        try:
            value = self._store.fields(KEY).get(self._task)
            good = msgspec.json.decode(value, type=LastGood) if value else None
        except (Unavailable, *NOT_DECODABLE) as error:
            log.warning("last_good_model_unknown", task=self._task, error=str(error))
            return None
        return good if good and is_plain(good.version) else None

    def keep(self, good: LastGood) -> None:
        """Remember it: at once if it is another one, else every so often.

        While the store is away it is not remembered, and the log says so.
        """
        now = self._clock()
        if good == self._kept and now - self._kept_at_s < KEPT_EVERY_S:
            return
        self._kept, self._kept_at_s = good, now
        try:
            self._store.write([SetField(KEY, self._task, msgspec.json.encode(good))])
        except Unavailable as error:
            log.warning("last_good_model_not_kept", task=self._task, error=str(error))
