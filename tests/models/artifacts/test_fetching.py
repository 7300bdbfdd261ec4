"""Local copies of remote artifacts: whole or not there, never outside, and mended when spoilt."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from tests.tiny_models import manifest_of
from textwire.errors import ArtifactCorrupt, ArtifactMissing, Unavailable
from textwire.models.artifacts.fetching import CHUNK_BYTES, FETCHING, ArtifactCache
from textwire.models.artifacts.manifest import Manifest

LARGE = os.urandom(3 * CHUNK_BYTES)


class Remote:
    """Files somewhere else; what was opened is counted."""

    def __init__(self, folder: Path, **files: bytes) -> None:
        folder.mkdir()
        self.files = {name.replace("_", "."): content for name, content in files.items()}
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        self.manifest = manifest_of(folder)
        self.opened: list[str] = []

    def open(self, name: str) -> IO[bytes]:
        self.opened.append(name)
        return io.BytesIO(self.files[name])


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote", model_onnx=LARGE, tokenizer_json=b"{}")


@pytest.fixture
def cache(tmp_path: Path) -> ArtifactCache:
    return ArtifactCache(tmp_path / "cache", 10 * CHUNK_BYTES)


def test_files_are_fetched_once(remote: Remote, cache: ArtifactCache) -> None:
    for _ in range(2):
        artifact = cache.opened(remote.manifest, remote.open)
        assert artifact.manifest == remote.manifest
        assert artifact.file("model.onnx").read_bytes() == LARGE
    assert remote.opened == ["model.onnx", "tokenizer.json"]


@pytest.mark.parametrize("content", [b"rotten", None, LARGE[:-1]], ids=["other", "gone", "cut off"])
def test_a_copy_that_was_spoilt_is_fetched_anew(
    remote: Remote, cache: ArtifactCache, content: bytes | None
) -> None:
    spoilt = cache.opened(remote.manifest, remote.open).file("model.onnx")
    spoilt.unlink()
    if content is not None:
        spoilt.write_bytes(content)
    assert cache.kept("support-qa", "v1") is None
    assert cache.opened(remote.manifest, remote.open).file("model.onnx").read_bytes() == LARGE


def test_other_files_under_the_same_name_are_fetched_anew(
    remote: Remote, cache: ArtifactCache, tmp_path: Path
) -> None:
    cache.opened(remote.manifest, remote.open)
    mended = Remote(tmp_path / "mended", model_onnx=b"mended")
    assert cache.opened(mended.manifest, mended.open).file("model.onnx").read_bytes() == b"mended"


def test_what_comes_is_not_kept_unless_it_is_what_the_manifest_says(
    remote: Remote, cache: ArtifactCache, tmp_path: Path
) -> None:
    remote.files["model.onnx"] = b"something else"
    with pytest.raises(ArtifactCorrupt, match=r"model\.onnx"):
        cache.opened(remote.manifest, remote.open)
    assert cache.kept("support-qa", "v1") is None
    assert files_in(tmp_path / "cache") <= {".locks/support-qa/v1"}


def test_more_than_is_allowed_is_not_fetched_to_its_end(tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"x" * size

    endless = Endless()
    manifest = Remote(tmp_path / "remote", model_onnx=b"small").manifest
    cache = ArtifactCache(tmp_path / "cache", most_bytes=2 * CHUNK_BYTES)
    with pytest.raises(ArtifactCorrupt, match=r"models\.largest_artifact_mb"):
        cache.opened(manifest, lambda name: endless)
    assert endless.read_bytes == 3 * CHUNK_BYTES
    assert files_in(tmp_path / "cache") <= {".locks/support-qa/v1"}


def test_a_fetch_that_breaks_off_leaves_nothing(
    remote: Remote, cache: ArtifactCache, tmp_path: Path
) -> None:
    def breaks_off(name: str) -> IO[bytes]:
        if name == "tokenizer.json":
            raise ConnectionResetError("by peer")
        return remote.open(name)

    with pytest.raises(ConnectionResetError):
        cache.opened(remote.manifest, breaks_off)
    assert files_in(tmp_path / "cache") <= {".locks/support-qa/v1"}
    assert cache.opened(remote.manifest, remote.open).file("tokenizer.json").read_bytes() == b"{}"


def in_another_process(function: Callable[..., None], *arguments: object) -> int | None:
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join(30)
    return process.exitcode


def die_while_fetching(cache: ArtifactCache, manifest: Manifest) -> None:
    def die(name: str) -> IO[bytes]:
        if name == "tokenizer.json":
            os.kill(os.getpid(), signal.SIGKILL)
        return io.BytesIO(b"half of")

    cache.opened(manifest, die)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_what_a_process_left_that_died_while_fetching_is_in_nobodys_way(
    remote: Remote, cache: ArtifactCache, tmp_path: Path
) -> None:
    died = in_another_process(die_while_fetching, cache, remote.manifest)
    assert died == -signal.SIGKILL
    assert (tmp_path / "cache" / FETCHING / "support-qa" / "v1" / "model.onnx").exists()
    assert cache.kept("support-qa", "v1") is None
    assert cache.opened(remote.manifest, remote.open).file("model.onnx").read_bytes() == LARGE
    assert not (tmp_path / "cache" / FETCHING / "support-qa" / "v1").exists()


def fetch(cache: ArtifactCache, manifest: Manifest, folder: Path) -> None:
    def open_and_tell(name: str) -> IO[bytes]:
        (folder / f"{name}-by-{os.getpid()}").touch()
        return (folder / name).open("rb")

    cache.opened(manifest, open_and_tell)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_of_processes_that_want_the_same_version_one_fetches_it(
    remote: Remote, cache: ArtifactCache, tmp_path: Path
) -> None:
    arguments = (cache, remote.manifest, tmp_path / "remote")
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=fetch, args=arguments) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0] * 4
    fetchers = {path.name.rpartition("-by-")[2] for path in (tmp_path / "remote").glob("*-by-*")}
    assert len(fetchers) == 1


def test_who_waits_too_long_for_another_process_comes_back_later(
    remote: Remote, tmp_path: Path
) -> None:
    cache = ArtifactCache(tmp_path / "cache", locked_at_most_s=0.05)

    def meanwhile(name: str) -> IO[bytes]:
        with pytest.raises(Unavailable, match="Another process has been fetching"):
            cache.opened(remote.manifest, remote.open)
        return remote.open(name)

    assert cache.opened(remote.manifest, meanwhile).manifest == remote.manifest


def test_a_file_that_is_not_there_is_named_and_nothing_is_kept(
    remote: Remote, cache: ArtifactCache
) -> None:
    def missing(name: str) -> IO[bytes]:
        raise ArtifactMissing(f"lacks its file {name}")

    with pytest.raises(ArtifactMissing, match=r"model\.onnx"):
        cache.opened(remote.manifest, missing)
    assert cache.kept("support-qa", "v1") is None


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
