"""Which version is served at the start, and after each look."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.models.champions.versions import TASK, World
from textwire.errors import ArtifactCorrupt, ArtifactError, ArtifactMissing, Unavailable
from textwire.models.champions.last_good import KEPT_EVERY_S, KEY
from textwire.models.champions.refusals import RETRY_AFTER_S
from textwire.models.champions.status import AWAY_UNTOLD_S
from textwire.results.memory import MemoryResults
from textwire.results.writes import Remove, SetField

RUBBISH = [
    b"../x",
    b"..",
    b"/etc/passwd",
    b"v1\nv2",
    b"v9",
    b"\xff\xfe",
    b"a\x1b[31mb",
    b"v" * 10**7,
]
UNUSABLE = [ArtifactCorrupt("differs"), MemoryError(), RuntimeError("bad graph"), KeyError("head")]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.register("v1", "v2")
    world.promote("v1")
    return world


class StoreAway(MemoryResults):
    """A store that the test may cut off."""

    away = False

    def fields(self, key):
        if self.away:
            raise Unavailable("Redis is away")
        return super().fields(key)

    def write(self, writes):
        if self.away:
            raise Unavailable("Redis is away")
        super().write(writes)


def test_the_champion_is_served_and_nothing_is_told(world: World) -> None:
    assert world.begin() == "v1"
    assert (world.champions.in_use, world.told, world.refused) == ("v1", "", 0)


def test_another_champion_is_handed_on_once(world: World) -> None:
    world.begin()
    for version in ("v1", "v2", "v2", "v1"):
        world.promote(version)
        assert world.look() == ""
    assert world.service.taken == ["v1", "v2", "v1"]


@pytest.mark.parametrize("error", UNUSABLE, ids=lambda error: type(error).__name__)
def test_after_a_restart_the_last_good_version_stands_in_for_a_bad_champion(
    world: World, error: Exception
) -> None:
    world.register("v3", "v4")
    world.promote("v2")
    world.begin()
    world.promote("v4")
    world.service.fails["v4"] = error
    world.restart()
    assert world.begin() == "v2"
    assert world.told.startswith("champion: v4 was refused, v2 is served instead: ")
    assert (type(error).__name__ in world.told) or (str(error) in world.told)
    assert world.refused == 1


def test_where_nothing_is_remembered_the_newest_older_version_stands_in(world: World) -> None:
    world.register("v3", "v4", "v5")
    world.promote("v4")
    world.service.fails = {"v4": RuntimeError("no"), "v3": RuntimeError("neither")}
    assert world.begin() == "v2"
    assert "v4 was refused, v2 is served instead: RuntimeError: no" in world.told
    assert world.refused == 2
    assert "v5" not in world.tried


def test_with_the_store_away_the_newest_older_version_stands_in_and_is_remembered_later(
    tmp_path: Path,
) -> None:
    store = StoreAway()
    world = World(tmp_path, store)
    world.register("v1", "v2", "v3")
    world.promote("v1")
    world.begin()
    store.away = True
    world.promote("v3")
    world.service.fails["v3"] = RuntimeError("no")
    world.restart()
    assert world.begin() == "v2"
    store.away = False
    world.now += KEPT_EVERY_S
    world.look()
    assert b'"v2"' in store.fields(KEY)[TASK]


def test_a_last_good_version_that_was_lost_gives_way_to_older_ones(world: World) -> None:
    world.promote("v2")
    world.begin()
    world.spoil("v2")
    world.restart()
    assert world.begin() == "v2"  # the copy that was fetched before
    world.registry._cache._folder.rename(world.folder / "gone")
    world.restart()
    assert world.begin() == "v1"
    assert "v2 was refused" in world.told


@pytest.mark.parametrize(
    "value", [b"", b"{", b'{"version": "../x", "digest": ""}', b"\xff", b'{"version": "v9"}']
)
def test_a_memory_that_holds_nonsense_is_none(world: World, value: bytes) -> None:
    world.store.write([SetField(KEY, TASK, value)])
    world.service.fails["v2"] = RuntimeError("no")
    world.promote("v2")
    world.restart()
    assert world.begin() == "v1"


def test_a_service_whose_model_was_never_promoted_says_so(world: World) -> None:
    world.name_champion(None)
    with pytest.raises(ArtifactMissing, match="pipelines support-qa run"):
        world.begin()
    assert world.service.taken == []


def test_a_champion_that_is_named_no_more_leaves_the_last_good_one(world: World) -> None:
    world.begin()
    for content in (None, b"", b" \n"):
        world.name_champion(content)
        assert "none is named for support-qa, v1 is served on" in world.look()
        world.restart()
        assert world.begin() == "v1"
        assert "none is named" in world.told
    world.promote("v1")
    assert world.look() == ""


@pytest.mark.parametrize("content", RUBBISH, ids=lambda content: repr(content[:12]))
def test_a_champion_whose_name_is_rubbish_is_refused(world: World, content: bytes) -> None:
    world.begin()
    world.name_champion(content)
    assert "v1 is served instead" in world.look()
    world.look()
    assert (world.refused, len(world.told) < 1_000, world.told.isprintable()) == (1, True, True)
    world.restart()
    assert world.begin() == "v1"
    world.store.write([Remove(KEY)])
    world.restart()
    assert world.begin() == "v2"
    assert world.service.taken == ["v1", "v1", "v2"]


def test_when_no_version_can_be_served_the_error_tells_why_of_each(world: World) -> None:
    world.promote("v2")
    world.service.fails = {"v1": RuntimeError("one"), "v2": ArtifactCorrupt("The other.")}
    with pytest.raises(ArtifactError) as refused:
        world.begin()
    for part in ("'v1': RuntimeError: one", "'v2': The other.", "pipelines support-qa run --force"):
        assert part in str(refused.value)


def test_with_the_registry_away_the_last_good_copy_is_served(world: World) -> None:
    world.begin()
    world.restart()
    world.registry.away = True
    assert world.begin() == "v1"
    world.now += AWAY_UNTOLD_S
    assert "no route to host" in world.look()
    world.registry.away = False
    assert world.look() == ""


def test_with_the_registry_away_and_nothing_fetched_the_start_fails(world: World) -> None:
    world.registry.away = True
    with pytest.raises(Unavailable, match="no route to host"):
        world.begin()
    world.registry.away = False
    world.begin()
    world.registry._cache._folder.rename(world.folder / "gone")
    world.restart()
    world.registry.away = True
    with pytest.raises(Unavailable, match="no route to host"):
        world.begin()


def test_a_refused_champion_is_told_once_and_not_tried_at_each_look(world: World) -> None:
    world.begin()
    world.promote("v2")
    world.service.fails["v2"] = ArtifactCorrupt("of another width")
    with capture_logs() as logs:
        for _ in range(3):
            assert world.look() == (
                "champion: v2 was refused, v1 is served instead: of another width"
            )
    told = [(line["event"], line["version"], line["reason"]) for line in logs if "version" in line]
    assert told == [("champion_refused", "v2", "of another width")]
    assert (world.refused, world.tried) == (1, ["v1", "v2"])


def test_what_is_told_of_a_foreign_error_is_short_and_fit_for_a_terminal(world: World) -> None:
    world.begin()
    world.promote("v2")
    world.service.fails["v2"] = RuntimeError("\x1b[31mred\x00\n" + "x" * 10_000)
    told = world.look()
    assert "RuntimeError: [31mred x" in told
    assert told.isprintable()
    assert len(told) < 1_000


def test_a_refused_champion_is_served_once_its_files_are_mended(world: World) -> None:
    world.begin()
    world.promote("v2")
    world.spoil("v2")
    assert "v2 was refused" in world.look()
    world.spoil("v2", b"graph")
    assert world.look() == ""
    assert world.champions.in_use == "v2"


def test_a_refused_champion_is_tried_again_after_a_while(world: World) -> None:
    world.begin()
    world.promote("v2")
    world.service.fails["v2"] = MemoryError()
    world.look()
    world.now += RETRY_AFTER_S - 1
    assert "MemoryError" in world.look()
    del world.service.fails["v2"]
    assert "MemoryError" in world.look()
    world.now += 1
    assert world.look() == ""
    assert world.refused == 1


def test_a_refused_champion_that_is_promoted_anew_is_tried_anew(world: World) -> None:
    world.begin()
    world.service.fails["v2"] = MemoryError()
    for version, told in (("v2", True), ("v1", False), ("v2", True)):
        world.promote(version)
        assert bool(world.look()) == told
    del world.service.fails["v2"]
    world.promote("v1")
    world.look()
    world.promote("v2")
    assert world.look() == ""
    assert world.champions.in_use == "v2"


def test_a_champion_that_moved_on_while_it_was_tried_out_is_not_served(world: World) -> None:
    world.register("v3")
    world.begin()
    world.promote("v2")
    world.while_tried = lambda: world.promote("v3")
    world.look()
    assert world.service.taken == ["v1"]
    world.while_tried = lambda: None
    world.look()
    assert world.service.taken == ["v1", "v3"]


def test_a_champion_that_is_tried_out_is_told_of_and_no_longer_once_it_is_served(
    world: World,
) -> None:
    world.begin()
    world.promote("v2")
    told: list[str] = []
    world.while_tried = lambda: told.append(world.told)
    assert world.look() == ""
    assert told == ["champion: v2 is tried out, v1 is served meanwhile."]


def test_a_trial_that_was_given_up_is_no_refusal(world: World) -> None:
    world.register("v3")
    world.begin()
    world.promote("v2")
    world.while_tried = lambda: world.promote("v3")
    assert world.look() == ""
    world.while_tried = lambda: None
    world.promote("v2")
    assert world.look() == ""
    assert (world.champions.in_use, world.refused) == ("v2", 0)


def test_a_registry_that_is_away_for_a_moment_ends_no_trial(world: World) -> None:
    world.begin()
    world.promote("v2")

    def cut_off() -> None:
        world.registry.away = True

    world.while_tried = cut_off
    assert world.look() == ""
    world.registry.away = False
    world.look()
    assert (world.champions.in_use, world.tried) == ("v2", ["v1", "v2"])


def test_a_champion_that_vanished_between_the_look_and_its_opening_is_refused(world: World) -> None:
    world.begin()
    world.promote("v2")
    world.registry._files.fs.rm(world.registry._files.at(TASK, "v2"), recursive=True)
    assert "has no version v2" in world.look()


def test_what_is_only_away_is_tried_again_and_told_after_a_while(world: World) -> None:
    world.begin()
    world.promote("v2")
    world.service.fails["v2"] = Unavailable("Redis is away")
    with capture_logs() as logs:
        assert world.look() == ""
        world.now += AWAY_UNTOLD_S
        assert world.look() == "champion: not looked for, v1 is served on: Redis is away"
    assert [line["event"] for line in logs] == ["champion_not_reached"]
    del world.service.fails["v2"]
    assert world.look() == ""
    assert (world.champions.in_use, world.refused) == ("v2", 0)
    assert world.tried == ["v1", "v2"]


class Panic(BaseException):
    """What a library in Rust raises when it gives up: no Exception."""


@pytest.mark.parametrize("error", [ZeroDivisionError, Panic])
def test_a_look_outlives_whatever_goes_wrong(world: World, error: type[BaseException]) -> None:
    class Broken(type(world.registry)):
        def alias(self, task, alias="champion"):
            raise error("a slip of ours")

    world.begin()
    world.registry.__class__ = Broken
    world.look()
    world.now += AWAY_UNTOLD_S
    assert f"v1 is served on: {error.__name__}: a slip of ours" in world.look()


def test_a_version_that_was_good_before_is_not_tried_out_again_at_a_restart(world: World) -> None:
    world.begin()
    world.restart()
    world.begin()
    assert world.tried == ["v1"]


def test_other_files_under_a_good_versions_name_are_tried_out(world: World) -> None:
    world.begin()
    world.registry._files.fs.rm(world.registry._files.at(TASK, "v1"), recursive=True)
    world.register("v1", content=b"another graph")
    world.restart()
    world.begin()
    assert world.tried == ["v1", "v1"]


def test_a_version_that_fails_its_trial_is_refused(world: World) -> None:
    world.begin()
    world.promote("v2")

    def hang() -> None:
        raise ArtifactError("The model was not loaded within 3 s.")

    world.while_tried = hang
    assert "was not loaded within 3 s" in world.look()
    assert world.service.taken == ["v1"]


def test_what_is_served_is_remembered_again_when_the_store_was_wiped(world: World) -> None:
    world.begin()
    world.store.write([Remove(KEY)])
    world.look()
    assert world.store.fields(KEY) == {}
    world.now += KEPT_EVERY_S
    world.look()
    assert TASK in world.store.fields(KEY)
