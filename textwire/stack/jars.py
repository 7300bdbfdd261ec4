"""Apache Kafka's jars: fetched once, and never run unless each is the file that the lock names.

`kafka.lock` holds a line for each jar, `group:artifact:version sha256:...`, and no repository's
host: where jars come from is the user's own setting of jgo (Maven Central unless configured).
`python -m textwire.stack.jars` resolves the release anew and writes the lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from textwire.errors import StackError

KAFKA_VERSION = "4.3.0"
# The broker, and what hands its log lines (slf4j) to log4j2.
ROOTS = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!",  # !: it does not choose versions for Kafka
)
LOCK = Path(__file__).with_name("kafka.lock")
# 6 at a time: a repository far away is waited for, not loaded.
PARALLEL_FETCHES = 6

Progress = Callable[[int, int], None]
"""Told how many jars are here, of how many."""


@dataclass(frozen=True)
class LockedJar:
    """One jar: its coordinates and the hash of its bytes."""

    group: str
    artifact: str
    version: str
    sha256: str

    @classmethod
    def parse(cls, line: str) -> LockedJar:
        """The jar that a line of the lock names."""
        coordinates, digest = line.split(" sha256:")
        group, artifact, version = coordinates.split(":")
        return cls(group, artifact, version, digest.strip())

    @property
    def path(self) -> Path:
        """Where it lies below a Maven repository's folder."""
        name = f"{self.artifact}-{self.version}.jar"
        return Path(*self.group.split("."), self.artifact, self.version, name)

    def __str__(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version} sha256:{self.sha256}"


def default_cache_dir() -> Path:
    """The user's cache of jars, shared by all data folders."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "textwire" / "jars"


def read_lock(path: Path = LOCK) -> list[LockedJar]:
    """Every jar that the lock names.

    Raises: StackError: the lock is not there or is broken.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [LockedJar.parse(line) for line in lines if line and not line.startswith("#")]
    except (OSError, ValueError) as error:
        raise StackError(
            f"The lock of Kafka's jars, {path}, is broken ({error}). Install textwire again."
        ) from error


def kafka_jars(
    cache_dir: Path | None = None,
    *,
    lock: Path = LOCK,
    progress: Progress = lambda _here, _all: None,
) -> list[Path]:
    """Paths of all jars, each verified; those not in the cache are fetched first.

    Raises: StackError: a jar differs from the lock, or cannot be fetched.
    """
    cache = (cache_dir or default_cache_dir()).absolute()
    jars = read_lock(lock)
    missing = [jar for jar in jars if not (cache / jar.path).exists()]
    for jar in jars:
        if jar not in missing:
            _verify(jar, cache / jar.path)
    if missing:
        _fetch_all(missing, cache, partial(_report, progress, len(jars) - len(missing), len(jars)))
    return [cache / jar.path for jar in jars]


def _report(progress: Progress, before: int, total: int, fetched: int) -> None:
    progress(before + fetched, total)


def _verify(jar: LockedJar, path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != jar.sha256:
        raise StackError(
            f"{path} is not the file that Textwire's lock names: its SHA-256 is {digest}, "
            f"and should be {jar.sha256}. Delete it; the next start fetches it anew. If it differs "
            "again, the repository it comes from is not to be trusted."
        )


def _fetch_all(jars: Iterable[LockedJar], cache: Path, fetched: Callable[[int], None]) -> None:
    """Fetch into a folder aside, verify there, then move: the cache never holds half a jar."""
    incoming = _new_folder(cache)
    try:
        _fetch_in_parallel(jars, incoming, cache, fetched)
    except OSError as error:
        raise StackError(
            f"Kafka's jars could not be fetched into {cache}: {error}. Check the connection, the "
            "disk, and a proxy or mirror if you need one (jgo's own settings file names mirrors)."
        ) from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _new_folder(cache: Path) -> Path:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="incoming-", dir=cache))
    except OSError as error:
        raise StackError(
            f"The cache folder {cache} cannot be written: {error}. "
            "Name another with the environment variable XDG_CACHE_HOME."
        ) from error


def _fetch_in_parallel(
    jars: Iterable[LockedJar], incoming: Path, cache: Path, fetched: Callable[[int], None]
) -> None:
    with ThreadPoolExecutor(PARALLEL_FETCHES) as pool:
        fetches = [pool.submit(_fetch, jar, incoming, cache) for jar in jars]
        try:
            for count, fetch in enumerate(as_completed(fetches), start=1):
                fetch.result()
                fetched(count)
        finally:
            pool.shutdown(cancel_futures=True)  # after a failure, ask for no more


def _fetch(jar: LockedJar, incoming: Path, cache: Path) -> None:
    path = _download(jar, incoming)
    _verify(jar, path)
    target = cache / jar.path
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


@retry(
    retry=retry_if_exception_type(OSError),
    wait=wait_exponential_jitter(multiplier=0.5, max=5),
    stop=stop_after_attempt(4),
    reraise=True,
)
def _download(jar: LockedJar, folder: Path) -> Path:
    (folder / jar.path).unlink(missing_ok=True)
    artifact = _maven(folder).project(jar.group, jar.artifact).at_version(jar.version).artifact()
    try:
        return Path(artifact.resolve())
    except RuntimeError as error:  # how jgo says that no repository has it
        raise StackError(
            f"{error}. If jgo's settings name a mirror, it must have what Maven Central has."
        ) from error


def _maven(repository: Path) -> Any:
    # Imported here: a start from the cache needs neither jgo nor its HTTP client.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    mirrors = GlobalSettings.load().repositories or None
    return MavenContext(repo_cache=repository, remote_repos=mirrors, timeout=30)


def _resolve_anew(repository: Path) -> list[LockedJar]:
    maven = _maven(repository)
    roots = [maven.create_dependency(root) for root in ROOTS]
    resolved, transitive = maven.resolver.resolve(roots)
    return [_lock(dependency.artifact) for dependency in (*resolved, *transitive)]


def _lock(artifact: Any) -> LockedJar:
    digest = hashlib.sha256(Path(artifact.resolve()).read_bytes()).hexdigest()
    return LockedJar(artifact.groupId, artifact.artifactId, artifact.version, digest)


def _write_lock() -> None:
    with tempfile.TemporaryDirectory() as folder:
        jars = _resolve_anew(Path(folder))
    heading = f"# Apache Kafka {KAFKA_VERSION}: made by `python -m textwire.stack.jars`."
    LOCK.write_text("\n".join([heading, *sorted(map(str, jars))]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write_lock()
