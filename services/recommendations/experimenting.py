"""Two versions served at once: which models an experiment needs, and who makes which list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

import structlog

from services.recommendations.catalogue import Catalogue, ServingSnapshot, difference
from textwire.errors import TextwireError, Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.champions.refusals import Refusals
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask, in_words
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.stored import read_experiments
from textwire.recommendations.messages import Item, ScoreRequest, ShownArm
from textwire.results.store import ResultStore

TASK = "recommendations"
LOOK_EVERY_S = 2.0
CONDITION = "experiment"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Plan:
    """Which versions make a list, and for what.

    versions  one; two where both pick in turn.
    unserved  a version that was asked for and is not served.
    """

    versions: tuple[str, ...]
    experiment: Experiment | None = None
    arm: ShownArm | None = None
    unserved: str | None = None


@dataclass(frozen=True)
class Serving:
    """What stands while a batch is worked on: taken once.

    held      snapshots by version, the champion's among them.
    running   an experiment, where both its versions are held.
    known     all experiments that are remembered.
    """

    champion: ServingSnapshot
    held: Mapping[str, ServingSnapshot] = field(default_factory=dict)
    running: Experiment | None = None
    known: Sequence[Experiment] = ()

    def of(self, version: str) -> ServingSnapshot:
        """The snapshot of a version that is held."""
        champion = self.champion
        return champion if version == champion.model.version else self.held[version]

    def home_of(self, user_id: str) -> str:
        """The version by which a user's profile is kept: that which makes their lists."""
        running = self.running
        if running is None:
            return self.champion.model.version
        return running.version_of("a" if running.mode == "interleaved" else running.arm_of(user_id))

    def plan_of(self, request: ScoreRequest) -> Plan:
        """Who makes the list."""
        if request.model is not None:
            named, champion = request.model, self.champion.model.version
            is_served = named == champion or named in self.held
            return Plan((named,)) if is_served else Plan((champion,), unserved=named)
        running = self.running
        if running is None or not running.takes_in(request):
            home = self.home_of(request.user_id)
            is_of_another = running is not None and request.experiment not in (None, running.name)
            return Plan((self.champion.model.version if is_of_another else home,))
        if running.mode == "interleaved":
            return Plan((running.a, running.b), running, "interleaved")
        arm = running.arm_of(request.user_id)
        return Plan((running.version_of(arm),), running, arm)


class ExperimentModels:
    """Holds the versions of the experiment that runs, beside the champion.

    They are tried out in a process of their own first, as champions are. Where one cannot be
    served, this replica leaves the experiment: its lists are the champion's, and of no arm.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        hold: Callable[[Artifact], Catalogue],
        registry: Registry,
        try_out: Callable[[Artifact], None],
        store: ResultStore,
        health: Health,
    ) -> None:
        """Nothing is held before the first look.

        Args: catalogue: the champion's. hold: a catalogue without items for another version.
        """
        self._champion, self._hold = catalogue, hold
        self._registry, self._try_out = registry, try_out
        self._store, self._health = store, health
        self._refusals = {version: Refusals(registry, TASK, monotonic) for version in ("a", "b")}
        self._lock = Lock()
        self._held: dict[str, Catalogue] = {}
        self._known: Sequence[Experiment] = ()

    @property
    def serving(self) -> Serving:
        """What stands now."""
        champion = self._champion.snapshot
        held = {version: catalogue.snapshot for version, catalogue in self._held.items()}
        held[champion.model.version] = champion
        known = self._known
        running = next((one for one in known if one.runs), None)
        if running is not None and not {running.a, running.b} <= held.keys():
            running = None
        return Serving(champion, held, running, known)

    def task(self, metrics: ServiceMetrics, trial_timeout_s: float) -> PeriodicTask:
        """What looks every so often; trying out a model may take its time."""
        return PeriodicTask(
            CONDITION,
            self.look,
            LOOK_EVERY_S,
            metrics.health,
            metrics.liveness,
            hung_after_s=2 * trial_timeout_s + 120.0,
        )

    def apply(self, changes: Mapping[str, Item | None]) -> None:
        """Put items in and take them out, in every catalogue.

        Raises: Unavailable, as `Catalogue.apply`.
        """
        self._champion.apply(changes)
        with self._lock:
            for catalogue in self._held.values():
                catalogue.apply(changes)

    def look(self) -> None:
        """Hold what the experiment that runs needs, and nothing else.

        Raises: Unavailable: the store or the registry is away; what is held stays.
        """
        known = read_experiments(self._store)
        running = next((one for one in known if one.runs), None)
        wanted = {"a": running.a, "b": running.b} if running else {}
        champion = self._champion.snapshot.model.version
        with self._lock:
            kept = set(wanted.values()) - {champion}
            self._held = {v: held for v, held in self._held.items() if v in kept}
        self._known = known
        missing = {arm: v for arm, v in wanted.items() if v != champion and v not in self._held}
        for arm, version in missing.items():
            self._take(arm, version)
        if not any(self._refusals[arm].reason(version) for arm, version in wanted.items()):
            self._health.eased(CONDITION, of=TASK)

    def _take(self, arm: str, version: str) -> None:
        refusals = self._refusals[arm]
        refusals.keep_only(version)
        if refusals.stands(version):
            return
        stamp = refusals.stamp(version)
        try:
            artifact = self._registry.open(TASK, version)
            self._try_out(artifact)
            catalogue = self._hold(artifact)
            self._fill(catalogue)
        except Unavailable:
            raise
        except Exception as error:
            # Whatever a foreign model raises is a refusal.
            reason = in_words(error)
            refusals.add(version, reason, stamp)
            told = f"{version} cannot be served, so this replica takes no part: {reason}"
            self._health.warn(CONDITION, told, of=TASK)
            log.error(  # noqa: TRY400 - a traceback for what is not ours alone
                "experiment_model_refused",
                version=version,
                reason=reason,
                exc_info=None if isinstance(error, TextwireError) else error,
            )
        else:
            refusals.keep_only(None)
            log.info("experiment_model_held", version=version, arm=arm)

    def _fill(self, catalogue: Catalogue) -> None:
        """Bring in all items; those that change meanwhile are caught up with at last."""
        taken_over = self._champion.snapshot.index
        catalogue.apply({item.id: item for item in taken_over.items.values()})
        with self._lock:
            new, gone = difference(taken_over, self._champion.snapshot.index)
            catalogue.apply({**{item.id: item for item in new}, **dict.fromkeys(gone)})
            self._held = {**self._held, catalogue.snapshot.model.version: catalogue}
