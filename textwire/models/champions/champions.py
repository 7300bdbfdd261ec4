"""Which version of a task is served: the champion, or the best that can be served instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TypeVar

from textwire.errors import ArtifactError, ArtifactMissing, Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.names import is_plain
from textwire.models.artifacts.registry import Registry, open_registry
from textwire.models.champions.last_good import LastGoodMemory
from textwire.models.champions.refusals import Refusals
from textwire.models.champions.status import ChampionStatus
from textwire.models.champions.trial import Load, NoLongerWanted, Trial, Wanted, always
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.settings import ModelSettings

T = TypeVar("T")


class Champions:
    """The versions of one task, of which one is served.

    A version is served once it was opened, tried out in a process of its own, and taken by the
    service. One that fails in any of these is refused: what is served already stays. At the start,
    when nothing is, the version that was served last takes its place, or else the newest of the
    older ones that can be.
    """

    def __init__(
        self,
        registry: Registry,
        task: str,
        try_out: Callable[[Artifact, Wanted], None],
        memory: LastGoodMemory,
        standing: ChampionStatus,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`try_out` raises what speaks against an artifact, or that it is no longer wanted."""
        self._registry = registry
        self.task = task
        self._try_out = try_out
        self._memory = memory
        self._standing = standing
        self._refusals = Refusals(registry, task, clock)
        self._good = memory.recall()
        self._passed = self._good
        self.in_use = ""

    @classmethod
    def of_settings(
        cls,
        task: str,
        load: Load,
        store: ResultStore,
        metrics: ServiceMetrics,
        settings: ModelSettings,
    ) -> Champions:
        """Those of the registry that the settings name.

        Args:   load: loads what the service needs of an artifact; a function that a module holds.
                store: where the last good version is remembered.
        Raises: SettingsError.
        """
        memory = LastGoodMemory(store, task, settings)
        standing = ChampionStatus(task, metrics)
        return cls(open_registry(), task, Trial(load, settings), memory, standing)

    def begin(self, serve: Callable[[Artifact], T]) -> T:
        """Serve the champion, or what can be served instead; what `serve` gives.

        Raises: ArtifactError: no version can be served. Unavailable: the registry is away, and the
                version that was served last is not at hand.
        """
        try:
            named = self._registry.alias(self.task)
        except Unavailable as error:
            return self._begin_without_registry(serve, error)
        failures: dict[str, Exception] = {}
        for version in self._candidates(named):
            try:
                served = self._take(version, serve)
            except (ArtifactError, Unavailable) as error:
                failures[version] = error
            else:
                self._tell(named)
                return served
        raise self._nothing_to_serve(failures)

    def begin_if_any(self, serve: Callable[[Artifact], object]) -> None:
        """The same for a task that a service can do without: nothing is served where none is.

        One that comes later is gone over to by `follow`. Raises nothing.
        """
        try:
            self.begin(serve)
        except ArtifactMissing:
            return
        except (ArtifactError, Unavailable) as error:
            self._standing.away(error, self.in_use)

    def follow(self, use: Callable[[Artifact], object]) -> None:
        """Go over to the champion, if it is another than what is served, by way of `use`.

        Raises nothing: what goes wrong is told, and what is served stays.
        """
        try:
            self._look(use)
        # Told by the standing, and looked again soon. A panic of the tokenizer is no Exception.
        except BaseException as error:  # noqa: BLE001
            self._standing.away(error, self.in_use)
        else:
            self._standing.reached()
        self._keep()

    def _look(self, use: Callable[[Artifact], object]) -> None:
        named = self._registry.alias(self.task)
        self._refusals.keep_only(named)
        if named not in (None, self.in_use) and not self._refusals.stands(named):
            # `_tell` says of what was refused, and the next look goes on to what is wanted now.
            with suppress(ArtifactError, NoLongerWanted):
                self._go_over(named, use)
        self._tell(named)

    def _begin_without_registry(self, serve: Callable[[Artifact], T], away: Unavailable) -> T:
        """The copy of the last good version will do."""
        if self._good is None:
            raise away
        served = self._take(self._good.version, serve)
        self._standing.away(away, self.in_use)
        return served

    def _candidates(self, named: str | None) -> Iterator[str]:
        """The champion, the last good one, then those before the champion from the newest on.

        Newer ones were never promoted, and wait for that.

        Raises: ArtifactMissing: there is no champion, and was none.
        """
        good = self._good.version if self._good else None
        if named is None and good is None:
            raise self._registry.no_champion(self.task)
        yield from dict.fromkeys(version for version in (named, good) if version is not None)
        for version in reversed(self._registry.versions(self.task)):
            if version not in (named, good) and _is_before(version, named):
                yield version

    def _take(self, version: str, serve: Callable[[Artifact], T]) -> T:
        with self._refusing(version):
            artifact = self._sound(version)
            served = serve(artifact)
        self._is_served(artifact)
        return served

    def _go_over(self, version: str, use: Callable[[Artifact], object]) -> None:
        """Raises: ArtifactError: it was refused. NoLongerWanted: the champion is another by now."""
        with self._standing.taking(version, self.in_use), self._refusing(version):
            artifact = self._sound(version, lambda: self._is_still_named(version))
            if self._registry.alias(self.task) != version:
                raise NoLongerWanted(f"{version} is champion no more.")
            use(artifact)
        self._is_served(artifact)

    def _is_still_named(self, version: str) -> bool:
        """A registry that is away for a moment says nothing against a model on trial."""
        try:
            return self._registry.alias(self.task) == version
        except Unavailable:
            return True

    def _sound(self, version: str, wanted: Wanted = always) -> Artifact:
        """An artifact that was tried out, now or when it was served before.

        Raises: ArtifactError, NoLongerWanted, Unavailable.
        """
        artifact = self._registry.open(self.task, version)
        tried = self._memory.of(artifact)
        if tried != self._passed:
            self._try_out(artifact, wanted)
            self._passed = tried
        return artifact

    @contextmanager
    def _refusing(self, version: str) -> Iterator[None]:
        """Whatever a foreign model raises is a refusal.

        Raises: ArtifactError: it was refused. NoLongerWanted, Unavailable.
        """
        stamp = self._refusals.stamp(version)
        try:
            yield
        except (NoLongerWanted, Unavailable):
            raise
        except Exception as error:
            reason = self._standing.refused(version, error)
            self._refusals.add(version, reason, stamp)
            raise ArtifactError(reason) from error

    def _is_served(self, artifact: Artifact) -> None:
        self.in_use = artifact.manifest.version
        self._standing.taken(self.in_use)
        self._good = self._memory.of(artifact)
        self._keep()

    def _keep(self) -> None:
        if self._good is not None:
            self._memory.keep(self._good)

    def _tell(self, named: str | None) -> None:
        if named == self.in_use:
            self._standing.serves_champion()
        elif named is None:
            if not self.in_use:
                return  # there never was one, of a task that is done without
            self._standing.serves_unnamed(self.in_use)
        elif reason := self._refusals.reason(named):
            self._standing.serves_instead(named, reason, self.in_use or "none")

    def _nothing_to_serve(self, failures: Mapping[str, Exception]) -> Exception:
        """What is raised at the start; of those that are only away, the first."""
        if all(isinstance(error, Unavailable) for error in failures.values()):
            return next(iter(failures.values()))
        told = " ".join(f"{version[:100]!r}: {error}" for version, error in failures.items())
        return ArtifactError(
            f"No version of {self.task} in {self._registry.root} can be served. {told} "
            f"`pipelines {self.task} run --force` makes one."
        )


def _is_before(version: str, named: str | None) -> bool:
    """Whether a version is older than the champion; what is no name says nothing of ages."""
    return named is not None and (version < named or not is_plain(named))
