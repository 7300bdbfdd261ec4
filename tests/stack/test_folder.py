"""One data folder, one stack; and what a stack that died left there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.stack.processes import eventually, python_process
from textwire.addresses import running_stack
from textwire.errors import AlreadyUp, StackError
from textwire.file_rights import open_to_others
from textwire.stack.folder import close_to_others, end_orphans, sole_stack
from textwire.stack.pids import birth_of, is_alive
from textwire.stack.state import PartState, StackState, read_state, write_state

GONE = 2**22 + 1  # past the largest process id of Linux


def stack(**fields: object) -> StackState:
    known = {"pid": GONE, "bootstrap_servers": "127.0.0.1:9092", "redis_url": "redis://:pw@h:1/0"}
    return StackState(**{**known, **fields})  # type: ignore[arg-type]


def test_a_second_stack_in_the_folder_hears_where_the_first_is(tmp_path: Path) -> None:
    with sole_stack(tmp_path):
        write_state(tmp_path, stack(dashboard_url="http://127.0.0.1:8501"))
        with pytest.raises(AlreadyUp, match=r"already up.*http://127.0.0.1:8501.*:9092"):
            sole_stack(tmp_path).__enter__()
    with sole_stack(tmp_path):
        pass  # free again


def test_the_folder_that_it_makes_is_its_owners_alone(tmp_path: Path) -> None:
    with sole_stack(tmp_path / "data"):
        assert list(open_to_others(tmp_path / "data")) == []


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StackError, match=r"cannot be written.*--data-dir"):
        sole_stack(tmp_path / "file" / "data").__enter__()


def test_other_verbs_find_the_addresses(tmp_path: Path) -> None:
    write_state(tmp_path, stack())
    found = running_stack(tmp_path)
    assert found
    assert found.bootstrap_servers == "127.0.0.1:9092"


def test_only_its_owner_reads_the_state_for_it_may_hold_a_password(tmp_path: Path) -> None:
    write_state(tmp_path, stack())
    write_state(tmp_path, stack(up=True))
    assert stat.S_IMODE((tmp_path / "stack.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["stack.json"]


def test_what_a_dead_supervisor_left_running_is_ended(tmp_path: Path) -> None:
    orphan = python_process(tmp_path, "service")
    orphan.spawn()
    assert orphan.pid
    born_at = birth_of(orphan.pid)
    left = PartState(state="ready", pid=orphan.pid, born_at=born_at)
    write_state(tmp_path, stack(parts={"service": left}))
    assert end_orphans(tmp_path) == ["service"]
    assert eventually(lambda: not orphan.running)
    assert read_state(tmp_path) is None


def test_another_program_that_got_the_same_id_is_left_alone(tmp_path: Path) -> None:
    other = python_process(tmp_path, "other")
    other.spawn()
    assert other.pid
    stale = PartState(state="ready", pid=other.pid, born_at=birth_of(other.pid) - 3600)
    write_state(tmp_path, stack(parts={"service": stale}))
    assert end_orphans(tmp_path) == []
    assert other.running
    other.stop()


def test_a_stack_is_ready_only_when_all_was_started_and_is_ready() -> None:
    us = {"pid": os.getpid(), "born_at": birth_of(os.getpid())}
    good = {"kafka": PartState(state="ready"), "samples": PartState(state="done")}
    assert stack(**us, up=True, parts=good).ready
    assert not stack(**us, up=False, parts=good).ready
    assert not stack(**us, up=True, parts={**good, "qa": PartState(state="restarting")}).ready
    assert not stack(up=True, parts=good).ready


def test_without_its_supervisor_nothing_that_was_written_holds() -> None:
    died = stack(up=True, parts={"kafka": PartState(state="ready", pid=1)})
    assert died.parts_now == {"kafka": PartState(state="stopped")}


@pytest.mark.parametrize("content", [b"{", b'"\xff"', b"[" * 100_000])
def test_a_broken_state_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "stack.json").write_bytes(content)
    with pytest.raises(StackError, match=r"cannot be read.*delete it"):
        read_state(tmp_path)


@pytest.mark.usefixtures("readable_by_others")
def test_what_an_earlier_start_left_open_is_closed_and_said_so_once(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    (data_dir / "kafka").mkdir(parents=True, mode=0o755)
    (data_dir / "stack.json").touch(0o644)
    assert close_to_others(data_dir) == (
        f"others could read 3 files of {data_dir}; only you can now"
    )
    assert list(open_to_others(data_dir)) == []
    assert close_to_others(data_dir) == ""


@pytest.mark.usefixtures("readable_by_others")
def test_a_folder_that_holds_other_things_too_keeps_its_own_rights(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "letters").mkdir(parents=True, mode=0o755)
    (home / "logs").mkdir(mode=0o755)
    close_to_others(home)
    assert set(open_to_others(home)) == {home, home / "letters"}


def test_a_process_that_ended_is_not_alive(tmp_path: Path) -> None:
    process = python_process(tmp_path, "short")
    process.spawn()
    assert process.pid
    pid, born_at = process.pid, birth_of(process.pid)
    assert is_alive(pid, born_at)
    process.kill()
    assert not is_alive(pid, born_at)
