"""A registry of small versions, and what serves them, for tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.tiny_models import manifest_of
from textwire.errors import Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.artifacts.registry_files import RegistryFiles
from textwire.models.champions.champions import Champions
from textwire.models.champions.last_good import LastGoodMemory
from textwire.models.champions.status import ChampionStatus
from textwire.models.champions.trial import NoLongerWanted, Wanted
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.settings import ModelSettings

TASK = "support-qa"


class FilesSometimesAway(RegistryFiles):
    """Files elsewhere, as fsspec's memory file system stands for them; a test may cut them off."""

    away = False

    @contextmanager
    def reached(self) -> Iterator[None]:
        if self.away:
            raise Unavailable("The model registry cannot be used: no route to host.")
        with super().reached():
            yield


class SometimesAway(Registry):
    """A registry of such files."""

    def __init__(self, cache: Path) -> None:
        root = f"memory://{uuid.uuid4().hex}"
        super().__init__(root, cache)
        self._files = FilesSometimesAway(root)

    @property
    def away(self) -> bool:
        return self._files.away

    @away.setter
    def away(self, away: bool) -> None:
        self._files.away = away


class Service:
    """What a service does with a model: it takes it, or raises what the test wishes."""

    def __init__(self) -> None:
        self.fails: dict[str, Exception] = {}
        self.taken: list[str] = []

    def take(self, artifact: Artifact) -> str:
        version = artifact.manifest.version
        if version in self.fails:
            raise self.fails[version]
        self.taken.append(version)
        return version


class World:
    """Versions v1, v2, …, a service, and what is told of it."""

    def __init__(self, folder: Path, store: ResultStore | None = None) -> None:
        self.folder = folder
        self.registry = SometimesAway(folder / "cache")
        self.store = store or MemoryResults()
        self.service = Service()
        self.tried: list[str] = []
        self.while_tried: Callable[[], None] = lambda: None
        self.now = 1_000.0
        self.restart()

    def restart(self) -> None:
        """Another process of the service, with the same registry and the same store."""
        self.metrics = ServiceMetrics(TASK, 0, Health())
        self.champions = Champions(
            self.registry,
            TASK,
            self._try_out,
            LastGoodMemory(self.store, TASK, ModelSettings(), self._clock),
            ChampionStatus(TASK, self.metrics, self._clock),
            self._clock,
        )

    def register(self, *versions: str, content: bytes = b"graph") -> None:
        for version in versions:
            made = self.folder / f"made-{uuid.uuid4().hex}"
            made.mkdir()
            (made / "model.onnx").write_bytes(content)
            self.registry.register(made, manifest_of(made, version=version))

    def promote(self, version: str) -> None:
        self.registry.promote(TASK, version)

    def name_champion(self, content: bytes | None) -> None:
        """Write the alias as a person or another program might; None takes it away."""
        path = self.registry._files.at(TASK, "aliases", "champion")
        if content is None:
            self.registry._files.fs.rm(path)
        else:
            self.registry._files.fs.pipe_file(path, content)

    def spoil(self, version: str, content: bytes = b"spoilt") -> None:
        path = f"{self.registry._files.at(TASK, version)}/model.onnx"
        self.registry._files.fs.pipe_file(path, content)

    def begin(self) -> str:
        return self.champions.begin(self.service.take)

    def look(self) -> str:
        """Look for a new champion; what is told then."""
        self.champions.follow(self.service.take)
        return self.told

    @property
    def told(self) -> str:
        assert self.metrics.health.ready
        return self.metrics.health.warnings

    @property
    def refused(self) -> int:
        labels = {"service": TASK, "task": TASK}
        counted = self.metrics.registry.get_sample_value("textwire_champions_refused_total", labels)
        assert counted is not None
        return int(counted)

    def _try_out(self, artifact: Artifact, wanted: Wanted) -> None:
        self.tried.append(artifact.manifest.version)
        self.while_tried()
        if not wanted():
            raise NoLongerWanted(artifact.manifest.version)

    def _clock(self) -> float:
        return self.now
