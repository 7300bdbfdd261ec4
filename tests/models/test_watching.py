from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from textwire.errors import ArtifactCorrupt, Unavailable
from textwire.models.watching import ChampionWatcher


class Champions:
    """A registry of one task, whose champion the test sets; an error is raised instead."""

    def __init__(self) -> None:
        self.version: str | Exception | None = "v1"

    def alias(self, task, alias):
        if isinstance(self.version, Exception):
            raise self.version
        return self.version

    def open(self, task, version):
        return SimpleNamespace(path=Path(version), version=version)


@pytest.fixture
def champions() -> Champions:
    return Champions()


def watcher(champions, use, every_s=0.01) -> ChampionWatcher:
    return ChampionWatcher(champions, "support-qa", "v1", use, every_s)


def test_a_new_champion_is_handed_on_once(champions) -> None:
    taken = []
    watching = watcher(champions, lambda artifact: taken.append(artifact.version))
    for version in ("v1", None, "v2", "v2", "v1"):
        champions.version = version
        watching.look()
    assert taken == ["v2", "v1"]


def test_a_champion_that_cannot_be_used_is_logged_and_not_tried_again(champions) -> None:
    tried = []

    def refuse(artifact) -> None:
        tried.append(artifact.version)
        raise ArtifactCorrupt("model.onnx differs")

    watching = watcher(champions, refuse)
    champions.version = "v2"
    with capture_logs() as logs:
        watching.look()
        watching.look()
    assert tried == ["v2"]
    assert [(line["event"], line["version"]) for line in logs] == [("champion_refused", "v2")]


def test_what_is_only_away_is_tried_again(champions) -> None:
    tried = []

    def away_at_first(artifact) -> None:
        tried.append(artifact.version)
        if len(tried) == 1:
            raise Unavailable("Redis is away")

    watching = watcher(champions, away_at_first)
    champions.version = Unavailable("the folder is away")
    watching.look()
    champions.version = "v2"
    watching.look()
    watching.look()
    watching.look()
    assert tried == ["v2", "v2"]


def test_the_thread_takes_a_champion_by_itself_and_stops_when_told(champions) -> None:
    taken = Event()
    watching = watcher(champions, lambda artifact: taken.set())
    watching.start()
    champions.version = "v2"
    assert taken.wait(5)
    watching.stop()
    assert not watching.is_alive()


def test_a_watcher_that_never_started_can_be_stopped(champions) -> None:
    watcher(champions, lambda artifact: None).stop()
