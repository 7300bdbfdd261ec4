"""What `textwire doctor` looks at: each check says what it found and what to do about it."""

from __future__ import annotations

import importlib
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import psutil

from textwire.cli._finding import Finding
from textwire.cli._reported import ANSWERS_WITHIN_S
from textwire.cli._services_checkup import check_services
from textwire.errors import ArtifactMissing, BrokerUnavailable, TextwireError
from textwire.models.artifacts.task_names import task_of
from textwire.observing.descriptors import WANTED, Descriptors
from textwire.settings import (
    KafkaSettings,
    RedisSettings,
    StackSettings,
    load,
    load_registered,
    settings_file,
    unknown_sections,
    unknown_variables,
)
from textwire.stack.connectivity import address, require_broker, require_redis
from textwire.stack.first_run import pipelines_here
from textwire.stack.jars import KAFKA_VERSION, default_cache_dir, kafka_jars, read_lock
from textwire.stack.java import find_java
from textwire.stack.ports import is_free
from textwire.stack.process_spec import kafka_hangs
from textwire.stack.programs import installed
from textwire.stack.state import StackState, read_state
from textwire.urls import without_secrets

GB = 1024**3
# The broker 0.25, a service 0.35, the dashboard 0.3; putting a model together 0.6 on top.
MEMORY_WANTED_GB = 2.5
# Jars 0.05, models 0.3, Kafka's first segments and logs; the rest is room for records.
DISK_WANTED_GB = 2.0


def import_settings() -> None:
    """Make the settings of every installed part known, each by its own `config` module."""
    homes = ["dashboards", *(f"services.{name}" for name in installed("services"))]
    importlib.import_module("textwire.language_model.settings")
    for home in homes:
        if find_spec(home) and find_spec(f"{home}.config"):
            importlib.import_module(f"{home}.config")


def check_everything() -> Iterator[Finding]:
    """Every check, in the order in which a problem would be met."""
    yield check_settings()
    settings = load(StackSettings)
    data_dir = settings.data_dir.absolute()
    yield check_python()
    yield _guarded("java", check_java)
    yield _guarded("jars", check_jars)
    yield check_memory()
    yield check_disk(data_dir)
    state = read_state(data_dir)
    running = state if state and state.alive else None
    yield from check_ports(settings, running)
    yield check_descriptors()
    yield from check_servers(running)
    yield from check_models()
    yield from check_services(running)


def check_settings() -> Finding:
    """Whether all settings fit.

    Raises: SettingsError: they do not; no other check makes sense then.
    """
    load_registered()
    path = settings_file()
    where = f"{path}" if path.exists() else f"defaults and environment; there is no {path}"
    if unknown := unknown_sections():
        return Finding(
            "settings",
            "note",
            f"no part has the sections {', '.join(unknown)} of {path}",
            "Correct their names or take them out.",
        )
    if unknown := unknown_variables():
        return Finding(
            "settings",
            "note",
            f"the environment's {', '.join(unknown)} set nothing",
            "Correct their names; docs/settings.md lists those that there are.",
        )
    return Finding("settings", "good", where)


def check_python() -> Finding:
    """Whether this Python is one that Textwire is made for."""
    version = sys.version.split()[0]
    fits = (3, 11) <= sys.version_info[:2] < (3, 13)
    to_do = "" if fits else "Make the environment anew with Python 3.11 or 3.12."
    return Finding("python", "good" if fits else "bad", f"{version} at {sys.executable}", to_do)


def check_java() -> Finding:
    """Whether Kafka has a Java to run on."""
    java = find_java()
    return Finding("java", "good", f"{java.version} at {java.path} (from {java.source})")


def check_jars() -> Finding:
    """Whether Kafka was fetched, and is what the lock names."""
    cache = default_cache_dir()
    jars = read_lock()
    missing = sum(not (cache / jar.path).exists() for jar in jars)
    if missing:
        what = f"Apache Kafka {KAFKA_VERSION} is not here yet: {missing} of {len(jars)} jars"
        return Finding("kafka", "note", what, "`textwire up` fetches them (44 MB).")
    kafka_jars(cache)
    return Finding("kafka", "good", f"Apache Kafka {KAFKA_VERSION}, {len(jars)} jars verified")


def check_memory() -> Finding:
    """Whether everything fits into memory."""
    free_gb = psutil.virtual_memory().available / GB
    what = f"{free_gb:.1f} GB free"
    if free_gb >= MEMORY_WANTED_GB:
        return Finding("memory", "good", what)
    return Finding("memory", "note", what, f"Free some: {MEMORY_WANTED_GB} GB is comfortable.")


