"""A challenger in shadow: it reads a share of what the champion reads, and is heard by nobody.

    champion ── classify ──▶ published            looks once a second, on a thread of its own
        └── told ──▶ [waiting, bounded] ──▶ challenger ──▶ agreement ──▶ Redis, /metrics

The service's own thread does no more than put texts where they wait. While the challenger is
behind, further ones are skipped and counted. It is tried out in a process of its own first, as a
champion is, and put away when it fails.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import NamedTuple

import numpy as np
import structlog
from numpy.typing import NDArray
from prometheus_client import Counter, Gauge

from textwire.errors import ArtifactError, TextwireError, Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import CHALLENGER, Registry, open_registry
from textwire.models.champions.refusals import Refusals
from textwire.models.champions.trial import Trial
from textwire.models.engines.classifier import Classified, Classifier
from textwire.models.engines.serving import load_classifier
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask, in_words
from textwire.results.store import ResultStore
from textwire.settings import ModelSettings
from textwire.shadow.results import (
    WINDOW,
    compared_writes,
    observed_texts,
    observed_writes,
    skipped_write,
)
from textwire.shadow.tapped_classifier import TappedClassifier

Load = Callable[[Artifact], Classifier]
# What waits for the challenger: 256 headlines are read in about a second on one core.
MOST_WAITING = 256
# What was seen of the champion between two looks; the newest count.
MOST_SEEN = WINDOW
BATCH_TEXTS = 32
CONDITION = "challenger"

log = structlog.get_logger(__name__)


class Waiting(NamedTuple):
    """A text, and what the champion said of it."""

    champion: str
    text: str
    labels: NDArray[np.float32]  # (labels,), sums to 1


class Seen(NamedTuple):
    """What a champion said of a text: (1 + d,) float32, its confidence and all probabilities."""

    champion: str
    row: NDArray[np.float32]


class Shadow:
    """Of one task. `look` is called every so often, by one thread."""

    def __init__(
        self,
        task: str,
        registry: Registry,
        try_out: Callable[[Artifact], None],
        load: Load,
        store: ResultStore,
        metrics: ServiceMetrics,
        share: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`share`: of texts, that the challenger reads too; 0: it is not even loaded."""
        self._task, self._registry, self._store = task, registry, store
        self._try_out, self._load, self._share = try_out, load, share
        self._health = metrics.health
        self._refusals = Refusals(registry, task, clock)
        self._challenger: Classifier | None = None
        self._version = ""
        self._lock = Lock()
        self._waiting: deque[Waiting] = deque()
        self._seen: deque[Seen] = deque(maxlen=MOST_SEEN)
        self._skipped: dict[str, int] = {}
        self._tellings = ShadowMetrics(task, metrics)

    @classmethod
    def of_settings(
        cls, task: str, store: ResultStore, metrics: ServiceMetrics, models: ModelSettings
    ) -> Shadow:
        """That of the registry that the settings name.

        Raises: SettingsError.
        """
        return cls(
            task,
            open_registry(),
            Trial(load_classifier, models),
            lambda artifact: load_classifier(artifact, models),
            store,
            metrics,
            models.shadow_share,
        )

    def beside(self, load: Load) -> Load:
        """Loads champions as `load` does, and listens to them."""

        def loaded(artifact: Artifact) -> Classifier:
            version = artifact.manifest.version
            return TappedClassifier(
                load(artifact), lambda texts, said: self.heard(version, texts, said)
            )

        return loaded

    def heard(self, champion: str, texts: Sequence[str], said: Classified) -> None:
        """What a champion said just now: kept for the next look, as far as there is room."""
        with self._lock:
            for text, labels, topics in zip(texts, said.labels, said.topics, strict=True):
                row = np.concatenate([[labels.max(initial=0.0)], labels, topics])
                self._seen.append(Seen(champion, row.astype(np.float32)))
                if self._challenger is None or not in_share(text, self._share):
                    continue
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.append(Waiting(champion, text, labels.copy()))
                else:
                    self._skipped[champion] = self._skipped.get(champion, 0) + 1

    def task(self, metrics: ServiceMetrics, models: ModelSettings) -> PeriodicTask:
        """What looks every so often; trying out a model may take its time."""
        return PeriodicTask(
            f"shadow-{self._task}",
            self.look,
            models.watch_every_s,
            metrics.health,
            metrics.liveness,
            hung_after_s=models.trial_timeout_s + 60.0,
        )

    def look(self) -> None:
        """Take the challenger that stands now, let it read what waits, and keep what came of it.

        Raises: Unavailable: the registry or the store is away.
        """
        self._keep_seen()
        if self._share <= 0:
            return
        named = self._registry.alias(self._task, CHALLENGER)
        self._refusals.keep_only(named)
        if named is None or named == self._registry.alias(self._task):
            self._let_go()
        elif named != self._version and not self._refusals.stands(named):
            self._take(named)
        self._read_waiting()

    def _take(self, version: str) -> None:
        self._let_go()
        stamp = self._refusals.stamp(version)
        try:
            artifact = self._registry.open(self._task, version)
            self._try_out(artifact)
            challenger = self._load(artifact)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a foreign model raises is a refusal
            self._refuse(version, stamp, error)
            return
        with self._lock:
            self._challenger, self._version = challenger, version
        self._tellings.runs.set(1)
        self._health.eased(CONDITION, of=self._task)
        log.info("challenger_in_shadow", task=self._task, version=version, share=self._share)

    def _refuse(self, version: str, stamp: str, error: Exception) -> None:
        reason = in_words(error)
        self._refusals.add(version, reason, stamp)
        self._health.warn(CONDITION, f"{version} does not run in shadow: {reason}", of=self._task)
        expected = isinstance(error, TextwireError)
        log.error(
            "challenger_refused",
            task=self._task,
            version=version,
            reason=reason,
            exc_info=None if expected else error,
        )

    def _let_go(self) -> None:
        with self._lock:
            self._challenger, self._version = None, ""
            self._waiting.clear()
            self._skipped.clear()
        self._tellings.runs.set(0)
        self._health.eased(CONDITION, of=self._task)

    def _read_waiting(self) -> None:
        with self._lock:
            challenger, version = self._challenger, self._version
            waiting, self._waiting = list(self._waiting), deque()
            skipped, self._skipped = self._skipped, {}
        if challenger is None:
            return
        self._keep_skipped(version, skipped)
        for start in range(0, len(waiting), BATCH_TEXTS):
            batch = waiting[start : start + BATCH_TEXTS]
            try:
                said = challenger.classify([one.text for one in batch]).labels
                compared = compare([one.labels for one in batch], said)
            except Exception as error:  # noqa: BLE001 - a foreign model
                stamp = self._refusals.stamp(version)
                self._let_go()
                self._refuse(version, stamp, error)
                return
            self._keep_compared(version, batch, compared)

    def _keep_compared(
        self, version: str, batch: Sequence[Waiting], compared: Sequence[Compared]
    ) -> None:
        by_champion: dict[str, list[Compared]] = {}
        for one, found in zip(batch, compared, strict=True):
            by_champion.setdefault(one.champion, []).append(found)
        for champion, of_champion in by_champion.items():
            texts, same = len(of_champion), sum(one.same for one in of_champion)
            difference = sum(one.difference for one in of_champion)
            self._tellings.compared(texts, same, difference)
            self._store.write(
                compared_writes(
                    self._task, champion, version, texts=texts, same=same, difference=difference
                )
            )

    def _keep_skipped(self, version: str, skipped: dict[str, int]) -> None:
        for champion, texts in skipped.items():
            self._tellings.skipped.inc(texts)
            self._store.write([skipped_write(self._task, champion, version, texts)])

    def _keep_seen(self) -> None:
        with self._lock:
            seen, self._seen = list(self._seen), deque(maxlen=MOST_SEEN)
        by_champion: dict[str, list[NDArray[np.float32]]] = {}
        for one in seen:
            by_champion.setdefault(one.champion, []).append(one.row)
        for champion, rows in by_champion.items():
            room = max(0, WINDOW - observed_texts(self._store, self._task, champion))
            self._store.write(observed_writes(self._task, champion, np.stack(rows), room))


