"""The thread that looks for a new champion: it takes one, outlives what goes wrong, and stops."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from tests.models.champions.versions import World
from textwire.models.champions.watching import ChampionWatcher

WITHIN_S = 20


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.register("v1", "v2", "v3")
    world.promote("v1")
    world.begin()
    return world


def watching(world: World, use: Callable[[object], object]) -> ChampionWatcher:
    return ChampionWatcher(world.champions, use, every_s=0.01)


def test_it_takes_a_champion_by_itself_and_stops_when_told(world: World) -> None:
    taken = Event()
    watcher = watching(world, lambda artifact: taken.set())
    watcher.start()
    world.promote("v2")
    assert taken.wait(WITHIN_S)
    watcher.stop()
    assert not watcher.is_alive()


def test_it_goes_on_after_a_champion_that_cannot_be_used(world: World) -> None:
    refused, taken = Event(), Event()

    def use(artifact) -> None:
        if artifact.manifest.version == "v2":
            refused.set()
            raise MemoryError
        taken.set()

    watcher = watching(world, use)
    watcher.start()
    world.promote("v2")
    assert refused.wait(WITHIN_S)
    world.promote("v3")
    assert taken.wait(WITHIN_S)
    watcher.stop()


def test_a_model_that_hangs_while_it_is_taken_holds_up_nobody(world: World) -> None:
    hanging, go_on = Event(), Event()

    def use(artifact) -> None:
        hanging.set()
        go_on.wait(WITHIN_S)

    watcher = watching(world, use)
    watcher.start()
    world.promote("v2")
    assert hanging.wait(WITHIN_S)
    assert world.champions.in_use == "v1"
    watcher.stop()  # in bounded time, and a daemon thread ends with its process
    assert watcher.is_alive()
    assert watcher.daemon
    go_on.set()
    watcher.join(WITHIN_S)
    assert not watcher.is_alive()


def test_a_watcher_that_never_started_can_be_stopped(world: World) -> None:
    watching(world, lambda artifact: None).stop()
