"""The loop that closes: what leads to a challenger, what becomes of it, and what is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from pipelines.measuring.judgement import Judgement
from pipelines.pipeline import Pipeline
from pipelines.running.training_spec import Settings, TrainingSpec
from pipelines.watching.watch import TOO_FEW, Watch, WatchOptions
from tests.pipelines.registry.judgements import judgement
from tests.pipelines.registry.test_promoting import NoRows
from tests.pipelines.runs import quiet
from tests.pipelines.watching.test_drift import said
from tests.tiny_models import manifest_of
from textwire.errors import ArtifactMissing
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.registry import CHALLENGER, CHAMPION, Registry
from textwire.models.base_model import BaseModel
from textwire.results.memory import MemoryResults
from textwire.shadow.results import (
    WINDOW,
    WatchState,
    compared_writes,
    observed_writes,
    read_watches,
)

TASK = "sentiment"
BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class World:
    """A task whose model says of itself how good it is; data are a word."""

    folder: Path
    worth: dict[str, float] = field(default_factory=lambda: {"rows-0": 0.8})
    data: str = "rows-0"
    feedback: int = 0
    in_shadow: bool = True
    options: WatchOptions = field(default_factory=lambda: WatchOptions(shadow_texts=10))
    trained: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.registry = Registry(str(self.folder / "models"))
        self.store = MemoryResults()
        self.now = BEGAN
        self._make_version("rows-0")
        self.registry.promote(TASK, "rows-0")

    def look(self) -> WatchState:
        self.now += timedelta(minutes=1)
        watch = Watch(
            self.pipeline(),
            self.spec,
            self.registry,
            self.store,
            self.folder / "work",
            self.options,
            lambda: self.now,
            quiet(),
        )
        state = watch.look()
        assert read_watches(self.store)[TASK] == state
        return state

    def pipeline(self) -> Pipeline:
        return Pipeline(
            TASK,
            TASK,
            None,  # type: ignore[arg-type]
            lambda: self._make,
            lambda metrics: "made",
            lambda: self._judge,
            in_shadow=self.in_shadow,
            count_feedback=lambda store, since: self.feedback,
        )

    @contextmanager
    def spec(self) -> Iterator[TrainingSpec]:
        base = BaseModel("tiny", self.folder)
        yield TrainingSpec(TASK, NoRows(), base, Settings(), {}, self.data)

    def drift(self, towards: float = 6.0) -> None:
        self.see(said(WINDOW, 1), first=WINDOW)
        self.see(said(WINDOW, 2, towards))

    def see(self, rows: np.ndarray, first: int = 0) -> None:
        champion = self.registry.alias(TASK) or ""
        self.store.write(observed_writes(TASK, champion, rows, first))

    def read_in_shadow(self, texts: int, same: int) -> None:
        self.store.write(
            compared_writes(TASK, "rows-0", self.data, texts=texts, same=same, difference=1.0)
        )

    def _make(self, spec: TrainingSpec, folder: Path, progress: object) -> Manifest:
        self.trained.append(spec.fingerprint)
        (folder / "model.onnx").write_bytes(b"graph")
        return self._manifest(folder, spec.fingerprint)

    def _make_version(self, name: str) -> None:
        folder = self.folder / name
        folder.mkdir()
        (folder / "model.onnx").write_bytes(b"graph")
        self.registry.register(folder, self._manifest(folder, name))

    def _manifest(self, folder: Path, name: str) -> Manifest:
        return manifest_of(folder, task=TASK, version=name, fingerprint=name, created_at=BEGAN)

    def _judge(self, artifact: Artifact, *_: object) -> Judgement:
        right = round(100 * self.worth[artifact.manifest.version])
        return judgement([1.0] * right + [0.0] * (100 - right))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_without_a_champion_it_says_how_to_make_one(world: World) -> None:
    world.registry.drop_alias(TASK, CHAMPION)
    with pytest.raises(ArtifactMissing, match="pipelines sentiment run"):
        world.look()


def test_with_few_texts_it_rests_and_says_what_it_waits_for(world: World) -> None:
    world.see(said(10, 1), first=10)
    state = world.look()
    assert (state.stage, state.drift) == ("steady", ())
    assert f"10 texts seen of the champion; drift is tested from {TOO_FEW:,} on." in state.told


def test_what_is_like_before_trains_nothing(world: World) -> None:
    world.drift(towards=1.0)
    state = world.look()
    assert (state.stage, world.trained) == ("steady", [])
    assert [one.drifted for one in state.drift] == [False, False]


def test_drift_leads_to_a_challenger_in_shadow_and_the_better_one_serves(world: World) -> None:
    world.drift()
    world.data, world.worth["rows-1"] = "rows-1", 0.9
    state = world.look()
    assert (state.stage, state.challenger, world.trained) == ("shadow", "rows-1", ["rows-1"])
    assert "drifted (Kolmogorov-Smirnov" in state.reasons[0]
    assert world.registry.aliases(TASK) == {CHAMPION: "rows-0", CHALLENGER: "rows-1"}
    assert world.look().told == "0 of 10 texts read beside the champion."
    world.read_in_shadow(10, same=8)
    assert world.look().stage == "promoted"
    assert world.registry.aliases(TASK) == {CHAMPION: "rows-1"}
    assert world.look().champion == "rows-1"
    assert world.trained == ["rows-1"]


def test_one_that_disagrees_too_often_is_refused_whatever_rows_say(world: World) -> None:
    world.drift()
    world.data, world.worth["rows-1"] = "rows-1", 0.9
    world.look()
    world.read_in_shadow(10, same=5)
    state = world.look()
    assert (state.stage, state.decided) == ("refused", "rows-1")
    assert world.registry.alias(TASK) == "rows-0"
    assert world.look().stage == "refused"
    assert world.trained == ["rows-1"]


def test_a_worse_one_is_refused_and_stays_for_a_person_to_see(world: World) -> None:
    world.drift()
    world.data, world.worth["rows-1"] = "rows-1", 0.3
    world.look()
    world.read_in_shadow(10, same=9)
    assert world.look().stage == "refused"
    assert world.registry.aliases(TASK) == {CHAMPION: "rows-0", CHALLENGER: "rows-1"}


def test_after_a_refusal_new_texts_and_new_rows_give_another_challenger(world: World) -> None:
    world.drift()
    world.data, world.worth["rows-1"] = "rows-1", 0.3
    world.look()
    world.read_in_shadow(10, same=9)
    world.look()
    world.data, world.worth["rows-2"] = "rows-2", 0.95
    assert world.look().stage == "refused"  # no new window of texts yet
    world.see(said(WINDOW, 3, towards=6.0))
    assert world.look().challenger == "rows-2"


def test_drift_without_new_rows_asks_for_labels_and_trains_nothing(world: World) -> None:
    world.drift()
    for _ in range(2):
        state = world.look()
        assert state.stage == "nothing_new"
    assert "Label some of what comes in now" in state.told
    assert world.trained == []
    world.data, world.worth["rows-1"] = "rows-1", 0.9
    assert world.look().stage == "shadow"


def test_enough_feedback_leads_to_a_challenger_too(world: World) -> None:
    world.feedback, world.data, world.worth["rows-1"] = 50, "rows-1", 0.9
    state = world.look()
    assert state.reasons == ("50 judgements of people since it was made",)
    assert state.challenger == "rows-1"


def test_a_kind_that_does_not_run_in_shadow_goes_to_the_gate_at_once(world: World) -> None:
    world.in_shadow = False
    world.feedback, world.data, world.worth["rows-1"] = 50, "rows-1", 0.9
    assert world.look().stage == "promoted"
    assert world.registry.alias(TASK) == "rows-1"


def test_where_a_person_promotes_the_gate_does_not(world: World) -> None:
    world.options = replace(world.options, by_person=True)
    world.drift()
    world.data, world.worth["rows-1"] = "rows-1", 0.9
    world.look()
    world.read_in_shadow(10, same=8)
    state = world.look()
    assert state.stage == "waits"
    assert "pipelines models promote sentiment rows-1" in state.told
    assert world.registry.alias(TASK) == "rows-0"
    world.registry.promote(TASK, "rows-1")
    world.registry.drop_alias(TASK, CHALLENGER)
    assert world.look().stage == "promoted"


def test_a_watch_that_was_killed_in_training_takes_what_was_made(world: World) -> None:
    world.drift()
    world.data, world.worth["rows-1"] = "rows-1", 0.9
    world.look()
    world.registry.drop_alias(TASK, CHALLENGER)
    before = read_watches(world.store)[TASK]
    from msgspec.structs import replace as changed

    from textwire.shadow.results import watch_write

    world.store.write([watch_write(changed(before, stage="training", challenger=None))])
    assert world.look().challenger == "rows-1"
    assert world.trained == ["rows-1"]
