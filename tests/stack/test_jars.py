"""No jar is run that is not the file the lock names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from textwire.errors import StackError
from textwire.stack.jars import LOCK, LockedJar, kafka_jars, read_lock


@pytest.fixture
def one_jar(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A lock of one jar, a cache that holds it, and the jar."""
    digest = hashlib.sha256(b"classes").hexdigest()
    locked = LockedJar("org.example", "thing", "1.0", digest)
    lock, cache = tmp_path / "kafka.lock", tmp_path / "cache"
    lock.write_text(f"# a comment\n{locked}\n")
    jar = cache / locked.path
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"classes")
    return lock, cache, jar


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a repository on this machine, the only one that jgo is told of."""
    folder, settings = tmp_path / "repository", tmp_path / "jgo.conf"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.write_text(f"[repositories]\nhere = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield folder
        server.shutdown()


def test_a_jar_in_the_cache_is_used_without_asking_anybody(
    one_jar: tuple[Path, Path, Path],
) -> None:
    lock, cache, jar = one_jar
    asked: list[tuple[int, int]] = []
    found = kafka_jars(cache, lock=lock, progress=lambda here, of: asked.append((here, of)))
    assert found == [jar]
    assert not asked


def test_a_corrupted_jar_is_refused_with_both_hashes(one_jar: tuple[Path, Path, Path]) -> None:
    lock, cache, jar = one_jar
    jar.write_bytes(b"something else")
    actual = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(StackError, match=f"(?s){jar.name} is not the file.*{actual}.*Delete it"):
        kafka_jars(cache, lock=lock)


def test_a_missing_jar_is_fetched_checked_and_kept(
    one_jar: tuple[Path, Path, Path], repository: Path
) -> None:
    lock, cache, jar = one_jar
    _publish(jar, cache, repository)
    told: list[tuple[int, int]] = []
    assert kafka_jars(cache, lock=lock, progress=lambda *here: told.append(here)) == [jar]
    assert told == [(1, 1)]
    assert jar.read_bytes() == b"classes"
    assert kafka_jars(cache, lock=lock, progress=lambda *here: told.append(here)) == [jar]
    assert told == [(1, 1)]


def test_what_a_repository_gives_is_refused_when_the_lock_does_not_name_it(
    one_jar: tuple[Path, Path, Path], repository: Path
) -> None:
    lock, cache, jar = one_jar
    jar.write_bytes(b"tampered with")
    _publish(jar, cache, repository)
    with pytest.raises(StackError, match="is not the file"):
        kafka_jars(cache, lock=lock)
    assert not jar.exists()
    assert not list(cache.glob("incoming-*"))


def test_a_jar_that_nobody_has_is_a_clear_error(
    one_jar: tuple[Path, Path, Path], repository: Path
) -> None:
    lock, cache, jar = one_jar
    jar.unlink()
    with pytest.raises(StackError, match=r"org.example:thing.* not found.*mirror"):
        kafka_jars(cache, lock=lock)
    assert not list(cache.glob("incoming-*"))


def _publish(jar: Path, cache: Path, repository: Path) -> None:
    """Move a jar from the cache to the repository."""
    published = repository / jar.relative_to(cache)
    published.parent.mkdir(parents=True)
    jar.rename(published)


def test_the_lock_names_hashes_and_no_host() -> None:
    jars = read_lock()
    assert any(jar.artifact == "kafka_2.13" for jar in jars)
    assert all(len(jar.sha256) == 64 for jar in jars)
    assert "http" not in LOCK.read_text().replace("httpcore", "")


@pytest.mark.parametrize("content", ["nonsense\n", "a:b sha256:00\n"])
def test_a_broken_lock_is_a_clear_error(tmp_path: Path, content: str) -> None:
    lock = tmp_path / "kafka.lock"
    lock.write_text(content)
    with pytest.raises(StackError, match="is broken"):
        read_lock(lock)