def check_disk(data_dir: Path) -> Finding:
    """Whether the data folder can be written and has room."""
    existing = next(place for place in (data_dir, *data_dir.parents) if place.exists())
    if not os.access(existing, os.W_OK | os.X_OK) or not existing.is_dir():
        what = f"{existing} cannot be written"
        return Finding("disk", "bad", what, "Name another folder with --data-dir.")
    free_gb = shutil.disk_usage(existing).free / GB
    what = f"{free_gb:.1f} GB free for {data_dir}"
    if free_gb >= DISK_WANTED_GB:
        return Finding("disk", "good", what)
    to_do = f"Make room, or name another folder with --data-dir: {DISK_WANTED_GB} GB is enough."
    return Finding("disk", "bad" if free_gb < DISK_WANTED_GB / 4 else "note", what, to_do)


def check_ports(settings: StackSettings, running: StackState | None) -> Iterator[Finding]:
    """Whether the wished ports are free, where nothing of ours runs yet."""
    if running:
        return
    wished = {
        "kafka": settings.kafka_port,
        "redis": settings.redis_port,
        "dashboard": settings.dashboard_port,
        "gateway": settings.gateway_port,
    }
    for part, port in wished.items():
        if is_free(port, settings.host):
            yield Finding("port", "good", f"{port} is free for {part}")
        else:
            to_do = f"{part} will take a free one; or set stack.{part}_port."
            yield Finding("port", "note", f"{port} is taken by another program", to_do)


def check_servers(running: StackState | None) -> Iterator[Finding]:
    """Whether Kafka and Redis answer, where some are set or started."""
    from textwire.addresses import bootstrap_servers, redis_url

    kafka_set = load(KafkaSettings).bootstrap_servers
    redis_set = load(RedisSettings).url.get_secret_value()
    if running or kafka_set:
        yield _reached("broker", bootstrap_servers(), _ask_broker)
    if running or redis_set:
        yield _reached("redis", redis_url(), _ask_redis)
    if not (running or kafka_set or redis_set):
        yield Finding("servers", "note", "none runs and none is set", "`textwire up` starts them.")


def check_models() -> Iterator[Finding]:
    """Whether each pipeline's model is there; a service may have another name than its model."""
    from textwire.models.artifacts.registry import open_registry
    from textwire.models.shipped.champions import shipped_champion

    for task in map(task_of, pipelines_here()):
        try:
            model = open_registry().champion(task).manifest
            travels = shipped_champion(task)
        except ArtifactMissing as error:
            yield Finding("model", "note", str(error), "`textwire up` does so at its first start.")
        except TextwireError as error:
            yield Finding("model", "bad", str(error))
        else:
            yield Finding("model", "good", f"{task}: {model.version}, from {model.base}")
            if travels and travels.manifest.created_at > model.created_at:
                what = f"{task}: the code has brought a later one, {travels.manifest.version}"
                to_do = f"To let it serve: `pipelines models promote {task} shipped`."
                yield Finding("model", "note", what, to_do)


def check_descriptors() -> Finding:
    """Whether a program may have enough files and connections open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Services raise their own limit to what the system allows.
    found = Descriptors(used=0, limit=WANTED if hard == resource.RLIM_INFINITY else hard)
    what = f"{soft:,} file descriptors are allowed, {found.limit:,} if asked for"
    return Finding("files", "note" if found.trouble else "good", what, found.trouble)


def _ask_broker(bootstrap_servers: str) -> None:
    """Raises: BrokerUnavailable, SettingsError."""
    require_broker(bootstrap_servers)
    # The wire protocol without a login; where one is asked for, the services' reasons say more.
    if load(KafkaSettings).security_protocol != "PLAINTEXT":
        return
    if all(kafka_hangs(*address(server)) for server in bootstrap_servers.split(",")):
        raise BrokerUnavailable(
            f"Kafka at {bootstrap_servers} takes connections and does not answer: it starts, hangs "
            "or is no Kafka. `textwire logs kafka` has its log, where `textwire up` started it."
        )


def _ask_redis(url: str) -> None:
    """Raises: RedisUnavailable, SettingsError."""
    from textwire.results.redis import RedisResults

    require_redis(url)
    with closing(RedisResults.from_url(url, ANSWERS_WITHIN_S)) as results:
        results.check()


def _reached(subject: str, address: str, require: Callable[[str], None]) -> Finding:
    try:
        require(address)
    except TextwireError as error:
        return Finding(subject, "bad", str(error))
    return Finding(subject, "good", f"answers at {without_secrets(address)}")


def _guarded(subject: str, check: Callable[[], Finding]) -> Finding:
    """A check whose error is its finding."""
    try:
        return check()
    except TextwireError as error:
        return Finding(subject, "bad", str(error))
