from __future__ import annotations

from functools import partial

import pytest

from services.recommendations.catalogue import Catalogue
from services.recommendations.experimenting import ExperimentModels
from tests.services.recommendations.shops import (
    AT,
    ITEMS,
    artifact,
    catalogue,
    load_weighing,
)
from textwire.errors import ArtifactCorrupt, Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.observing.health import Health
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.stored import start, stop
from textwire.recommendations.messages import Item
from textwire.results.memory import MemoryResults

NEW = Item(id="new", title="A new thing")


class Registry:
    """Has every version, but for those that it was told of."""

    def __init__(self) -> None:
        self.broken: dict[str, Exception] = {}
        self.opened: list[str] = []

    def open(self, task: str, version: str) -> Artifact:
        self.opened.append(version)
        if version in self.broken:
            raise self.broken[version]
        return artifact(version)

    def stamp(self, task: str, version: str) -> str:
        return version


class House:
    """One replica, as far as it holds models."""

    def __init__(self) -> None:
        self.store, self.registry, self.health = MemoryResults(), Registry(), Health()
        self.champion = catalogue(ITEMS, self.store)
        hold = partial(Catalogue, load_model=load_weighing, store=self.store)
        self.models = ExperimentModels(
            self.champion, hold, self.registry, lambda _: None, self.store, self.health
        )

    def begin(self, a: str = "v1", b: str = "v2", name: str = "e1") -> None:
        start(self.store, Experiment(name=name, a=a, b=b, started_at=AT))
        self.models.look()


def test_nothing_is_held_while_nothing_runs() -> None:
    house = House()
    house.models.look()
    serving = house.models.serving
    assert (serving.running, list(serving.held)) == (None, ["v1"])
    assert serving.home_of("u") == "v1"


def test_an_experiment_begins_once_both_versions_are_held_with_all_items() -> None:
    house = House()
    house.begin()
    serving = house.models.serving
    assert serving.running is not None
    assert set(serving.of("v2").index.numbers) == {item.id for item in ITEMS}
    house.models.look()
    assert house.registry.opened == ["v2"]  # once, and never the champion


def test_items_come_and_go_in_both() -> None:
    house = House()
    house.begin()
    house.models.apply({"new": NEW, "pan": None})
    for version in ("v1", "v2"):
        index = house.models.serving.of(version).index
        assert ("new" in index, "pan" in index) == (True, False)


def test_a_new_champion_changes_neither_arm() -> None:
    house = House()
    house.begin()
    house.champion.use(artifact("v3"))
    assert house.models.serving.running is None  # until the version before is held again
    house.models.look()
    serving = house.models.serving
    assert serving.running is not None
    assert serving.champion.model.version == "v3"
    assert {serving.of(serving.home_of(f"u{n}")).model.version for n in range(20)} == {"v1", "v2"}


def test_a_version_that_cannot_be_served_leaves_the_champion_and_is_told() -> None:
    house = House()
    house.registry.broken["v2"] = ArtifactCorrupt("its files are not those of its manifest")
    house.begin()
    assert house.models.serving.running is None
    assert "v2 cannot be served, so this replica takes no part" in str(house.health.warnings)
    house.models.look()
    assert house.registry.opened == ["v2"]  # not tried again at once
    stop(house.store, "e1", AT)
    house.models.look()
    assert not house.health.warnings


def test_while_the_registry_is_away_it_is_tried_again() -> None:
    house = House()
    house.registry.broken["v2"] = Unavailable("away")
    with pytest.raises(Unavailable):
        house.begin()
    house.registry.broken.clear()
    house.models.look()
    assert house.models.serving.running is not None


def test_what_has_ended_is_held_no_longer() -> None:
    house = House()
    house.begin()
    stop(house.store, "e1", AT)
    house.models.look()
    serving = house.models.serving
    assert (serving.running, list(serving.held)) == (None, ["v1"])
    assert [one.name for one in serving.known] == ["e1"]