class Compared(NamedTuple):
    """What two models say of one text."""

    same: bool
    difference: float  # total variation distance of their probabilities, from 0 to 1


def compare(
    champion: Sequence[NDArray[np.float32]], challenger: NDArray[np.float32]
) -> list[Compared]:
    """Text by text.

    Args:   champion: of n texts (labels,) each. challenger: (n, labels).
    Raises: ArtifactError: they tell different labels.
    """
    first = np.stack(champion)
    if first.shape != challenger.shape:
        raise ArtifactError(
            f"The challenger tells {challenger.shape[1]} labels where the champion tells "
            f"{first.shape[1]}: they cannot be compared. `pipelines models promote` lets it serve."
        )
    same = first.argmax(axis=1) == challenger.argmax(axis=1)
    differences = np.abs(first - challenger).sum(axis=1) / 2
    return [Compared(bool(s), float(d)) for s, d in zip(same, differences, strict=True)]


def in_share(text: str, share: float) -> bool:
    """Whether a text is among the share that is read twice: the same text always is, or never."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest) < share * 2**32


class ShadowMetrics:
    """What Prometheus is told of one task's challenger."""

    def __init__(self, task: str, metrics: ServiceMetrics) -> None:
        names, of_task = ["service", "task"], (metrics.service, task)

        def counter(name: str, meaning: str) -> Counter:
            made = Counter(f"textwire_shadow_{name}", meaning, names, registry=metrics.registry)
            return made.labels(*of_task)

        self._texts = counter("texts", "Texts that champion and challenger have read")
        self._same = counter("same", "Of these: both said the same")
        self._difference = counter(
            "difference", "Total variation distance of their probabilities, summed up"
        )
        self.skipped = counter("skipped", "Texts that the challenger was too slow for")
        self.runs = Gauge(
            "textwire_shadow_runs",
            "1 while a challenger reads beside the champion",
            names,
            registry=metrics.registry,
        ).labels(*of_task)

    def compared(self, texts: int, same: int, difference: float) -> None:
        """Both have read so many more."""
        self._texts.inc(texts)
        self._same.inc(same)
        self._difference.inc(difference)
