"""A challenger in shadow: what it reads, what is kept of it, and that it harms nobody."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.champions.versions import TASK, World
from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import CHALLENGER
from textwire.models.engines.classifier import Classified
from textwire.shadow.results import observed_texts, read_shadow, read_windows
from textwire.shadow.shadow import MOST_WAITING, Shadow, compare, in_share

SERVICE = TASK


class Constant:
    """Says the same of every text; of "boom" it raises."""

    topics: tuple[str, ...] = ()

    def __init__(self, name: str, said: Sequence[float]) -> None:
        self.name, self._said = name, np.array(said, dtype=np.float32)
        self.labels = tuple(map(str, range(len(said))))
        self.read: list[str] = []

    def classify(self, texts: Sequence[str]) -> Classified:
        self.read += texts
        if "boom" in texts:
            raise RuntimeError("no such operator")
        return Classified(
            np.tile(self._said, (len(texts), 1)), np.empty((len(texts), 0), dtype=np.float32)
        )


SAID = {"v1": (0.75, 0.25), "v2": (0.5, 0.5), "v3": (0.0, 1.0), "v4": (0.2, 0.3, 0.5)}


class Shadowed(World):
    """A champion v1 that is listened to, with challengers beside it."""

    def __init__(self, folder: Path, share: float = 1.0) -> None:
        super().__init__(folder)
        self.register(*SAID)
        self.promote("v1")
        self.models: dict[str, Constant] = {}
        self.refuse: Exception | None = None
        self.shadow = Shadow(
            TASK,
            self.registry,
            self.try_out,
            self.load,
            self.store,
            self.metrics,
            share,
            self._clock,
        )
        self.champion = self.shadow.beside(self.load)(self.registry.champion(TASK))

    def load(self, artifact: Artifact) -> Constant:
        version = artifact.manifest.version
        return self.models.setdefault(version, Constant(version, SAID[version]))

    def try_out(self, artifact: Artifact) -> None:
        self.tried.append(artifact.manifest.version)
        if self.refuse:
            raise self.refuse

    def challenge(self, version: str) -> None:
        self.registry.promote(TASK, version, CHALLENGER)
        self.shadow.look()

    def metric(self, name: str) -> float | None:
        labels = {"service": SERVICE, "task": TASK}
        return self.metrics.registry.get_sample_value(f"textwire_shadow_{name}", labels)


@pytest.fixture
def world(tmp_path: Path) -> Shadowed:
    return Shadowed(tmp_path)


def test_both_read_and_only_what_the_champion_says_is_given(world: Shadowed) -> None:
    world.challenge("v3")
    said = world.champion.classify(["a", "b"])
    world.shadow.look()
    assert said.labels.tolist() == [[0.75, 0.25]] * 2
    assert world.models["v3"].read == ["a", "b"]
    figures = read_shadow(world.store, TASK, "v1", "v3")
    assert (figures.texts, figures.same, figures.difference) == (2, 0, 0.75)
    assert (world.metric("texts_total"), world.metric("same_total")) == (2, 0)
    assert (world.metric("difference_total"), world.metric("runs")) == (1.5, 1)


def test_the_services_own_thread_never_runs_the_challenger(world: Shadowed) -> None:
    world.challenge("v2")
    world.champion.classify(["a"])
    assert world.models["v2"].read == []


def test_without_a_challenger_nothing_waits_and_nothing_is_loaded(world: Shadowed) -> None:
    world.champion.classify(["a"])
    world.shadow.look()
    assert (world.tried, world.metric("runs")) == ([], 0)


def test_a_challenger_that_is_promoted_or_taken_away_reads_no_more(world: Shadowed) -> None:
    world.challenge("v2")
    world.promote("v2")
    world.shadow.look()
    assert world.metric("runs") == 0
    world.promote("v1")
    world.shadow.look()
    assert world.metric("runs") == 1
    world.registry.drop_alias(TASK, CHALLENGER)
    world.shadow.look()
    assert world.metric("runs") == 0


def test_another_challenger_takes_its_place_with_figures_of_its_own(world: Shadowed) -> None:
    for version in ("v2", "v3"):
        world.challenge(version)
        world.champion.classify(["a"])
        world.shadow.look()
    assert read_shadow(world.store, TASK, "v1", "v2").texts == 1
    assert read_shadow(world.store, TASK, "v1", "v3").texts == 1


def test_one_that_is_behind_skips_and_says_how_many(world: Shadowed) -> None:
    world.challenge("v2")
    world.champion.classify([f"t{n}" for n in range(MOST_WAITING + 5)])
    world.shadow.look()
    figures = read_shadow(world.store, TASK, "v1", "v2")
    assert (figures.texts, figures.skipped) == (MOST_WAITING, 5)
    assert world.metric("skipped_total") == 5


@pytest.mark.parametrize("error", [ArtifactError("It hangs."), RuntimeError("bad graph")])
def test_one_that_cannot_be_tried_out_is_refused_once_and_told(
    world: Shadowed, error: Exception
) -> None:
    world.refuse = error
    world.challenge("v2")
    world.shadow.look()
    assert world.tried == ["v2"]
    assert str(error) in world.told


def test_one_that_fails_on_a_text_is_put_away_and_the_champion_goes_on(world: Shadowed) -> None:
    world.challenge("v2")
    world.models["v1"].classify = lambda texts: Classified(  # type: ignore[method-assign]
        np.full((len(texts), 2), 0.5, np.float32), np.empty((len(texts), 0), np.float32)
    )
    world.champion.classify(["boom"])
    world.shadow.look()
    assert "no such operator" in world.told
    assert world.metric("runs") == 0
    assert len(world.champion.classify(["a"]).labels) == 1


def test_one_that_tells_other_labels_is_put_away(world: Shadowed) -> None:
    world.challenge("v4")
    world.champion.classify(["a"])
    world.shadow.look()
    assert "tells 3 labels where the champion tells 2" in world.told


def test_a_share_of_nothing_loads_no_challenger_but_still_sees_the_champion(tmp_path: Path) -> None:
    world = Shadowed(tmp_path, share=0.0)
    world.champion.classify(["a"])
    world.challenge("v2")
    assert world.tried == []
    assert observed_texts(world.store, TASK, "v1") == 1


def test_what_the_champion_says_is_seen_with_its_confidence(world: Shadowed) -> None:
    world.champion.classify(["a", "b"])
    world.shadow.look()
    first, last = read_windows(world.store, TASK, "v1")
    assert first.tolist() == [[0.75, 0.75, 0.25]] * 2
    assert len(last) == 0


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_text_in_a_share_is_in_every_larger_one(text: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert in_share(text, large) or not in_share(text, small)
    assert in_share(text, 1.0)
    assert not in_share(text, 0.0)


def test_a_share_is_about_that_part_of_many_texts() -> None:
    taken = sum(in_share(f"text {n}", 0.1) for n in range(5_000))
    assert 400 < taken < 600


def test_the_difference_is_the_total_variation_distance() -> None:
    [found] = compare([np.array([1.0, 0.0], np.float32)], np.array([[0.25, 0.75]], np.float32))
    assert (found.same, found.difference) == (False, 0.75)
