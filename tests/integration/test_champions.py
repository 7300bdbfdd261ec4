"""A champion that cannot be served: each service, as a process, goes on with the one before."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from tests.cli.stacks import environment_of
from tests.services.recommendations.tiny_model import tiny_model
from tests.slow_params import slow_but
from tests.tiny_models import make_act_reader, write_manifest
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.artifacts.registry import Registry
from textwire.results.redis import RedisResults
from textwire.settings import KafkaSettings
from textwire.stack.ports import free_port
from textwire.stack.servers import EmbeddedServers, embedded_servers
from textwire.stream.kafka.connecting import create_topics
from textwire.wire.registry import TOPICS

ROOT = Path(__file__).parents[2]
WITHIN_S = 60.0
GOOD, BAD, NEXT = "v1", "v2", "v3"

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Of their own: the topics have fixed names, and last good versions too."""
    with embedded_servers(tmp_path_factory.mktemp("champions")) as running:
        create_topics(TOPICS.values(), KafkaSettings(bootstrap_servers=running.bootstrap_servers))
        yield running


SERVICES = ["support_qa", "sentiment_alerts", "recommendations"]


@pytest.fixture(params=slow_but(SERVICES, "recommendations"))
def service(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def model(
    service: str, tiny_artifact: Artifact, tiny_classifier: Artifact, tmp_path: Path
) -> Artifact:
    """One that the service can serve."""
    if service == "sentiment_alerts":
        return tiny_classifier
    if service == "recommendations":
        return tiny_model(tiny_artifact, tmp_path / "recommender")
    manifest = msgspec.structs.replace(
        tiny_artifact.manifest,
        calibration=Calibration(("cosine",), (20.0,), -6.0),
        thresholds={"answer": 0.5},
    )
    return Artifact(tiny_artifact.path, manifest)


@pytest.fixture
def registry(model: Artifact, service: str, tiny_base: Path, tmp_path: Path) -> Registry:
    """A good version, one whose manifest says what its graph does not give, and a good one."""
    registry = Registry(str(tmp_path / "models"))
    if service == "support_qa":  # which reads dialogue acts too
        (tmp_path / "acts").mkdir()
        acts = make_act_reader(tiny_base, tmp_path / "acts")
        registry.promote(acts.manifest.task, registry.register(acts.path, acts.manifest))
    for version in (GOOD, BAD, NEXT):
        registry.register(model.path, msgspec.structs.replace(model.manifest, version=version))
    spoil(tmp_path / "models" / model.manifest.task / BAD, model)
    return registry


def spoil(folder: Path, model: Artifact) -> None:
    """Of a classifier another label, of an encoder another width."""
    manifest = msgspec.structs.replace(model.manifest, version=BAD)
    wrong = {"labels": ("bad", "good")} if manifest.labels else {"dimension": 31}
    fields = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
    write_manifest(folder, **{**fields, **wrong})


class Running:
    """A service that runs, as probes and Prometheus see it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def ready(self) -> tuple[int, str]:
        try:
            return self._get("/readyz")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except urllib.error.URLError:
            return 0, ""

    def metrics(self) -> str:
        return self._get("/metrics")[1]

    def _get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()

    def until(self, holds: Callable[[str], bool]) -> str:
        """What it says when it is ready, and what it says fits."""
        ends_at = time.monotonic() + WITHIN_S
        while time.monotonic() < ends_at:
            status, said = self.ready()
            if status == 200 and holds(said):
                return said
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise TimeoutError(f"{self.ready()}\n{self.log.read_text()}")


@contextmanager
def running(
    service: str, registry: Registry, servers: EmbeddedServers, folder: Path
) -> Iterator[Running]:
    port, log = free_port(), folder / f"{service}.log"
    environment = environment_of(
        folder,
        TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS=servers.bootstrap_servers,
        TEXTWIRE_REDIS_URL=servers.redis_url,
        TEXTWIRE_MODELS_REGISTRY=registry.root,
        TEXTWIRE_MODELS_WATCH_EVERY_S="0.1",
        TEXTWIRE_SERVICE_PORT=str(port),
    )
    with log.open("wb") as file:
        command = [sys.executable, "-m", f"services.{service}"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        yield Running(process, port, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_bad_champion_is_refused_and_a_restart_goes_on_with_the_last_good_one(
    service: str,
    model: Artifact,
    registry: Registry,
    servers: EmbeddedServers,
    tmp_path: Path,
) -> None:
    task = model.manifest.task
    refused = f'textwire_champions_refused_total{{service="{service.replace("_", "-")}"'
    registry.promote(task, GOOD)
    with running(service, registry, servers, tmp_path) as serving:
        serving.until(lambda said: "champion" not in said)
        registry.promote(task, BAD)
        said = serving.until(lambda said: f"{BAD} was refused" in said)
        assert f"{GOOD} is served" in said
        assert f'{refused},task="{task}"}} 1.0' in serving.metrics()
    with running(service, registry, servers, tmp_path) as restarted:
        said = restarted.until(lambda said: f"{BAD} was refused" in said)
        assert f"{GOOD} is served" in said
        registry.promote(task, NEXT)
        restarted.until(lambda said: "champion" not in said)
        assert restarted.log.read_text().count('"champion_refused"') == 1
    assert NEXT in last_good(servers, task)


def last_good(servers: EmbeddedServers, task: str) -> str:
    results = RedisResults.from_url(servers.redis_url)
    try:
        return results.fields("models:last-good")[task].decode()
    finally:
        results.close()
